// tests/unit/event_test.cpp: what an Event does (SEMANTICS 2.6).
// E7, the rules of time, stop requests, signals: deadline_test.cpp. Destruction: lifetime_test.cpp.
#include "lockstep/event.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <random>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "pause.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

// --- The flag ------------------------------------------------------------------------------------

static_assert(std::is_nothrow_default_constructible_v<Event>);

extern Event early_event;
const bool set_early = (early_event.set(), true);
constinit Event early_event;

TEST(Event, ServesInitializersThatRunBeforeItsDefinitionIsReached) {
  EXPECT_TRUE(set_early);
  EXPECT_TRUE(early_event.is_set());
}

TEST(Event, PromisesNotToThrowWhereItCannot) {
  EXPECT_TRUE(noexcept(std::declval<const Event&>().is_set()));
  EXPECT_TRUE(noexcept(std::declval<Event&>().set()));
  EXPECT_TRUE(noexcept(std::declval<Event&>().clear()));
}

TEST(Event, BeginsClear) {  // E1
  Event event;
  EXPECT_FALSE(event.is_set());
}

TEST(Event, IsSetFromSetToClear) {  // E2, E3, E4
  Event event;
  event.set();
  EXPECT_TRUE(event.is_set());
  event.clear();
  EXPECT_FALSE(event.is_set());
}

TEST(Event, SetTwiceIsSetOnce) {  // E3
  Event event;
  event.set();
  event.set();
  EXPECT_TRUE(event.is_set());
  event.clear();
  EXPECT_FALSE(event.is_set());
}

TEST(Event, ClearTwiceIsClearedOnce) {  // E4
  Event event;
  event.clear();
  event.clear();
  EXPECT_FALSE(event.is_set());
  event.set();
  EXPECT_TRUE(event.is_set());
}

// --- Waiting -------------------------------------------------------------------------------------

TEST(Event, AWaitForASetEventReturnsAtOnceAndChangesNothing) {  // E5
  Event event;
  event.set();
  event.wait();
  EXPECT_TRUE(event.wait(std::stop_token{}));
  EXPECT_TRUE(event.wait_for(1h));
  EXPECT_TRUE(event.wait_until(std::chrono::system_clock::now() + 1h));
  EXPECT_TRUE(event.is_set());
}

TEST(Event, AWaitForAClearEventSleepsUntilItIsSet) {  // E5
  Event event;
  BlockedThread waiter([&] { event.wait(); });
  waiter.wait_until_asleep();
  event.set();
  waiter.join();
}

TEST(Event, AWaitInVainSaysNo) {  // E5, E7
  Event event;
  EXPECT_FALSE(event.wait_for(1ms));
  EXPECT_FALSE(event.wait_for(0s));
  EXPECT_FALSE(event.wait_for(-1s));
  EXPECT_FALSE(event.wait_until(std::chrono::steady_clock::now() + 1ms));
  EXPECT_FALSE(event.is_set());
}

/// Threads asleep in waits of every kind, and how many of these said yes.
class Audience {
 public:
  explicit Audience(Event& event) {
    add([&event] { return event.wait(), true; });
    add([&event] { return event.wait_for(1h); });
    add([&event] { return event.wait_until(std::chrono::system_clock::now() + 1h); });
    add([&event, this] { return event.wait(stop_.get_token()); });
    add([&event, this] { return event.wait_for(std::chrono::hours::max(), stop_.get_token()); });
  }

  static constexpr int size = 5;

  /// Waits until all have returned.
  [[nodiscard]] int said_yes() {
    threads_.clear();
    return yes_.load();
  }

 private:
  template <class Wait>
  void add(Wait wait) {
    threads_.emplace_back([this, wait] { yes_ += wait() ? 1 : 0; });
    threads_.back().wait_until_asleep();
  }

  std::stop_source stop_;
  std::atomic<int> yes_{0};
  std::deque<BlockedThread> threads_;
};

TEST(Event, SetReleasesAllThatWait) {  // E3
  Event event;
  Audience audience(event);
  event.set();
  EXPECT_EQ(audience.said_yes(), Audience::size);
  EXPECT_TRUE(event.is_set());
}

TEST(Event, SetThenClearReleasesAllThatWaited) {  // E6
  Event event;
  Audience audience(event);
  event.set();
  event.clear();
  EXPECT_EQ(audience.said_yes(), Audience::size);
  EXPECT_FALSE(event.is_set());
}

TEST(Event, APulseReleasesOneThatWillSeeTheFlagOnlyAfterwards) {  // E6
  if (!Pause::is_possible) GTEST_SKIP() << Pause::why_not;
  Event event;
  bool released = false;
  BlockedThread waiter([&] { released = event.wait_for(1h); });
  waiter.wait_until_asleep();
  {
    const Pause pause(waiter);
    event.set();
    event.clear();
  }
  waiter.join();
  EXPECT_TRUE(released);
}

TEST(Event, AWaitThatBeginsAfterAPulseSleeps) {  // E4, E6
  Event event;
  event.set();
  event.clear();
  BlockedThread waiter([&] { event.wait(); });
  waiter.wait_until_asleep();
  event.set();
  waiter.join();
}

TEST(Event, ClearDoesNotReleaseAnybody) {  // E4
  Event event;
  BlockedThread waiter([&] { event.wait(); });
  waiter.wait_until_asleep();
  event.clear();
  waiter.wait_until_asleep();
  event.set();
  waiter.join();
}

TEST(Event, CanBeUsedRoundAfterRound) {  // E8
  Event event;
  for (int round = 0; round < 50; ++round) {
    BlockedThread waiter([&] { event.wait(); });
    waiter.wait_until_asleep();
    event.set();
    waiter.join();
    EXPECT_TRUE(event.wait_for(0s));
    event.clear();
    EXPECT_FALSE(event.wait_for(0s));
  }
}

// --- Together ------------------------------------------------------------------------------------

TEST(Event, WhatHappenedBeforeSetIsSeenAfterWait) {  // O5
  constexpr int rounds = 10'000;
  Event ping;
  Event pong;
  int message = 0;  // not atomic: the events have to do
  std::jthread other([&] {
    for (int round = 0; round < rounds; ++round) {
      ping.wait();
      ping.clear();
      ++message;
      pong.set();
    }
  });
  int wrong = 0;
  for (int round = 0; round < rounds; ++round) {
    message = round;
    ping.set();
    pong.wait();
    pong.clear();
    if (message != round + 1) ++wrong;
  }
  EXPECT_EQ(wrong, 0);
}

TEST(
    Event,
    NobodyMissesTheLastSetWhateverHappenedBefore) {  // E3-E6, with clear, timeouts and stops racing
  constexpr int rounds = sanitized ? 2'000 : 20'000;
  Event event;
  std::atomic<bool> over{false};
  std::vector<std::jthread> waiters;
  for (unsigned seed = 1; seed <= 3; ++seed) {
    waiters.emplace_back([&, seed] {
      std::minstd_rand random(seed);
      while (!over.load()) {
        if (random() % 2 == 0) {
          event.wait();  // for ever, if a set is missed
        } else {
          static_cast<void>(event.wait_for(std::chrono::microseconds(random() % 50)));
        }
      }
    });
  }
  for (int round = 0; round < rounds; ++round) {
    event.set();
    if (round % 2 == 0) event.clear();
  }
  over.store(true);
  event.set();
  waiters.clear();
  EXPECT_TRUE(event.is_set());
}

}  // namespace
}  // namespace lockstep::test
