// tests/oracle/walk_test.cpp: do random walks, and executions that a token names, stay within the
// memory model; and do they get everywhere?
#include "checker/explore/random_walk.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "checker/explore/replay.hpp"
#include "checker/explore/token.hpp"
#include "each_model.hpp"
#include "enumerate.hpp"
#include "for_random_programs.hpp"
#include "litmus_run.hpp"
#include "spin_run.hpp"

namespace oracle {
namespace {

/// All graphs and outcomes of the walks of a program, until there are as many graphs as that.
struct Walked {
  std::set<Outcome> outcomes;
  std::set<check::Fingerprint> graphs;
};

Walked walked(const Program& program, check::RandomWalk& walk, std::size_t graphs) {
  Walked all;
  do {
    all.outcomes.insert(LitmusRun(program, walk).run());
    all.graphs.insert(fingerprint_of(walk.graph()));
  } while (all.graphs.size() < graphs && walk.end_run());
  return all;
}

class EachModel : public testing::TestWithParam<EachCase> {};

TEST_P(EachModel, AllowsEveryRandomWalk) {
  for_random_programs(1, 2'000, [&](const Program& program) {
    const Enumeration enumerated = enumerate(program, GetParam().enumerated);
    check::RandomWalk walk(GetParam().checked, 20, 1);
    do {
      EXPECT_EQ(enumerated.outcomes.count(LitmusRun(program, walk).run()), 1U);
    } while (walk.end_run());
  });
}

TEST_P(EachModel, HasNoGraphThatRandomWalksDoNotReach) {
  for_random_programs(1, 100, [&](const Program& program) {
    const Enumeration enumerated = enumerate(program, GetParam().enumerated);
    if (enumerated.graphs > 20) return;
    check::RandomWalk walk(GetParam().checked, 200'000, 1);
    const Walked all = walked(program, walk, enumerated.graphs);
    EXPECT_EQ(all.graphs.size(), enumerated.graphs);
    EXPECT_TRUE(all.outcomes == enumerated.outcomes);
  });
}

TEST_P(EachModel, HasATokenForEachGraphThatLeadsBackToIt) {
  const check::Model& model = GetParam().checked;
  for_random_programs(1, 500, [&](const Program& program) {
    check::Search search(model, 1);
    std::set<std::string> tokens;
    std::size_t graphs = 0;
    do {
      const Outcome outcome = LitmusRun(program, search, {.weak = true}).run();
      const std::string token = encode(search.graph(), model.name());
      check::Replay replay(model, check::decode(token));
      EXPECT_TRUE(LitmusRun(program, replay, {.weak = true}).run() == outcome);
      EXPECT_FALSE(replay.end_run());
      EXPECT_TRUE(fingerprint_of(replay.graph()) == fingerprint_of(search.graph()));
      tokens.insert(token);
      ++graphs;
    } while (search.end_run());
    EXPECT_EQ(tokens.size(), graphs);
  });
}

INSTANTIATE_TEST_SUITE_P(Walk, EachModel, testing::ValuesIn(each_model), name_of_model);

using Turns = check::Manner::Turns;
using Sights = check::Manner::Sights;

class EachManner : public testing::TestWithParam<std::tuple<Turns, Sights, unsigned>> {
 public:
  [[nodiscard]] static check::Manner manner() {
    const auto [turns, sights, exceptions] = GetParam();
    return {turns, sights, true, exceptions};
  }
};

TEST_P(EachManner, ComesToEveryGraphAndToNoOther) {
  for_random_programs(1, 100, [&](const Program& program) {
    const Enumeration enumerated = enumerate(program, models[0]);
    if (enumerated.graphs > 20) return;
    check::RandomWalk walk(check::rc11(), 2'000'000, 1, 0, manner());
    const Walked all = walked(program, walk, enumerated.graphs);
    EXPECT_EQ(all.graphs.size(), enumerated.graphs);
    EXPECT_TRUE(all.outcomes == enumerated.outcomes);
  });
}

TEST_P(EachManner, PicksEachOfTheChoices) {
  check::RandomWalk walk(check::rc11(), 1'000, 1, 0, manner());
  std::set<std::size_t> picked;
  do {
    walk.begin_run();
    picked.insert(walk.choose(0, 3, 3));
  } while (walk.end_run());
  EXPECT_EQ(picked, (std::set<std::size_t>{0, 1, 2}));
}

std::string name_of_manner(const testing::TestParamInfo<EachManner::ParamType>& info) {
  constexpr const char* turns[] = {"anyone", "whoever_did_before", "the_highest"};
  constexpr const char* sights[] = {"sees_any", "sees_the_newest", "sees_the_oldest"};
  const auto [whose, what, exceptions] = info.param;
  return std::string(turns[static_cast<std::size_t>(whose)]) + '_' +
         sights[static_cast<std::size_t>(what)] + (exceptions == 1 ? "_or_not" : "_mostly");
}

INSTANTIATE_TEST_SUITE_P(
    Walk, EachManner,
    testing::Combine(testing::Values(Turns::any, Turns::keeping, Turns::ranked),
                     testing::Values(Sights::any, Sights::newest, Sights::oldest),
                     testing::Values(1U, 2U)),
    name_of_manner);

// Each step of the second thread between the two of the first would halve the chance, if each thread were as
// likely to go on.
TEST(Walk, ComesToWhereOneThreadDoesMuchBetweenTwoEventsOfAnother) {
  std::string much;
  for (int i = 0; i < 30; ++i) much += "z.store(1, relaxed); ";
  const Program program = parse(
      "P0: x.store(1, relaxed); r0 = y.load(relaxed)"
      "P1: r0 = x.load(relaxed); " +
      much + "y.store(1, relaxed)");
  check::RandomWalk walk(check::rc11(), 10'000, 1);
  int both = 0;
  do {
    const Outcome outcome = LitmusRun(program, walk).run();
    both += outcome.registers[0][0] == 1 && outcome.registers[1][0] == 1 ? 1 : 0;
  } while (walk.end_run());
  EXPECT_GT(both, 5);
}

TEST(Walk, IsTheSameIfItsSeedIs) {
  const auto walks_from = [](std::uint64_t seed) {
    const Program program = random_program(3);
    check::RandomWalk walk(check::rc11(), 100, seed);
    std::vector<std::string> tokens;
    do {
      LitmusRun(program, walk).run();
      tokens.push_back(encode(walk.graph(), "rc11"));
    } while (walk.end_run());
    return tokens;
  };
  EXPECT_EQ(walks_from(1), walks_from(1));
  EXPECT_NE(walks_from(1), walks_from(2));
}

// The same with loops that wait, and what they took back.
TEST(Token, LeadsBackToThoseWhoWait) {
  using spin::Do;
  for (const auto& threads :
       {spin::n_times_k(3, 1, {{Do::lock}}), spin::n_times_k(3, 1, {{Do::lock}, {Do::unlock}}),
        spin::n_times_k(2, 2, {{Do::lock_weakly}, {Do::unlock}})}) {
    check::Search search(check::rc11(), 1);
    do {
      const spin::End end = spin::Run(threads, search).run();
      if (end == spin::End::blocked) continue;  // a walk would wake them
      check::Replay replay(check::rc11(), check::decode(encode(search.graph(), "rc11")));
      EXPECT_EQ(spin::Run(threads, replay).run(), end);
      EXPECT_TRUE(fingerprint_of(replay.graph()) == fingerprint_of(search.graph()));
    } while (search.end_run());
    check::RandomWalk walk(check::rc11(), 200, 1, 1);
    do {
      const spin::End end = spin::Run(threads, walk).run();
      check::Replay replay(check::rc11(), check::decode(encode(walk.graph(), "rc11")));
      EXPECT_EQ(spin::Run(threads, replay).run(), end);
      EXPECT_TRUE(fingerprint_of(replay.graph()) == fingerprint_of(walk.graph()));
    } while (walk.end_run());
  }
}

std::string a_token() {
  const Program program = random_program(1);
  check::Search search(check::rc11());
  LitmusRun(program, search).run();
  return encode(search.graph(), "rc11");
}

TEST(Token, ThatIsMistypedIsRefused) {
  const std::string token = a_token();
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string mistyped = token;
    mistyped[i] = mistyped[i] == 'A' ? 'B' : 'A';
    const bool is_last = i + 1 == token.size();  // some of its bits are not used
    if (!is_last) {
      EXPECT_THROW((void)check::decode(mistyped), std::invalid_argument) << mistyped;
    }
    EXPECT_THROW((void)check::decode(token.substr(0, i)), std::invalid_argument);
  }
  EXPECT_THROW((void)check::decode(""), std::invalid_argument);
  EXPECT_THROW((void)check::decode("rc11.%%%%%%%%"), std::invalid_argument);
}

TEST(Token, HasOnlyCharactersThatAUrlMayHave) {
  const std::string token = a_token();
  EXPECT_EQ(
      token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
      std::string::npos);
}

TEST(Token, OfAnotherModelIsRefused) {
  EXPECT_THROW(check::Replay(check::sc(), check::decode(a_token())), std::invalid_argument);
}

TEST(Token, OfAnotherProgramIsADivergence) {
  const std::string token = a_token();
  const Program other = random_program(2);
  check::Replay replay(check::rc11(), check::decode(token));
  EXPECT_THROW(LitmusRun(other, replay).run(), check::Divergence);
}

}  // namespace
}  // namespace oracle
