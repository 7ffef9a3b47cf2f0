// Specifies lockstep/barrier.hpp: who gets which index, and what ends a wait otherwise (SEMANTICS
// B1, B2, B5-B9, B12-B14). With an action: barrier_action_test.cpp. Round after round:
// barrier_rounds_test.cpp.

#include "lockstep/barrier.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <functional>
#include <limits>
#include <stdexcept>
#include <stop_token>
#include <type_traits>
#include <vector>

#include "lockstep/error.hpp"
#include "parties.hpp"
#include "staged_clock.hpp"
#include "threads.hpp"

namespace {

using namespace std::chrono_literals;
using lockstep::Barrier;
using lockstep::BrokenBarrierError;
using lockstep::test::BlockedThread;
using lockstep::test::broken;
using lockstep::test::not_ended;
using lockstep::test::outcome_of;
using lockstep::test::Parties;
using lockstep::test::StagedClock;
using lockstep::test::withdrawn;

/// Is `barrier`, which is for three, whole and empty?
void expect_usable(Barrier& barrier) {
  EXPECT_FALSE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0u);
  Parties parties(barrier);
  parties.arrive_many(2);
  EXPECT_EQ(barrier.wait(), 2u);
  EXPECT_EQ(parties.outcomes(), (std::vector{0, 1}));
}

// B1: construction

TEST(Barrier, NeedsAtLeastOneParty) {
  EXPECT_THROW(Barrier(0), std::invalid_argument);
  EXPECT_THROW(Barrier(0, [] {}), std::invalid_argument);
  EXPECT_THROW(Barrier(0, {}, 1s), std::invalid_argument);
}

constinit Barrier global_barrier{3};
constinit Barrier global_barrier_with_timeout{3, {}, 24h};

TEST(Barrier, CanBeAGlobalThatNeedsNoConstruction) {
  expect_usable(global_barrier);
  expect_usable(global_barrier_with_timeout);
}

TEST(Barrier, SaysHowManyPartiesItIsFor) {  // B9
  EXPECT_EQ(Barrier(1).parties(), 1u);
  EXPECT_EQ(Barrier(1'000'000).parties(), 1'000'000u);
}

static_assert(!std::is_copy_constructible_v<Barrier> && !std::is_move_constructible_v<Barrier>);
static_assert(!std::is_copy_assignable_v<Barrier> && !std::is_move_assignable_v<Barrier>);
static_assert(!std::is_convertible_v<int, Barrier>, "explicit");
static_assert(std::is_base_of_v<lockstep::Error, BrokenBarrierError>);  // B13

// B2: the round

TEST(Barrier, TheIndexIsThePlaceInTheOrderOfArrival) {
  Barrier barrier(6);
  std::stop_source stop;
  Parties parties(barrier);
  parties.arrive();
  parties.arrive([&] { return barrier.arrive_and_wait(); });
  parties.arrive([&] { return barrier.wait_for(24h); });
  parties.arrive([&] { return barrier.wait_until(std::chrono::system_clock::now() + 24h); });
  parties.arrive([&] { return barrier.wait(stop.get_token()); });
  EXPECT_EQ(barrier.wait(), 5u);
  EXPECT_EQ(parties.outcomes(), (std::vector{0, 1, 2, 3, 4}));
}

TEST(Barrier, NobodyLeavesBeforeAllHaveArrived) {
  Barrier barrier(4);
  Parties parties(barrier);
  for (int i = 0; i < 3; ++i) parties.arrive().wait_until_asleep();
  EXPECT_EQ(parties.outcomes_so_far(), std::vector(3, not_ended));
}

TEST(Barrier, CountsThoseThatHaveArrivedInThePresentRound) {  // B9
  Barrier barrier(3);
  EXPECT_EQ(barrier.n_waiting(), 0u);
  Parties parties(barrier);
  parties.arrive();
  EXPECT_EQ(barrier.n_waiting(), 1u);
  parties.arrive();
  EXPECT_EQ(barrier.n_waiting(), 2u);
  barrier.wait();
  EXPECT_EQ(barrier.n_waiting(), 0u) << "although the others may not have left";
}

TEST(Barrier, OfOneNeverBlocks) {  // B12
  int actions = 0;
  Barrier barrier(1, [&] { ++actions; });
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(barrier.wait(), 0u);
  EXPECT_EQ(barrier.wait_for(-1s), 0u);
  EXPECT_EQ(barrier.wait(stop.get_token()), 0u);
  EXPECT_EQ(actions, 3);
}

TEST(Barrier, WhatPartiesDidBeforeIsSeenByAllAfter) {  // O5
  constexpr int count = 4;
  Barrier barrier(count);
  std::vector<int> written(count);  // not atomic: the barrier must order them
  Parties parties(barrier);
  for (int i = 0; i < count; ++i) {
    parties.start([&, i] {
      written[static_cast<std::size_t>(i)] = 1;
      const std::size_t index = barrier.wait();
      EXPECT_EQ(written, std::vector(count, 1));
      return index;
    });
  }
  for (const int outcome : parties.outcomes()) EXPECT_GE(outcome, 0);
}

TEST(Barrier, ASignalDoesNotEndAWait) {  // L10
  struct sigaction action{};             // without SA_RESTART
  action.sa_handler = [](int) {};
  ::sigaction(SIGUSR1, &action, nullptr);
  Barrier barrier(2);
  Parties parties(barrier);
  BlockedThread& party = parties.arrive([&] { return barrier.wait_for(24h); });
  for (int i = 0; i < 3; ++i) {
    party.wait_until_asleep();
    ::pthread_kill(party.native_handle(), SIGUSR1);
  }
  party.wait_until_asleep();
  EXPECT_EQ(barrier.wait(), 1u);
  EXPECT_EQ(parties.outcomes(), (std::vector{0}));
}

// B5: timeouts

TEST(Barrier, ATimeoutBreaksItForAll) {
  StagedClock::put_off();
  Barrier barrier(4);
  Parties parties(barrier);
  parties.arrive();
  parties.arrive([&] { return barrier.wait_until(StagedClock::deadline); });
  parties.arrive([&] { return barrier.wait_for(24h); });
  EXPECT_FALSE(barrier.broken());
  StagedClock::let_it_come();
  EXPECT_EQ(parties.outcomes(), std::vector(3, broken));
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0u);
}

TEST(Barrier, ATimeoutIsNotEarly) {  // T8
  Barrier barrier(2);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THROW(barrier.wait_for(2ms), BrokenBarrierError);
  EXPECT_GE(std::chrono::steady_clock::now(), start + 2ms);
  barrier.reset();
  const auto until = std::chrono::system_clock::now() + 2ms;
  EXPECT_THROW(barrier.wait_until(until), BrokenBarrierError);
  EXPECT_GE(std::chrono::system_clock::now(), until);
}

TEST(Barrier, NoTimeBreaksItAtOnce) {  // T2, T3
  Barrier barrier(3);
  const auto expect_broken_by = [&](auto wait) {
    Parties parties(barrier);
    parties.arrive();
    EXPECT_EQ(outcome_of(wait), broken);
    EXPECT_EQ(parties.outcomes(), (std::vector{broken}));
    EXPECT_TRUE(barrier.broken());
    barrier.reset();
  };
  expect_broken_by([&] { return barrier.wait_for(0s); });
  expect_broken_by([&] { return barrier.wait_for(-1s); });
  expect_broken_by([&] { return barrier.wait_until(std::chrono::steady_clock::time_point{}); });
  expect_broken_by(
      [&] { return barrier.wait_until(std::chrono::system_clock::time_point::min()); });
}

TEST(Barrier, TheLastPartyNeedsNoTime) {  // T9
  Barrier barrier(2);
  const auto expect_last = [&](auto wait) {
    Parties parties(barrier);
    parties.arrive();
    EXPECT_EQ(outcome_of(wait), 1);
    EXPECT_EQ(parties.outcomes(), (std::vector{0}));
    EXPECT_FALSE(barrier.broken());
    barrier.reset();
  };
  expect_last([&] { return barrier.wait_for(0s); });
  expect_last([&] { return barrier.wait_for(-1s); });
  expect_last([&] { return barrier.wait_until(std::chrono::system_clock::time_point::min()); });
}

TEST(Barrier, ATimeTooLongToCountIsForEver) {  // T5
  Barrier barrier(5, {}, std::chrono::hours::max());
  Parties parties(barrier);
  parties.arrive();
  parties.arrive([&] { return barrier.wait_for(std::chrono::hours::max()); });
  parties.arrive([&] { return barrier.wait_for(std::chrono::nanoseconds::max()); });
  parties.arrive([&] { return barrier.wait_until(std::chrono::steady_clock::time_point::max()); });
  EXPECT_EQ(
      barrier.wait_for(std::chrono::duration<double>(std::numeric_limits<double>::infinity())), 4u);
  EXPECT_EQ(parties.outcomes(), (std::vector{0, 1, 2, 3}));
}

TEST(Barrier, ItsOwnTimeoutBoundsEachWaitThatNamesNone) {  // B1
  Barrier barrier(2, {}, 2ms);
  std::stop_source stop;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  EXPECT_GE(std::chrono::steady_clock::now(), start + 2ms);
  barrier.reset();
  EXPECT_THROW(barrier.arrive_and_wait(), BrokenBarrierError);
  barrier.reset();
  EXPECT_THROW(static_cast<void>(barrier.wait(stop.get_token())), BrokenBarrierError);
}

TEST(Barrier, ItsOwnTimeoutDoesNotBoundAWaitThatNamesOne) {  // B1
  Barrier barrier(2, {}, -1s);
  Parties parties(barrier);
  parties.arrive([&] { return barrier.wait_for(24h); }).wait_until_asleep();
  EXPECT_EQ(barrier.wait(), 1u) << "the last needs no time";
  EXPECT_EQ(parties.outcomes(), (std::vector{0}));
}

// B6-B8: broken, reset, abort

TEST(Barrier, AbortBreaksItForThoseThatWait) {  // B8
  Barrier barrier(4);
  Parties parties(barrier);
  parties.arrive_many(3);
  barrier.abort();
  EXPECT_TRUE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0u);
  EXPECT_EQ(parties.outcomes(), std::vector(3, broken));
  barrier.abort();
  EXPECT_TRUE(barrier.broken());
}

TEST(Barrier, EveryWaitAtABrokenOneFailsAtOnce) {  // B6
  Barrier barrier(2);
  std::stop_source stop;
  stop.request_stop();
  barrier.abort();
  for (int i = 0; i < 2; ++i) {
    EXPECT_THROW(barrier.wait(), BrokenBarrierError);
    EXPECT_THROW(barrier.wait_for(24h), BrokenBarrierError);
    EXPECT_THROW(barrier.wait_for(0s), BrokenBarrierError);
    EXPECT_THROW(barrier.wait_until(std::chrono::steady_clock::time_point::max()),
                 BrokenBarrierError);
    EXPECT_THROW(static_cast<void>(barrier.wait(stop.get_token())), BrokenBarrierError);
  }
  EXPECT_EQ(barrier.n_waiting(), 0u);
}

TEST(Barrier, OfOneCanBeBrokenToo) {  // B6, B12
  Barrier barrier(1);
  barrier.abort();
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
}

TEST(Barrier, ResetRepairsABrokenOne) {  // B7
  Barrier barrier(3);
  barrier.abort();
  barrier.reset();
  expect_usable(barrier);
}

TEST(Barrier, ResetSendsThoseThatWaitAwayAndLeavesItWhole) {  // B7
  Barrier barrier(3);
  Parties parties(barrier);
  parties.arrive_many(2);
  barrier.reset();
  expect_usable(barrier);  // whether or not those have left
  EXPECT_EQ(parties.outcomes(), std::vector(2, broken));
}

TEST(Barrier, ResetOfAnIdleOneChangesNothing) {  // B7
  Barrier barrier(3);
  barrier.reset();
  expect_usable(barrier);
}

// B14: stop requests

TEST(Barrier, AStopRequestWithdrawsOnePartyAndBreaksNothing) {
  Barrier barrier(4);
  std::stop_source stop;
  Parties parties(barrier);
  parties.arrive();
  parties.arrive([&] { return barrier.wait(stop.get_token()); });
  parties.arrive();
  EXPECT_EQ(barrier.n_waiting(), 3u);
  stop.request_stop();
  EXPECT_EQ(barrier.n_waiting(), 2u);
  EXPECT_FALSE(barrier.broken());
  parties.arrive();
  EXPECT_EQ(barrier.wait(), 3u);
  EXPECT_EQ(parties.outcomes(), (std::vector{0, withdrawn, 1, 2})) << "each index once";
}

TEST(Barrier, AStopThatWasRequestedBeforeWithdrawsAtOnceUnlessAllAreThere) {
  Barrier barrier(2);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(barrier.wait(stop.get_token()), std::nullopt);
  EXPECT_EQ(barrier.n_waiting(), 0u);
  Parties parties(barrier);
  parties.arrive();
  EXPECT_EQ(barrier.wait(stop.get_token()), 1u);
  EXPECT_EQ(parties.outcomes(), (std::vector{0}));
}

TEST(Barrier, AStopRequestAfterTheLastArrivalComesTooLate) {  // A5: the grant wins
  for (int i = 0; i < 200; ++i) {
    Barrier barrier(2);
    std::stop_source stop;
    Parties parties(barrier);
    parties.arrive([&] { return barrier.wait(stop.get_token()); });
    barrier.wait();
    stop.request_stop();
    ASSERT_EQ(parties.outcomes(), (std::vector{0}));
  }
}

}  // namespace
