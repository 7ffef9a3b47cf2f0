// Specifies lockstep/condition.hpp: waits with a predicate, and waits that a stop request ends
// (SEMANTICS CO7, CO8, CO15).

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <stdexcept>
#include <stop_token>

#include "conditions.hpp"
#include "lockstep/error.hpp"
#include "staged_clock.hpp"
#include "threads.hpp"

namespace {

using namespace std::chrono_literals;
using lockstep::NotAcquiredError;
using lockstep::test::await_waiters;
using lockstep::test::BlockedThread;
using lockstep::test::ConditionOver;
using lockstep::test::KindNames;
using lockstep::test::Kinds;
using lockstep::test::notify_one;
using lockstep::test::StagedClock;

TYPED_TEST_SUITE(ConditionOver, Kinds, KindNames);

bool returns_false() { return false; }

// CO7, CO8: with a predicate

TYPED_TEST(ConditionOver, APredicateThatIsTrueAtOnceNeedsNoLock) {  // CO7
  auto& condition = this->condition;
  const auto yes = [] { return true; };
  condition.wait(yes);
  EXPECT_TRUE(condition.wait(std::stop_token{}, yes));
  EXPECT_TRUE(condition.wait_for(-1s, yes));
  EXPECT_TRUE(condition.wait_until(std::chrono::system_clock::time_point::min(), yes));
  EXPECT_FALSE(this->locked());
}

TYPED_TEST(ConditionOver, APredicateThatIsFalseNeedsTheLock) {  // CO7
  auto& condition = this->condition;
  EXPECT_THROW(condition.wait(returns_false), NotAcquiredError);
  EXPECT_THROW(static_cast<void>(condition.wait(std::stop_token{}, returns_false)),
               NotAcquiredError);
  EXPECT_THROW(static_cast<void>(condition.wait_for(0s, returns_false)), NotAcquiredError);
  EXPECT_THROW(static_cast<void>(condition.wait_until(StagedClock::deadline, returns_false)),
               NotAcquiredError);
}

TYPED_TEST(ConditionOver, APredicateIsAskedFirstAndAfterEachNotificationWithTheLock) {  // CO7
  auto& condition = this->condition;
  const auto expect_asked_thrice = [&](auto wait) {
    int asked = 0;  // guarded by the lock
    const auto third_time = [&] {
      EXPECT_TRUE(this->locked());
      return ++asked == 3;
    };
    BlockedThread waiter([&] {
      const std::scoped_lock guard(condition);
      wait(third_time);
    });
    for (int notified = 0; notified < 2; ++notified) {
      await_waiters(condition, 1);
      const std::scoped_lock guard(condition);
      EXPECT_EQ(asked, notified + 1);
      condition.notify();
    }
    waiter.join();
    EXPECT_EQ(asked, 3);
  };
  expect_asked_thrice([&](auto predicate) { condition.wait(predicate); });
  expect_asked_thrice(
      [&](auto predicate) { EXPECT_TRUE(condition.wait(this->stop.get_token(), predicate)); });
  expect_asked_thrice([&](auto predicate) { EXPECT_TRUE(condition.wait_for(24h, predicate)); });
  expect_asked_thrice([&](auto predicate) {
    EXPECT_TRUE(condition.wait_until(std::chrono::steady_clock::now() + 24h, predicate));
  });
}

TYPED_TEST(ConditionOver,
           WithNoTimeAPredicateIsAskedTwice) {  // CO7: evaluated, wait(0), evaluated again
  auto& condition = this->condition;
  const std::scoped_lock guard(condition);
  int asked = 0;
  EXPECT_FALSE(condition.wait_for(0s, [&] { return ++asked, false; }));
  EXPECT_EQ(asked, 2);
  asked = 0;
  EXPECT_TRUE(condition.wait_for(-1s, [&] { return ++asked == 2; }))
      << "its last value is the result";
}

TYPED_TEST(ConditionOver, WhatAPredicateThrowsComesOutWithTheLockHeld) {  // CO8
  auto& condition = this->condition;
  BlockedThread waiter([&] {
    condition.acquire();
    int asked = 0;
    EXPECT_THROW(
        condition.wait([&] { return ++asked == 2 ? throw std::runtime_error("second") : false; }),
        std::runtime_error);
    EXPECT_EQ(asked, 2);
    EXPECT_TRUE(this->locked());
    condition.release();
  });
  await_waiters(condition, 1);
  notify_one(condition);
  waiter.join();
  EXPECT_EQ(condition.waiters(), 0u);
  EXPECT_FALSE(this->locked());
}

// CO15: stop requests

TYPED_TEST(ConditionOver, AStopRequestEndsAWaitWithFalseAndTheLock) {
  auto& condition = this->condition;
  const auto expect_false = [&](auto wait) {
    this->stop = std::stop_source{};
    BlockedThread waiter([&] {
      condition.acquire();
      EXPECT_FALSE(wait(this->stop.get_token()));
      EXPECT_TRUE(this->locked());
      condition.release();
    });
    waiter.wait_until_asleep();
    this->stop.request_stop();
    waiter.join();
    EXPECT_EQ(condition.waiters(), 0u);
  };
  expect_false([&](auto token) { return condition.wait(token); });
  expect_false([&](auto token) { return condition.wait_for(24h, token); });
  expect_false([&](auto token) { return condition.wait_until(StagedClock::deadline, token); });
  expect_false([&](auto token) { return condition.wait(token, returns_false); });
}

TYPED_TEST(ConditionOver, AStopThatWasRequestedBeforeEndsAWaitAtOnce) {
  auto& condition = this->condition;
  this->stop.request_stop();
  const std::scoped_lock guard(condition);
  EXPECT_FALSE(condition.wait(this->stop.get_token()));
  EXPECT_FALSE(condition.wait(this->stop.get_token(), returns_false));
  EXPECT_TRUE(this->locked());
  EXPECT_EQ(condition.waiters(), 0u);
}

TYPED_TEST(ConditionOver, AStoppedWaitReturnsThePredicatesLastValue) {  // CO7
  auto& condition = this->condition;
  bool ready = false;
  BlockedThread waiter([&] {
    const std::scoped_lock guard(condition);
    EXPECT_TRUE(condition.wait(this->stop.get_token(), [&] { return ready; }));
  });
  await_waiters(condition, 1);
  const std::scoped_lock guard(condition);
  ready = true;
  this->stop.request_stop();
}

TYPED_TEST(ConditionOver, AStopRequestAfterTheNotificationComesTooLate) {
  auto& condition = this->condition;
  BlockedThread waiter([&] {
    const std::scoped_lock guard(condition);
    EXPECT_TRUE(condition.wait(this->stop.get_token()));
  });
  await_waiters(condition, 1);
  const std::scoped_lock guard(condition);
  condition.notify();
  this->stop.request_stop();
}

}  // namespace
