// Specifies lockstep/barrier.hpp with an action: when it runs and where, what it may do to its
// barrier, what happens when it throws, and what becomes of those that come meanwhile (SEMANTICS
// B3, B4, B15).

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "lockstep/barrier.hpp"
#include "lockstep/error.hpp"
#include "lockstep/event.hpp"
#include "parties.hpp"
#include "staged_clock.hpp"
#include "threads.hpp"

namespace {

using lockstep::Barrier;
using lockstep::BrokenBarrierError;
using lockstep::Event;
using lockstep::test::await_n_waiting;
using lockstep::test::BlockedThread;
using lockstep::test::broken;
using lockstep::test::not_ended;
using lockstep::test::outcome_of;
using lockstep::test::Parties;
using lockstep::test::StagedClock;
using lockstep::test::withdrawn;

// B3: when and where

TEST(BarrierAction, RunsOncePerRound) {
  int actions = 0;
  Barrier barrier(3, [&] { ++actions; });
  for (int round = 1; round <= 5; ++round) {
    Parties parties(barrier);
    parties.arrive_many(2);
    EXPECT_EQ(actions, round - 1);
    EXPECT_EQ(barrier.wait(), 2u);
    EXPECT_EQ(actions, round);
    EXPECT_EQ(parties.outcomes(), (std::vector{0, 1}));
  }
}

TEST(BarrierAction, RunsInTheLastPartyWhenAllHaveArrivedAndNobodyHasLeft) {
  Parties* parties = nullptr;
  Barrier* same_barrier = nullptr;
  std::thread::id runner;
  Barrier barrier(3, [&] {
    runner = std::this_thread::get_id();
    EXPECT_EQ(same_barrier->n_waiting(), 3u);
    EXPECT_FALSE(same_barrier->broken());
    EXPECT_EQ(parties->outcomes_so_far(), std::vector(2, not_ended));
  });
  Parties others(barrier);
  parties = &others;
  same_barrier = &barrier;
  others.arrive_many(2);
  EXPECT_EQ(barrier.wait(), 2u);
  EXPECT_EQ(runner, std::this_thread::get_id());
  EXPECT_EQ(barrier.n_waiting(), 0u);
  EXPECT_EQ(others.outcomes(), (std::vector{0, 1}));
}

TEST(BarrierAction, ComesAfterAllArrivalsAndBeforeAllDepartures) {  // O5
  constexpr std::size_t count = 4;
  std::vector<int> written(count);  // neither is atomic: the barrier must order them
  bool acted = false;
  Barrier barrier(count, [&] {
    EXPECT_EQ(written, std::vector(count, 1));
    acted = true;
  });
  Parties parties(barrier);
  for (std::size_t i = 0; i < count; ++i) {
    parties.start([&, i] {
      written[i] = 1;
      const std::size_t index = barrier.wait();
      EXPECT_TRUE(acted);
      return index;
    });
  }
  for (const int outcome : parties.outcomes()) EXPECT_GE(outcome, 0);
}

TEST(BarrierAction, MayBeMoveOnly) {
  int sum = 0;
  Barrier barrier(1, [&sum, number = std::make_unique<int>(7)] { sum += *number; });
  barrier.wait();
  barrier.wait();
  EXPECT_EQ(sum, 14);
}

TEST(BarrierAction, ThatIsAnEmptyFunctionIsNone) {  // B1
  Barrier barrier(1, std::function<void()>{});
  EXPECT_EQ(barrier.wait(), 0u);
  EXPECT_FALSE(barrier.broken());
}

// B3: what it may do to its barrier

TEST(BarrierAction, ThatAbortsBreaksItsOwnRound) {
  Barrier* same_barrier = nullptr;
  Barrier barrier(3, [&] {
    same_barrier->abort();
    EXPECT_TRUE(same_barrier->broken());
    EXPECT_EQ(same_barrier->n_waiting(), 0u);
  });
  same_barrier = &barrier;
  Parties parties(barrier);
  parties.arrive_many(2);
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(parties.outcomes(), std::vector(2, broken));
}

TEST(BarrierAction, ThatResetsEndsItsOwnRoundAndTheNextIsWhole) {
  bool resets = true;
  Barrier* same_barrier = nullptr;
  Barrier barrier(3, [&] {
    if (!std::exchange(resets, false)) return;
    same_barrier->reset();
    EXPECT_FALSE(same_barrier->broken());
    EXPECT_EQ(same_barrier->n_waiting(), 0u);
  });
  same_barrier = &barrier;
  for (const bool reset : {true, false}) {
    Parties parties(barrier);
    parties.arrive_many(2);
    EXPECT_EQ(outcome_of([&] { return barrier.wait(); }), reset ? broken : 2);
    EXPECT_FALSE(barrier.broken());
    EXPECT_EQ(parties.outcomes(), reset ? std::vector(2, broken) : (std::vector{0, 1}));
  }
}

TEST(BarrierAction, ThatAbortsAndResetsLeavesTheBarrierWhole) {
  Barrier* same_barrier = nullptr;
  Barrier barrier(2, [&] {
    same_barrier->abort();
    same_barrier->reset();
  });
  same_barrier = &barrier;
  Parties parties(barrier);
  parties.arrive();
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  EXPECT_FALSE(barrier.broken());
  EXPECT_EQ(parties.outcomes(), (std::vector{broken}));
}

// B4: it throws

TEST(BarrierAction, ThatThrowsBreaksTheBarrier) {
  bool throws = true;
  Barrier barrier(3, [&] {
    if (throws) throw std::runtime_error("action");
  });
  {
    Parties parties(barrier);
    parties.arrive_many(2);
    EXPECT_THROW(
        {
          try {
            barrier.wait();
          } catch (const std::runtime_error& error) {
            EXPECT_STREQ(error.what(), "action");
            throw;
          }
        },
        std::runtime_error);
    EXPECT_TRUE(barrier.broken());
    EXPECT_EQ(barrier.n_waiting(), 0u);
    EXPECT_EQ(parties.outcomes(), std::vector(2, broken));
  }
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  barrier.reset();
  throws = false;
  Parties parties(barrier);
  parties.arrive_many(2);
  EXPECT_EQ(barrier.wait(), 2u);
  EXPECT_EQ(parties.outcomes(), (std::vector{0, 1}));
}

TEST(BarrierAction, ThatAbortsAndThrowsIsHeardByItsPartyOnly) {
  Barrier* same_barrier = nullptr;
  Barrier barrier(2, [&] {
    same_barrier->abort();
    throw std::logic_error("action");
  });
  same_barrier = &barrier;
  Parties parties(barrier);
  parties.arrive();
  EXPECT_THROW(barrier.wait(), std::logic_error);
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(parties.outcomes(), (std::vector{broken}));
}

// While it runs

/// A barrier for two whose first action runs until the test lets it end, and the parties of that
/// round.
class DuringBarrierAction : public testing::Test {
 protected:
  DuringBarrierAction() { StagedClock::put_off(); }
  ~DuringBarrierAction() override { end_.set(); }

  /// Starts the round, whose first party waits by `wait`. Returns in the midst of the action.
  template <class Wait>
  void begin(Wait wait) {
    parties.arrive(wait);
    parties.start();
    begun_.wait();
  }
  void begin() {
    begin([this] { return barrier.wait(); });
  }

  void end() { end_.set(); }
  void end_by_throwing() {
    throws_ = true;
    end_.set();
  }

  Barrier barrier{2, [this] {
                    begun_.set();
                    end_.wait();
                    if (throws_) throw BrokenBarrierError("thrown by the action");
                  }};

 private:
  Event begun_;
  Event end_;
  bool throws_ = false;

 protected:
  Parties parties{barrier};
};

TEST_F(DuringBarrierAction, NewcomersAreKeptOutAndFormTheNextRound) {
  begin();
  Parties newcomers(barrier);
  for (int i = 0; i < 2; ++i) newcomers.start().wait_until_asleep();
  EXPECT_EQ(barrier.n_waiting(), 2u) << "those of the round";
  EXPECT_EQ(newcomers.outcomes_so_far(), std::vector(2, not_ended));
  end();
  EXPECT_EQ(parties.outcomes(), (std::vector{0, 1}));
  std::vector<int> next = newcomers.outcomes();
  EXPECT_TRUE((next == std::vector{0, 1} || next == std::vector{1, 0}));
}

TEST_F(DuringBarrierAction, ANewcomerIsCountedOnceItHasEnded) {
  begin();
  Parties newcomers(barrier);
  newcomers.start().wait_until_asleep();
  end();
  EXPECT_EQ(parties.outcomes(), (std::vector{0, 1}));
  await_n_waiting(barrier, 1);
  EXPECT_EQ(barrier.wait(), 1u);
  EXPECT_EQ(newcomers.outcomes(), (std::vector{0}));
}

TEST_F(DuringBarrierAction, TheTimesOfTheRoundNoLongerCount) {  // B5
  begin([this] { return barrier.wait_until(StagedClock::deadline); });
  StagedClock::let_it_come();
  StagedClock::await_seen();
  end();
  EXPECT_EQ(parties.outcomes(), (std::vector{0, 1}));
}

TEST_F(DuringBarrierAction, StopRequestsOfTheRoundNoLongerCount) {  // B14
  std::stop_source stop;
  begin([this, &stop] { return barrier.wait(stop.get_token()); });
  stop.request_stop();
  end();
  EXPECT_EQ(parties.outcomes(), (std::vector{0, 1}));
}

TEST_F(DuringBarrierAction, TheTimeOfANewcomerCounts) {  // B15, T7: from the call; B5: for all
  begin();
  Parties newcomers(barrier);
  newcomers.start([this] { return barrier.wait_until(StagedClock::deadline); }).wait_until_asleep();
  StagedClock::let_it_come();
  EXPECT_EQ(newcomers.outcomes(), (std::vector{broken})) << "without waiting for the action";
  EXPECT_TRUE(barrier.broken());
  end();
  EXPECT_EQ(parties.outcomes(), std::vector(2, broken));
}

TEST_F(DuringBarrierAction, AStopRequestWithdrawsANewcomer) {  // B14
  begin();
  std::stop_source stop;
  Parties newcomers(barrier);
  newcomers.start([&] { return barrier.wait(stop.get_token()); }).wait_until_asleep();
  stop.request_stop();
  EXPECT_EQ(newcomers.outcomes(), (std::vector{withdrawn}));
  EXPECT_EQ(outcome_of([&] { return barrier.wait(stop.get_token()); }), withdrawn);
  EXPECT_EQ(barrier.n_waiting(), 2u);
  end();
  EXPECT_EQ(parties.outcomes(), (std::vector{0, 1}));
}

TEST_F(DuringBarrierAction, AbortBreaksItForAll) {  // B8: the round is not decided yet (B11)
  begin();
  Parties newcomers(barrier);
  newcomers.start().wait_until_asleep();
  barrier.abort();
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0u);
  EXPECT_EQ(newcomers.outcomes(), (std::vector{broken}));
  EXPECT_THROW(barrier.wait(), BrokenBarrierError) << "not even kept out";
  end();
  EXPECT_EQ(parties.outcomes(), std::vector(2, broken));
  EXPECT_TRUE(barrier.broken());
}

TEST_F(DuringBarrierAction, ResetSendsAllAwayAndTheNextRoundBeginsWhenItHasEnded) {  // B7
  begin();
  Parties sent_away(barrier);
  sent_away.start().wait_until_asleep();
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  EXPECT_EQ(sent_away.outcomes(), (std::vector{broken}));
  Parties next(barrier);
  for (int i = 0; i < 2; ++i) next.start().wait_until_asleep();  // no two actions at once
  EXPECT_EQ(barrier.n_waiting(), 0u);
  end();
  EXPECT_EQ(parties.outcomes(), std::vector(2, broken));
  const std::vector<int> outcomes = next.outcomes();
  EXPECT_EQ(outcomes[0] + outcomes[1], 0 + 1);
}

TEST_F(DuringBarrierAction, NewcomersAreRefusedIfItThrows) {  // B4, B6
  begin();
  Parties newcomers(barrier);
  for (int i = 0; i < 2; ++i) newcomers.start().wait_until_asleep();
  end_by_throwing();
  EXPECT_EQ(newcomers.outcomes(), std::vector(2, broken));
  EXPECT_EQ(parties.outcomes(), std::vector(2, broken));
  EXPECT_TRUE(barrier.broken());
}

}  // namespace
