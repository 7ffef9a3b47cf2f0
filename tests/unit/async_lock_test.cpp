// tests/unit/async_lock_test.cpp: what a Lock does for coroutines (SEMANTICS 3.2), and what of waiting is the same for
// all that can be acquired. How coroutines wait in general: await_test.cpp.
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <utility>
#include <vector>

#include "coroutines.hpp"
#include "lockstep/lock.hpp"
#include "loop.hpp"
#include "staged_clock.hpp"
#include "throws.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

class AsyncLock : public testing::Test {
 protected:
  AsyncLock() { StagedClock::put_off(); }

  /// Notes its number when it has the lock, and keeps that.
  Actor take(Stage&, int number) {
    co_await lock.async_acquire();
    order.push_back(number);
  }

  /// Notes what comes of it.
  Actor take_until(Stage&, std::stop_token token, std::optional<bool>& taken) {
    taken = co_await lock.async_acquire(std::move(token));
  }

  Stage stage;
  Lock lock;
  std::vector<int> order;
};

// --- Acquire -------------------------------------------------------------------------------------

TEST_F(AsyncLock, AFreeLockIsTakenWithoutSuspending) {  // A1, AL1
  const Actor taker = take(stage, 1);
  EXPECT_TRUE(taker.done());
  EXPECT_TRUE(lock.locked());  // AL4
}

TEST_F(AsyncLock, EveryWayToAskTakesAFreeLock) {  // A1, T9
  const auto body = [](Stage& on, Lock& wanted, int& times) -> Actor {
    std::stop_source stopped;
    stopped.request_stop();
    co_await wanted.async_acquire();
    wanted.release();
    times += co_await wanted.async_acquire(stopped.get_token());
    wanted.release();
    times += co_await wanted.async_try_acquire_for(-1h);
    wanted.release();
    times += co_await wanted.async_try_acquire_for(1h, stopped.get_token());
    wanted.release();
    times += co_await wanted.async_try_acquire_until(std::chrono::steady_clock::time_point{});
    wanted.release();
    times += co_await wanted.async_try_acquire_until(StagedClock::deadline);
    wanted.release();
    static_cast<void>(on);
  };
  int times = 0;
  const Actor actor = body(stage, lock, times);
  EXPECT_EQ(times, 5);
  EXPECT_TRUE(actor.done());
}

TEST_F(AsyncLock, ThoseThatWaitGetItInTheOrderInWhichTheyCame) {  // A2
  lock.acquire();
  const Actor first = take(stage, 1);
  const Actor second = take(stage, 2);
  const Actor third = take(stage, 3);
  for (int i = 0; i < 3; ++i) {
    lock.release();
    stage.later.run();
  }
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST_F(AsyncLock, AReleaseServesOneOnly) {  // A4
  lock.acquire();
  const Actor first = take(stage, 1);
  const Actor second = take(stage, 2);
  lock.release();
  stage.later.run();
  EXPECT_EQ(order, std::vector{1});
}

TEST_F(AsyncLock, OneThatReleasesAndAsksAgainComesAfterThoseThatWait) {  // A3
  const auto body = [this](Stage&, int number) -> Actor {
    for (int round = 0; round < 2; ++round) {
      co_await lock.async_acquire();
      order.push_back(number);
      lock.release();
    }
  };
  lock.acquire();
  const Actor first = body(stage, 1);
  const Actor second = body(stage, 2);
  lock.release();
  stage.later.run();
  EXPECT_EQ(order, (std::vector{1, 2, 1, 2}));
}

TEST_F(AsyncLock, ALockThatWasGivenToOneThatHasYetToRunIsHeld) {  // A3, AL3
  lock.acquire();
  const Actor waiter = take(stage, 1);
  lock.release();
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(lock.try_acquire());
  const Actor newcomer = take(stage, 2);
  EXPECT_FALSE(newcomer.done());
  stage.later.run();
  EXPECT_EQ(order, std::vector{1});
  lock.release();
  stage.later.run();
}

TEST_F(AsyncLock, TheHolderThatAcquiresAgainWaitsUntilSomebodyReleases) {  // AL6
  const auto body = [this](Stage&) -> Actor {
    co_await lock.async_acquire();
    co_await lock.async_acquire();
  };
  const Actor holder = body(stage);
  EXPECT_FALSE(holder.done());
  lock.release();
  stage.later.run();
  EXPECT_TRUE(holder.done());
  EXPECT_TRUE(lock.locked());
}

// --- Release -------------------------------------------------------------------------------------

TEST_F(AsyncLock, ACoroutineMayReleaseWhatAnotherAcquired) {  // AL2
  const Actor holder = take(stage, 1);
  const auto body = [this](Stage&) -> Actor {
    lock.release();
    co_return;
  };
  const Actor other = body(stage);
  EXPECT_FALSE(lock.locked());
}

TEST_F(AsyncLock, ToReleaseAFreeLockIsAnErrorThatChangesNothing) {  // AL2
  const auto body = [this](Stage&, bool& thrown) -> Actor {
    thrown = throws<NotAcquiredError>("Lock::release", [this] { lock.release(); });
    co_await lock.async_acquire();
  };
  bool thrown = false;
  const Actor actor = body(stage, thrown);
  EXPECT_TRUE(thrown);
  EXPECT_TRUE(lock.locked());
}

// --- Guards --------------------------------------------------------------------------------------

TEST_F(AsyncLock, AGuardHoldsItUntilItsEnd) {  // AL5
  const auto body = [this](Stage&, bool& held) -> Actor {
    {
      const auto guard = co_await lock.async_scoped();
      held = static_cast<bool>(guard) && lock.locked();
    }
    held = held && !lock.locked();
  };
  for (const bool contended : {false, true}) {
    if (contended) lock.acquire();
    bool held = false;
    const Actor actor = body(stage, held);
    if (contended) lock.release();
    stage.later.run();
    EXPECT_TRUE(held);
    EXPECT_FALSE(lock.locked());
  }
}

TEST_F(AsyncLock, AGuardReleasesItWhenAnExceptionPasses) {  // AL5
  const auto body = [this](Stage&) -> Actor {
    try {
      const auto guard = co_await lock.async_scoped();
      throw std::runtime_error("passes");
    } catch (const std::runtime_error&) {
    }
  };
  const Actor actor = body(stage);
  EXPECT_TRUE(actor.done());
  EXPECT_FALSE(lock.locked());
}

TEST_F(AsyncLock, AGuardReleasesItWhenItsCoroutineIsDestroyed) {  // AL5
  Lock other;
  other.acquire();
  const auto body = [this, &other](Stage&) -> Actor {
    const auto guard = co_await lock.async_scoped();
    co_await other.async_acquire();
  };
  Actor actor = body(stage);
  EXPECT_TRUE(lock.locked());
  actor.destroy();
  EXPECT_FALSE(lock.locked());
}

TEST_F(AsyncLock, AGuardHoldsNothingIfAStopWasRequested) {  // AL5, A9
  const auto body = [this](Stage&, std::stop_token token, std::optional<bool>& holds) -> Actor {
    const auto guard = co_await lock.async_scoped(std::move(token));
    holds = static_cast<bool>(guard);
  };
  std::stop_source source;
  std::optional<bool> holds;
  lock.acquire();
  const Actor actor = body(stage, source.get_token(), holds);
  source.request_stop();
  stage.later.run();
  EXPECT_EQ(holds, false);
  EXPECT_TRUE(lock.locked());
}

TEST_F(AsyncLock, AGuardMayBeMovedAndReleasedEarly) {
  const auto body = [this](Stage&, std::vector<bool>& locked) -> Actor {
    auto guard = co_await lock.async_scoped();
    auto other = std::move(guard);
    locked.push_back(lock.locked());
    other.release();
    locked.push_back(lock.locked());
    guard = co_await lock.async_scoped();
    guard = {};
    locked.push_back(lock.locked());
  };
  std::vector<bool> locked;
  const Actor actor = body(stage, locked);
  EXPECT_EQ(locked, (std::vector{true, false, false}));
}

// --- Stop requests -------------------------------------------------------------------------------

TEST_F(AsyncLock, OneThatWasStoppedIsSteppedOver) {  // A6
  std::stop_source source;
  std::optional<bool> taken;
  lock.acquire();
  const Actor first = take_until(stage, source.get_token(), taken);
  const Actor second = take(stage, 2);
  source.request_stop();
  lock.release();  // the first has not run yet
  stage.later.run();
  EXPECT_EQ(taken, false);
  EXPECT_EQ(order, std::vector{2});
}

TEST_F(AsyncLock, OneThatWasStoppedAloneLeavesAFreeLock) {  // A7
  std::stop_source source;
  std::optional<bool> taken;
  lock.acquire();
  const Actor actor = take_until(stage, source.get_token(), taken);
  source.request_stop();
  lock.release();
  EXPECT_FALSE(lock.locked());
  stage.later.run();
  EXPECT_FALSE(lock.locked());
}

TEST_F(AsyncLock, ATaskThatIsToEndAfterTheGrantHasTheLockAndEndsAtTheNextWait) {  // A5
  const auto body = [this](Stage&, Lock& other, bool& cancelled) -> Actor {
    const auto guard = co_await lock.async_scoped();
    order.push_back(1);
    try {
      co_await other.async_acquire();
    } catch (const CancelledError&) {
      cancelled = true;
    }
  };
  stage.stop = std::stop_source();
  Lock other;
  other.acquire();
  lock.acquire();
  bool cancelled = false;
  const Actor actor = body(stage, other, cancelled);
  lock.release();
  stage.stop.request_stop();
  stage.later.run();
  EXPECT_EQ(order, std::vector{1});
  EXPECT_TRUE(cancelled);
  EXPECT_FALSE(lock.locked());
}

TEST_F(AsyncLock, ATaskThatIsToEndCleansUpOnItsWayOut) {
  const auto body = [this](Stage&, Lock& outer, bool& cleaned) -> Actor {
    bool cancelled = false;
    try {
      const auto guard = co_await outer.async_scoped();
      co_await lock.async_acquire();
    } catch (const CancelledError&) {
      cancelled = true;
    }
    co_await outer.async_acquire();  // it is free again, so this does not have to wait
    cleaned = cancelled;
  };
  stage.stop = std::stop_source();
  Lock outer;
  lock.acquire();
  bool cleaned = false;
  const Actor actor = body(stage, outer, cleaned);
  EXPECT_TRUE(outer.locked());
  stage.stop.request_stop();
  EXPECT_FALSE(cleaned);  // A8
  stage.later.run();
  EXPECT_TRUE(cleaned);
  EXPECT_TRUE(actor.done());
}

// --- Deadlines -----------------------------------------------------------------------------------

TEST_F(AsyncLock, ADeadlineOnAnyClockComesWhenThatClockShowsIt) {  // T6, T8
  lock.acquire();
  std::optional<bool> taken;
  Event over;
  const auto body = [&](int) -> Detached {
    taken = co_await lock.async_try_acquire_until(StagedClock::deadline);
    over.set();
  };
  body(0);
  EXPECT_FALSE(over.wait_for(10ms));  // its alarm rings every millisecond in vain
  StagedClock::let_it_come();
  over.wait();
  EXPECT_EQ(taken, false);
  lock.release();
  EXPECT_FALSE(lock.locked());
}

TEST_F(AsyncLock, AGrantWhileTheAlarmIsPutOffDisarmsIt) {
  for (int round = 0; round < 200; ++round) {
    lock.acquire();
    std::optional<bool> taken;
    const auto body = [&](int) -> Detached {
      taken = co_await lock.async_try_acquire_until(StagedClock::deadline);
    };
    body(0);
    for (int i = 0; i < round; ++i) std::this_thread::yield();
    lock.release();
    EXPECT_EQ(taken, true);
    lock.release();
  }
}

TEST_F(AsyncLock, AStopRequestEndsAWaitWithADeadline) {
  lock.acquire();
  std::stop_source source;
  std::optional<bool> taken;
  const auto body = [&](int) -> Detached {
    taken = co_await lock.async_try_acquire_for(1h, source.get_token());
  };
  body(0);
  source.request_stop();
  EXPECT_EQ(taken, false);
}

// --- Destruction ---------------------------------------------------------------------------------

TEST_F(AsyncLock, OneThatIsDestroyedAfterItWasStoppedLeavesNothing) {  // A7
  std::stop_source source;
  std::optional<bool> taken;
  lock.acquire();
  Actor first = take_until(stage, source.get_token(), taken);
  const Actor second = take(stage, 2);
  source.request_stop();
  first.destroy();
  EXPECT_TRUE(stage.later.empty());
  lock.release();
  stage.later.run();
  EXPECT_EQ(order, std::vector{2});
}

TEST_F(AsyncLock, WhatIsGrantedAgainAndAgainToThoseThatAreDestroyedReachesTheLast) {  // W9
  lock.acquire();
  std::vector<Actor> doomed;
  for (int number = 0; number < 10; ++number) doomed.push_back(take(stage, number));
  const Actor last = take(stage, 10);
  lock.release();
  for (Actor& each : doomed) each.destroy();
  stage.later.run();
  EXPECT_EQ(order, std::vector{10});
}

}  // namespace
}  // namespace lockstep::test
