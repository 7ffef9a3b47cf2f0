// Specifies lockstep/condition.hpp: what a wait does to the lock, how it ends, and who may call
// what (SEMANTICS CO1-CO6, CO14). With a predicate or a stop token: condition_predicate_test.cpp.
// Whom a notification reaches, and when: condition_notify_test.cpp. At what cost:
// condition_herd_test.cpp.

#include "lockstep/condition.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <type_traits>

#include "conditions.hpp"
#include "lockstep/error.hpp"
#include "staged_clock.hpp"
#include "threads.hpp"

namespace {

using namespace std::chrono_literals;
using lockstep::BasicCondition;
using lockstep::Condition;
using lockstep::Lock;
using lockstep::NotAcquiredError;
using lockstep::RLock;
using lockstep::test::await_waiters;
using lockstep::test::BlockedThread;
using lockstep::test::ConditionOver;
using lockstep::test::KindNames;
using lockstep::test::Kinds;
using lockstep::test::notify_one;
using lockstep::test::StagedClock;

TYPED_TEST_SUITE(ConditionOver, Kinds, KindNames);

// What becomes of the lock

TYPED_TEST(ConditionOver, AWaitEndsWithTheNotificationAndTheLock) {  // CO3, CO4
  auto& condition = this->condition;
  int protected_by_lock = 0;
  BlockedThread waiter([&] {
    condition.acquire();
    condition.wait();
    EXPECT_TRUE(this->locked());
    EXPECT_EQ(++protected_by_lock, 2);
    condition.release();
  });
  await_waiters(condition, 1);
  {
    const std::scoped_lock guard(condition);  // so the waiter has let go of it
    ++protected_by_lock;
    condition.notify();
  }
  waiter.join();
  EXPECT_FALSE(this->locked());
}

TYPED_TEST(ConditionOver, EveryFormReturnsTrueWhenNotified) {  // CO4
  auto& condition = this->condition;
  const auto expect_true = [&](auto wait) {
    BlockedThread waiter([&] {
      const std::scoped_lock guard(condition);
      EXPECT_TRUE(wait());
    });
    await_waiters(condition, 1);
    notify_one(condition);
  };
  expect_true([&] { return condition.wait_for(24h); });
  expect_true([&] { return condition.wait_for(std::chrono::hours::max()); });  // T5
  expect_true([&] { return condition.wait_until(std::chrono::steady_clock::now() + 24h); });
  expect_true([&] { return condition.wait_until(std::chrono::system_clock::now() + 24h); });
  expect_true([&] { return condition.wait_until(std::chrono::steady_clock::time_point::max()); });
  expect_true([&] { return condition.wait_until(StagedClock::deadline); });
  expect_true([&] { return condition.wait(this->stop.get_token()); });
  expect_true([&] { return condition.wait_for(24h, this->stop.get_token()); });
  expect_true([&] { return condition.wait_until(StagedClock::deadline, this->stop.get_token()); });
}

TYPED_TEST(ConditionOver, ATimeoutIsFalseNotEarlyAndWithTheLock) {  // CO4, T8
  auto& condition = this->condition;
  const std::scoped_lock guard(condition);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(condition.wait_for(2ms));
  EXPECT_GE(std::chrono::steady_clock::now(), start + 2ms);
  EXPECT_TRUE(this->locked());
  const auto until = std::chrono::system_clock::now() + 2ms;
  EXPECT_FALSE(condition.wait_until(until));
  EXPECT_GE(std::chrono::system_clock::now(), until);
  EXPECT_EQ(condition.waiters(), 0u);
}

TYPED_TEST(ConditionOver, AWaitForNoTimeLetsGoOfTheLockForAMoment) {  // CO5
  auto& condition = this->condition;
  for (const auto duration : {0ms, -1ms, std::chrono::milliseconds::min()}) {
    condition.acquire();
    BlockedThread other([&] { const std::scoped_lock guard(condition); });
    other.wait_until_asleep();
    // Each time the lock is free the other may take it; after a few it is handed the lock.
    while (!other.finished()) {
      EXPECT_FALSE(condition.wait_for(duration));
    }
    condition.release();
  }
}

TYPED_TEST(ConditionOver, AWaitWithoutTheLockThrowsBeforeAnythingHappens) {  // CO3
  auto& condition = this->condition;
  EXPECT_THROW(condition.wait(), NotAcquiredError);
  EXPECT_THROW(static_cast<void>(condition.wait(this->stop.get_token())), NotAcquiredError);
  EXPECT_THROW(static_cast<void>(condition.wait_for(0s)), NotAcquiredError);
  EXPECT_THROW(static_cast<void>(condition.wait_until(StagedClock::deadline)), NotAcquiredError);
  EXPECT_EQ(condition.waiters(), 0u);
  EXPECT_FALSE(this->locked());
}

TYPED_TEST(ConditionOver, NotifyWithoutTheLockThrowsAndNotifiesNobody) {  // CO9, CO10, U4
  auto& condition = this->condition;
  BlockedThread waiter([&] {
    const std::scoped_lock guard(condition);
    condition.wait();
  });
  waiter.wait_until_asleep();
  EXPECT_THROW(condition.notify(), NotAcquiredError);
  EXPECT_THROW(condition.notify(0), NotAcquiredError);
  EXPECT_THROW(condition.notify_one(), NotAcquiredError);
  EXPECT_THROW(condition.notify_all(), NotAcquiredError);
  EXPECT_EQ(condition.waiters(), 1u);
  EXPECT_FALSE(this->locked());
  notify_one(condition);
}

TYPED_TEST(ConditionOver, ASignalDoesNotEndAWait) {  // L10, CO13
  auto& condition = this->condition;
  struct sigaction action{};  // without SA_RESTART
  action.sa_handler = [](int) {};
  ::sigaction(SIGUSR1, &action, nullptr);
  bool notified = false;
  BlockedThread waiter([&] {
    const std::scoped_lock guard(condition);
    EXPECT_TRUE(condition.wait_for(24h));
    EXPECT_TRUE(notified);
  });
  for (int i = 0; i < 3; ++i) {
    waiter.wait_until_asleep();
    ::pthread_kill(waiter.native_handle(), SIGUSR1);
  }
  waiter.wait_until_asleep();
  EXPECT_EQ(condition.waiters(), 1u);
  const std::scoped_lock guard(condition);
  notified = true;
  condition.notify();
}

// CO2: the lock's own functions

TYPED_TEST(ConditionOver, IsLockedWhereItsLockIs) {
  auto& condition = this->condition;
  condition.acquire();
  EXPECT_TRUE(this->locked());
  BlockedThread([&] {  // another thread cannot have it
    EXPECT_FALSE(condition.try_acquire());
    EXPECT_FALSE(condition.try_lock());
    EXPECT_FALSE(condition.try_acquire_for(1ms));
    EXPECT_FALSE(condition.try_lock_until(std::chrono::steady_clock::now() + 1ms));
    this->stop.request_stop();
    EXPECT_FALSE(condition.acquire(this->stop.get_token()));
  })
      .join();
  condition.release();
  EXPECT_FALSE(this->locked());
  EXPECT_THROW(condition.release(), NotAcquiredError);
  EXPECT_TRUE(condition.try_lock());
  condition.unlock();
}

TYPED_TEST(ConditionOver, AUniqueLockOverItServesAsGuard) {
  auto& condition = this->condition;
  std::unique_lock guard(condition);
  EXPECT_TRUE(this->locked());
  EXPECT_FALSE(condition.wait_for(1ms));
  guard.unlock();
  EXPECT_FALSE(this->locked());
  EXPECT_TRUE(guard.try_lock_for(1ms));
}

TYPED_TEST(ConditionOver, StdConditionVariableAnyCanWaitWithItAndWithItsLock) {  // U3
  const auto expect_wait_with = [this](auto& lockable) {
    std::condition_variable_any variable;
    bool ready = false;
    BlockedThread waiter([&] {
      std::unique_lock guard(lockable);
      variable.wait(guard, [&] { return ready; });
      EXPECT_TRUE(this->locked());
    });
    waiter.wait_until_asleep();
    {
      const std::scoped_lock guard(lockable);
      ready = true;
    }
    variable.notify_all();
  };
  expect_wait_with(this->condition);
  expect_wait_with(this->condition.underlying());
}

// CO6: notified and timed out

TYPED_TEST(ConditionOver, ADeadlineAfterTheNotificationComesTooLate) {  // CO6
  auto& condition = this->condition;
  BlockedThread waiter([&] {
    const std::scoped_lock guard(condition);
    EXPECT_TRUE(condition.wait_until(StagedClock::deadline));
  });
  await_waiters(condition, 1);
  const std::scoped_lock guard(condition);
  condition.notify();
  StagedClock::let_it_come();
}

// CO3 over an RLock: all levels

/// Waits in `wait` three levels deep, while `end` (called without the lock) makes it return;
/// expects all levels back.
void expect_depth_restored(Condition& condition, auto wait, auto end) {
  RLock& lock = condition.underlying();
  BlockedThread waiter([&] {
    for (int i = 0; i < 3; ++i) condition.acquire();
    wait();
    EXPECT_EQ(lock.depth(), 3u);
    for (int i = 0; i < 3; ++i) condition.release();
    EXPECT_FALSE(lock.owned());
  });
  await_waiters(condition, 1);
  lock.acquire();  // so all of them were given up
  EXPECT_EQ(lock.depth(), 1u);
  lock.release();
  end();
  waiter.join();
  EXPECT_FALSE(lock.locked());
}

TEST(Condition, AWaitGivesUpAllLevelsAndRestoresThemHoweverItEnds) {  // CO3, U7
  Condition condition;
  std::stop_source stop;
  StagedClock::put_off();
  expect_depth_restored(condition, [&] { condition.wait(); }, [&] { notify_one(condition); });
  expect_depth_restored(
      condition, [&] { EXPECT_FALSE(condition.wait_until(StagedClock::deadline)); },
      [] { StagedClock::let_it_come(); });
  expect_depth_restored(
      condition, [&] { EXPECT_FALSE(condition.wait(stop.get_token())); },
      [&] { stop.request_stop(); });
  expect_depth_restored(
      condition,
      [&, asked = 0]() mutable {  // CO8
        EXPECT_THROW(
            condition.wait([&] { return ++asked == 2 ? throw std::runtime_error("") : false; }),
            std::runtime_error);
      },
      [&] { notify_one(condition); });
}

TEST(Condition, OnlyTheOwnerOfAnRLockMayWaitOrNotify) {  // CO3, CO9
  Condition condition;
  const std::scoped_lock guard(condition);
  BlockedThread([&] {
    EXPECT_THROW(condition.wait(), NotAcquiredError);
    EXPECT_THROW(condition.notify(), NotAcquiredError);
    EXPECT_THROW(condition.notify_all(), NotAcquiredError);
  }).join();
}

// CO14 over a Lock: held by anybody

TEST(Condition, AnyThreadMayNotifyWhileALockIsHeld) {
  BasicCondition<Lock> condition;
  BlockedThread waiter([&] {
    const std::scoped_lock guard(condition);
    condition.wait();
  });
  await_waiters(condition, 1);
  const std::scoped_lock guard(condition);
  BlockedThread([&] { condition.notify(); }).join();
  EXPECT_EQ(condition.waiters(), 0u);
}

TEST(Condition, AnotherThreadMayReleaseTheLockThatAWaitTookBack) {  // L4, U1
  BasicCondition<Lock> condition;
  BlockedThread([&] {
    condition.acquire();
    EXPECT_FALSE(condition.wait_for(1ms));
  }).join();
  EXPECT_TRUE(condition.underlying().locked());
  condition.release();
}

// CO1: construction

constinit Condition global_condition;
constinit RLock global_lock;
constinit Condition global_condition_over_global_lock{global_lock};

TEST(Condition, CanBeAGlobalThatNeedsNoConstruction) {
  const std::scoped_lock guard(global_condition, global_condition_over_global_lock);
  EXPECT_TRUE(global_lock.owned());
  EXPECT_EQ(&global_condition_over_global_lock.underlying(), &global_lock);
  EXPECT_TRUE(global_condition.underlying().owned());
}

static_assert(std::is_same_v<Condition, BasicCondition<RLock>>);
static_assert(!std::is_copy_constructible_v<Condition> && !std::is_move_constructible_v<Condition>);
static_assert(!std::is_copy_assignable_v<Condition> && !std::is_move_assignable_v<Condition>);
static_assert(!std::is_convertible_v<RLock&, Condition>, "explicit");

}  // namespace
