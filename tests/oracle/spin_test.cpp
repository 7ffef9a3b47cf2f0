// tests/oracle/spin_test.cpp: does a loop that waits cost what it must, and no more?
//
// In a complete execution every waiting loop succeeds the first time: an iteration that failed
// changed nothing, and is left out. So the complete executions of a program with such loops are those
// of the program without, in which what the loops wait for is the case at once; and these brute
// force knows. Those that end with a thread that waits are as many as the search needs; but it must
// not meet one twice, and must find those in which no thread can ever go on.
#include "spin_run.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "checker/explore/random_walk.hpp"
#include "checker/explore/search.hpp"
#include "each_model.hpp"
#include "enumerate.hpp"
#include "program_text.hpp"
#include "random_spins.hpp"

namespace spin {
namespace {

struct Case {
  const char* name;
  std::vector<Thread> threads;
  const char* litmus;                             // each loop done once
  bool (*is_complete)(const oracle::Outcome& o);  // did each succeed?
  int livelocks = 0;
};

const Case cases[] = {
    {"lock", n_times_k(2, 1, {{Do::lock}, {Do::unlock}}),
     "P0: r0 = x.exchange(1, acq_rel); x.store(0, release)"
     "P1: r0 = x.exchange(1, acq_rel); x.store(0, release)",
     [](const auto& o) { return o.registers[0][0] + o.registers[1][0] == 0; }},
    {"lock_of_three", n_times_k(3, 1, {{Do::lock}, {Do::unlock}}),
     "P0: r0 = x.exchange(1, acq_rel); x.store(0, release)"
     "P1: r0 = x.exchange(1, acq_rel); x.store(0, release)"
     "P2: r0 = x.exchange(1, acq_rel); x.store(0, release)",
     [](const auto& o) { return o.registers[0][0] + o.registers[1][0] + o.registers[2][0] == 0; }},
    {"unlock_by_exchange", n_times_k(2, 1, {{Do::lock}, {Do::unlock_exchange}}),
     "P0: r0 = x.exchange(1, acq_rel); r1 = x.exchange(0, acq_rel)"
     "P1: r0 = x.exchange(1, acq_rel); r1 = x.exchange(0, acq_rel)",
     [](const auto& o) { return o.registers[0][0] + o.registers[1][0] == 0; }},
    {"test_and_lock", n_times_k(3, 1, {{Do::test_and_lock}, {Do::unlock}}),
     "P0: r1 = x.load(acquire); r0 = x.exchange(1, acq_rel); x.store(0, release)"
     "P1: r1 = x.load(acquire); r0 = x.exchange(1, acq_rel); x.store(0, release)"
     "P2: r1 = x.load(acquire); r0 = x.exchange(1, acq_rel); x.store(0, release)",
     [](const auto& o) {
       return o.registers[0][0] + o.registers[1][0] + o.registers[2][0] + o.registers[0][1] +
                  o.registers[1][1] + o.registers[2][1] ==
              0;
     }},
    {"lock_weakly", n_times_k(3, 1, {{Do::lock_weakly}, {Do::unlock}}),
     "P0: r0 = x.cas(0, 1, acquire, relaxed); x.store(0, release)"
     "P1: r0 = x.cas(0, 1, acquire, relaxed); x.store(0, release)"
     "P2: r0 = x.cas(0, 1, acquire, relaxed); x.store(0, release)",
     [](const auto& o) { return o.registers[0][0] + o.registers[1][0] + o.registers[2][0] == 0; }},
    {"lock_unless",
     {{{Do::lock}, {Do::store, 1, 1}, {Do::unlock}},
      {{Do::lock_unless, 0, 1}, {Do::unlock}},
      {{Do::lock_unless, 0, 1}, {Do::unlock}}},
     "P0: r0 = x.exchange(1, acq_rel); y.store(1, release); x.store(0, release)"
     "P1: r0 = x.exchange(1, acq_rel); if (r0 == 0) skip 1; r1 = y.load(acquire);"
     "    if (r0 == 1) skip 1; x.store(0, release)"
     "P2: r0 = x.exchange(1, acq_rel); if (r0 == 0) skip 1; r1 = y.load(acquire);"
     "    if (r0 == 1) skip 1; x.store(0, release)",
     [](const auto& o) {
       return o.registers[0][0] == 0 && o.registers[1][0] <= o.registers[1][1] &&
              o.registers[2][0] <= o.registers[2][1];
     }},
    {"message",
     {{{Do::store, 0, 1}, {Do::store, 1, 1}}, {{Do::await, 1, 1}, {Do::load, 0}}},
     "P0: x.store(1, release); y.store(1, release)"
     "P1: r0 = y.load(acquire); r1 = x.load(acquire)",
     [](const auto& o) { return o.registers[1][0] == 1; }},
    {"message_passed_on",
     {{{Do::store, 0, 1}, {Do::store, 0, 2}},
      {{Do::await, 0, 1}, {Do::store, 1, 1}},
      {{Do::await, 1, 1}, {Do::await, 0, 2}}},
     "P0: x.store(1, release); x.store(2, release)"
     "P1: r0 = x.load(acquire); y.store(1, release)"
     "P2: r0 = y.load(acquire); r1 = x.load(acquire)",
     [](const auto& o) {
       return o.registers[1][0] == 1 && o.registers[2][0] == 1 && o.registers[2][1] == 2;
     },
     1},  // the second thread may miss the 1
};

class EachLoop : public testing::TestWithParam<Case> {};

TEST_P(EachLoop, HasTheCompleteExecutionsOfTheProgramWithoutLoopsAndNoneTwice) {
  const oracle::Program program = oracle::parse(GetParam().litmus);
  const check::Model* const searched[] = {&check::rc11(), &check::sc(), &check::tso()};
  for (std::size_t m = 0; m < oracle::models.size(); ++m) {
    int complete = 0;
    oracle::for_each_execution(program, oracle::models[m], [&](const oracle::Execution& x) {
      complete += GetParam().is_complete(x.outcome) ? 1 : 0;
    });
    for (const unsigned failures : {0U, 1U}) {
      check::Search search(*searched[m], failures);
      const Runs found = runs(GetParam().threads, search);
      EXPECT_EQ(found.complete, complete) << searched[m]->name();
      EXPECT_EQ(found.livelocks, GetParam().livelocks);
      EXPECT_EQ(found.all_graphs.size(), static_cast<std::size_t>(found.all()));
    }
  }
}

// A walk wakes those who wait, until all are at their ends.
TEST_P(EachLoop, EndsInEveryRandomWalkThatIsFair) {
  if (GetParam().livelocks > 0) return;
  check::RandomWalk walk(check::rc11(), 1000, 1, 1);
  EXPECT_EQ(runs(GetParam().threads, walk).complete, 1000);
}

INSTANTIATE_TEST_SUITE_P(Spin, EachLoop, testing::ValuesIn(cases),
                         [](const auto& info) { return std::string(info.param.name); });

class RandomLoops : public testing::TestWithParam<std::size_t> {};

TEST_P(RandomLoops, HaveTheCompleteExecutionsThatBruteForceFindsAndTheLivelocksOfAMachine) {
  const check::Model* const searched[] = {&check::rc11(), &check::sc(), &check::tso()};
  int complete = 0, livelocks = 0;
  const std::uint64_t programs = oracle::number_of_programs(20'000);
  for (std::uint64_t seed = 1; seed <= programs; ++seed) {
    const std::vector<Thread> threads = random_threads(seed);
    if (!oracle::small(unrolled(threads))) continue;
    SCOPED_TRACE("seed " + std::to_string(seed) + '\n' + to_string(unrolled(threads)));
    check::Search search(*searched[GetParam()]);
    const Runs found = runs(threads, search, seed % 2 == 0);  // if it may: tries less
    EXPECT_EQ(found.complete, complete_by_brute_force(threads, oracle::models[GetParam()]));
    EXPECT_EQ(found.all_graphs.size(), static_cast<std::size_t>(found.all()));
    const Interleaving machine(threads);  // what it can do, every model can
    EXPECT_TRUE(found.complete > 0 || !machine.can_complete());
    EXPECT_TRUE(found.livelocks > 0 || !machine.can_livelock());
    const bool is_sc = GetParam() == 1;
    EXPECT_FALSE(is_sc && found.livelocks > 0 && !machine.can_livelock());
    complete += found.complete > 0 ? 1 : 0;
    livelocks += found.livelocks > 0 ? 1 : 0;
    if (HasFailure()) return;
  }
  EXPECT_GT(complete, 100);
  EXPECT_GT(livelocks, 100);
}

INSTANTIATE_TEST_SUITE_P(Spin, RandomLoops, testing::Range<std::size_t>(0, oracle::models.size()),
                         [](const auto& info) {
                           return std::string(oracle::models[info.param].name);
                         });

// (n k)! / k!^n
TEST(Lock, IsTakenInEveryOrderOnce) {
  for (const Do unlock : {Do::unlock, Do::unlock_exchange}) {
    const auto complete = [&](std::size_t threads, std::size_t times) {
      check::Search search(check::rc11());
      return runs(n_times_k(threads, times, {{Do::lock}, {unlock}}), search).complete;
    };
    EXPECT_EQ(complete(2, 1), 2);
    EXPECT_EQ(complete(2, 2), 6);
    EXPECT_EQ(complete(2, 3), 20);
    EXPECT_EQ(complete(3, 1), 6);
    EXPECT_EQ(complete(3, 2), 90);
    EXPECT_EQ(complete(4, 1), 24);
  }
}

// Whoever has it, the other two wait for good: as readers of one write, not in turns.
TEST(Lock, ThatIsNotReleasedIsALivelockOnceForEachWhoHasIt) {
  check::Search search(check::rc11());
  const Runs found = runs(n_times_k(3, 1, {{Do::lock}}), search);
  EXPECT_EQ(found.livelocks, 3);
  EXPECT_EQ(found.complete, 0);
}

// It sees the first of two increments, or the second: and then for ever.
TEST(Await, OfAValueThatIsGoneIsALivelock) {
  check::Search search(check::rc11());
  const Runs found =
      runs({{{Do::fetch_add, 0, 1}}, {{Do::fetch_add, 0, 1}}, {{Do::await, 0, 1}}}, search);
  EXPECT_EQ(found.complete, 2);
  EXPECT_EQ(found.livelocks, 2);
}

TEST(Await, OfWhatNobodyWritesIsALivelockInEveryWalk) {
  check::RandomWalk walk(check::rc11(), 100, 1);
  EXPECT_EQ(runs({{{Do::await, 0, 1}}, {{Do::store, 1, 1}}}, walk).livelocks, 100);
}

}  // namespace
}  // namespace spin
