// tests/unit/async_condition_end_test.cpp: a coroutine that is destroyed in each state of its wait for a Condition. It is as
// if the wait had thrown: its guards go, and with them the lock, if it is to be had; its notification goes to another.
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "conditions.hpp"
#include "coroutines.hpp"
#include "loop.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

template <class Kind>
class AsyncConditionEnd : public ConditionOver<Kind> {
 protected:
  Actor wait(Stage&, int number) {
    const auto guard = co_await this->condition.async_scoped();
    co_await this->condition.async_wait();
    order.push_back(number);
  }

  Actor wait_until(Stage&, std::stop_token token) {
    const auto guard = co_await this->condition.async_scoped();
    static_cast<void>(co_await this->condition.async_wait_for(1h, std::move(token)));
    order.push_back(0);
  }

  template <class Call>
  void locked_call(Call call) {
    this->condition.acquire();
    call();
    this->condition.release();
  }

  /// Can anybody have the lock, and only one?
  void expect_free() {
    EXPECT_FALSE(this->locked());
    locked_call([this] { EXPECT_TRUE(this->locked()); });
    EXPECT_FALSE(this->locked());
  }

  Stage stage;
  std::vector<int> order;
};
TYPED_TEST_SUITE(AsyncConditionEnd, Kinds, KindNames);

TYPED_TEST(AsyncConditionEnd, WhileItWaitsAndTheLockIsFree) {
  Actor actor = this->wait(this->stage, 1);
  actor.destroy();
  EXPECT_EQ(this->condition.waiters(), 0u);
  this->expect_free();
}

TYPED_TEST(AsyncConditionEnd, WhileItWaitsAndAnotherHasTheLock) {
  Actor actor = this->wait_until(this->stage, this->stop.get_token());
  this->locked_call([&] {
    actor.destroy();
    EXPECT_TRUE(this->locked());  // its guard has not released what it did not have
  });
  this->expect_free();
  this->stop.request_stop();
}

TYPED_TEST(AsyncConditionEnd, WhenItWasNotifiedAndQueuesForTheLock) {
  Actor actor = this->wait(this->stage, 1);
  const Actor next = this->wait(this->stage, 2);
  const Actor after_next = this->wait(this->stage, 3);
  this->locked_call([&] {
    this->condition.notify();
    actor.destroy();
    EXPECT_TRUE(this->locked());
    EXPECT_EQ(this->condition.waiters(), 1u);  // the notification went to the next, and to no other
  });
  this->stage.later.run();
  EXPECT_EQ(this->order, std::vector{2});
  notify_one(this->condition);
  this->stage.later.run();
  this->expect_free();
}

TYPED_TEST(AsyncConditionEnd, WhenItWasStoppedAndQueuesForTheLock) {
  Actor actor = this->wait_until(this->stage, this->stop.get_token());
  const Actor next = this->wait(this->stage, 2);
  this->locked_call([&] {
    this->stop.request_stop();
    actor.destroy();
    EXPECT_TRUE(this->locked());
  });
  EXPECT_EQ(this->condition.waiters(), 1u);  // there was no notification to pass on
  this->expect_free();
  notify_one(this->condition);
  this->stage.later.run();
}

TYPED_TEST(AsyncConditionEnd, WhenItWasGrantedTheLockAfterItsNotification) {
  Actor actor = this->wait(this->stage, 1);
  const Actor next = this->wait(this->stage, 2);
  notify_one(this->condition);
  EXPECT_TRUE(this->locked());
  actor.destroy();
  this->stage.later.run();
  EXPECT_EQ(this->order, std::vector{2});
  this->expect_free();
}

TYPED_TEST(AsyncConditionEnd, WhenItWasGrantedTheLockAfterItWasStopped) {
  Actor actor = this->wait_until(this->stage, this->stop.get_token());
  const Actor next = this->wait(this->stage, 2);
  this->stop.request_stop();
  EXPECT_TRUE(this->locked());
  actor.destroy();
  EXPECT_EQ(this->condition.waiters(), 1u);
  this->expect_free();
  notify_one(this->condition);
  this->stage.later.run();
}

TYPED_TEST(AsyncConditionEnd, WhileAnotherOneQueuesForTheLockThatItWasGranted) {
  Actor actor = this->wait(this->stage, 1);
  const auto body = [&](Stage&) -> Actor {
    const auto guard = co_await this->condition.async_scoped();
    this->order.push_back(2);
  };
  std::optional<Actor> other;
  this->locked_call([&] {
    this->condition.notify();
    other.emplace(body(this->stage));
  });
  actor.destroy();
  this->stage.later.run();
  EXPECT_EQ(this->order, std::vector{2});
  this->expect_free();
}

TYPED_TEST(AsyncConditionEnd, WithSeveralLevelsOfAnRLock) {
  if constexpr (requires { this->condition.underlying().owned(); }) {
    const auto body = [&](Stage&) -> Actor {
      const auto first = co_await this->condition.async_scoped();
      const auto second = co_await this->condition.async_scoped();
      const auto third = co_await this->condition.async_scoped();
      co_await this->condition.async_wait();
    };
    {
      Actor while_free = body(this->stage);
      while_free.destroy();
      this->expect_free();
    }
    Actor while_held = body(this->stage);
    this->locked_call([&] {
      while_held.destroy();
      EXPECT_TRUE(this->locked());
    });
    this->expect_free();
  }
}

TYPED_TEST(AsyncConditionEnd, AGuardOfAnotherLockIsReleasedAllTheSame) {
  Lock other;
  const auto body = [&](Stage&) -> Actor {
    const auto guard = co_await this->condition.async_scoped();
    const auto other_guard = co_await other.async_scoped();
    co_await this->condition.async_wait();
  };
  Actor actor = body(this->stage);
  this->locked_call([&] {
    EXPECT_TRUE(other.locked());
    actor.destroy();
    EXPECT_FALSE(other.locked());
    EXPECT_TRUE(this->locked());
  });
  this->expect_free();
}

TYPED_TEST(AsyncConditionEnd, TheNextGuardOfTheLockIsAsAnyOther) {
  Actor actor = this->wait(this->stage, 1);
  this->locked_call([&] { actor.destroy(); });
  const auto body = [&](Stage&) -> Actor {
    const auto guard = co_await this->condition.async_scoped();
  };
  const Actor next = body(this->stage);
  this->expect_free();
}

/// Who has no scheduler goes on within the call that gives up the lock, and may destroy the one that gives it up.
TYPED_TEST(AsyncConditionEnd, WhileItGivesUpTheLockToTheOneThatDestroysIt) {
  for (const bool bounded : {false, true}) {
    std::optional<Actor> waiter;
    std::optional<Owned<OffersOwner>> destroyer;
    const auto destroy = [&](auto&) -> Owned<OffersOwner> {
      const auto guard = co_await this->condition.async_scoped();
      waiter.reset();
      EXPECT_TRUE(this->locked());
    };
    const auto wait = [&](Stage&) -> Actor {
      const auto guard = co_await this->condition.async_scoped();
      destroyer.emplace(destroy(waiter));
      if (bounded) {
        static_cast<void>(co_await this->condition.async_wait_for(1h));
      } else {
        co_await this->condition.async_wait();
      }
      ADD_FAILURE() << "it went on";
    };
    this->locked_call([&] { waiter.emplace(wait(this->stage)); });
    this->stage.later.run();
    EXPECT_TRUE(destroyer->done());
    this->expect_free();
  }
}

}  // namespace
}  // namespace lockstep::test
