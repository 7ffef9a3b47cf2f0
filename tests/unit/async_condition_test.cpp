// tests/unit/async_condition_test.cpp: what a Condition does for coroutines (SEMANTICS 3.4), over each kind of lock: who is
// notified, and that the lock is held again however a wait ends. Destruction: async_condition_end_test.cpp.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "conditions.hpp"
#include "coroutines.hpp"
#include "lockstep/error.hpp"
#include "lockstep/event.hpp"
#include "loop.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

template <class Kind>
class AsyncCondition : public ConditionOver<Kind> {
 protected:
  /// Waits, and notes its number, and whether the lock is held, when it goes on.
  Actor wait(Stage&, int number) {
    const auto guard = co_await this->condition.async_scoped();
    co_await this->condition.async_wait();
    note(number);
  }

  Actor wait_until(Stage&, std::stop_token token, std::optional<bool>& notified) {
    const auto guard = co_await this->condition.async_scoped();
    notified = co_await this->condition.async_wait(std::move(token));
    note(*notified ? 1 : 0);
  }

  void note(int number) {
    order.push_back(number);
    EXPECT_TRUE(this->locked());
  }

  /// What the thread of the test does while it holds the lock.
  template <class Call>
  void locked_call(Call call) {
    this->condition.acquire();
    call();
    this->condition.release();
  }

  Stage stage;
  std::vector<int> order;
};
TYPED_TEST_SUITE(AsyncCondition, Kinds, KindNames);

// --- Wait ----------------------------------------------------------------------------------------

TYPED_TEST(AsyncCondition, WaitGivesUpTheLockAndHasItAgainAfterTheNotification) {  // AC2
  const Actor actor = this->wait(this->stage, 1);
  EXPECT_FALSE(this->locked());
  EXPECT_EQ(this->condition.waiters(), 1u);
  notify_one(this->condition);
  EXPECT_EQ(this->condition.waiters(), 0u);
  EXPECT_TRUE(this->locked());  // handed over
  this->stage.later.run();
  EXPECT_EQ(this->order, std::vector{1});
  EXPECT_FALSE(this->locked());
}

TYPED_TEST(AsyncCondition, OneThatIsNotifiedGoesOnOnlyWhenTheNotifierHasReleased) {  // CO12
  const Actor actor = this->wait(this->stage, 1);
  this->locked_call([this] {
    this->condition.notify();
    this->stage.later.run();
    EXPECT_TRUE(this->order.empty());
  });
  this->stage.later.run();
  EXPECT_EQ(this->order, std::vector{1});
}

TYPED_TEST(AsyncCondition, WaitWithoutTheLockIsAnError) {  // AC2, CO3
  bool thrown = false;
  const auto body = [&](Stage&) -> Actor {
    try {
      co_await this->condition.async_wait();
    } catch (const NotAcquiredError&) {
      thrown = true;
    }
  };
  const Actor actor = body(this->stage);
  EXPECT_TRUE(thrown);
  EXPECT_EQ(this->condition.waiters(), 0u);
  EXPECT_FALSE(this->locked());
}

TYPED_TEST(AsyncCondition, OnlyTheOwnerOfAnRLockMayWait) {  // AC2, R3
  if constexpr (requires { this->condition.underlying().owned(); }) {
    bool thrown = false;
    const auto body = [&](Stage&) -> Actor {
      try {
        co_await this->condition.async_wait();
      } catch (const NotAcquiredError&) {
        thrown = true;
      }
    };
    this->locked_call([&] { const Actor actor = body(this->stage); });  // the thread owns it
    EXPECT_TRUE(thrown);
  }
}

TYPED_TEST(AsyncCondition, WaitGivesUpAllLevelsAndHasThemAgain) {  // CO3
  if constexpr (requires { this->condition.underlying().owned(); }) {
    const auto body = [&](Stage&) -> Actor {
      const auto guard = co_await this->condition.async_scoped();
      const auto again = co_await this->condition.async_scoped();
      co_await this->condition.async_wait();
      this->order.push_back(static_cast<int>(this->condition.underlying().depth()));
    };
    const Actor actor = body(this->stage);
    EXPECT_FALSE(this->locked());
    notify_one(this->condition);
    this->stage.later.run();
    EXPECT_EQ(this->order, std::vector{2});
    EXPECT_FALSE(this->locked());
  }
}

TYPED_TEST(AsyncCondition, APredicateLoopEndsWhenThePredicateIsTrue) {  // AC5
  bool ready = false;
  const auto body = [&](Stage&) -> Actor {
    const auto guard = co_await this->condition.async_scoped();
    while (!ready) {
      this->order.push_back(0);
      co_await this->condition.async_wait();
    }
  };
  const Actor actor = body(this->stage);
  notify_one(this->condition);
  this->stage.later.run();
  EXPECT_FALSE(actor.done());
  this->locked_call([&] {
    ready = true;
    this->condition.notify();
  });
  this->stage.later.run();
  EXPECT_TRUE(actor.done());
  EXPECT_EQ(this->order, (std::vector{0, 0}));
}

// --- Notify --------------------------------------------------------------------------------------

TYPED_TEST(AsyncCondition, NotifyServesAsManyAsAskedOldestFirst) {  // AC6
  const std::array actors{this->wait(this->stage, 1), this->wait(this->stage, 2),
                          this->wait(this->stage, 3), this->wait(this->stage, 4)};
  this->locked_call([this] { this->condition.notify(0); });
  this->stage.later.run();
  EXPECT_TRUE(this->order.empty());
  this->locked_call([this] { this->condition.notify(2); });
  this->stage.later.run();
  EXPECT_EQ(this->order, (std::vector{1, 2}));
  this->locked_call([this] { this->condition.notify_all(); });
  this->stage.later.run();
  EXPECT_EQ(this->order, (std::vector{1, 2, 3, 4}));
}

TYPED_TEST(AsyncCondition, ANotificationThatFindsNobodyIsForgotten) {  // AC8
  notify_one(this->condition);
  const Actor actor = this->wait(this->stage, 1);
  this->stage.later.run();
  EXPECT_FALSE(actor.done());
  notify_one(this->condition);
  this->stage.later.run();
  EXPECT_TRUE(actor.done());
}

TYPED_TEST(AsyncCondition, OneThatComesBackIsNotServedByTheSameNotifyAll) {  // CO10
  const auto body = [&](Stage&) -> Actor {
    const auto guard = co_await this->condition.async_scoped();
    for (int round = 0; round < 2; ++round) {
      co_await this->condition.async_wait();
      this->order.push_back(round);
    }
  };
  const std::array actors{body(this->stage), body(this->stage)};
  this->locked_call([this] { this->condition.notify_all(); });
  this->stage.later.run();
  EXPECT_EQ(this->order, (std::vector{0, 0}));
  this->locked_call([this] { this->condition.notify_all(); });
  this->stage.later.run();
}

// --- Stop requests and deadlines -----------------------------------------------------------------

TYPED_TEST(AsyncCondition, OneThatWasStoppedIsNotNotifiedAndHasTheLock) {  // AC3, AC6
  std::optional<bool> notified;
  const Actor first = this->wait_until(this->stage, this->stop.get_token(), notified);
  const Actor second = this->wait(this->stage, 2);
  this->locked_call([this] {
    this->stop.request_stop();
    EXPECT_EQ(this->condition.waiters(), 1u);
    this->condition.notify();
  });
  this->stage.later.run();
  EXPECT_EQ(notified, false);
  EXPECT_EQ(this->order, (std::vector{0, 2}));
}

TYPED_TEST(AsyncCondition, AStopRequestAfterTheNotificationIsTooLate) {  // AC4
  for (const bool queueing : {true, false}) {
    std::stop_source source;
    std::optional<bool> notified;
    const Actor actor = this->wait_until(this->stage, source.get_token(), notified);
    this->locked_call([&] {
      this->condition.notify();
      if (queueing) source.request_stop();
    });
    if (!queueing) source.request_stop();
    this->stage.later.run();
    EXPECT_EQ(notified, true);
    EXPECT_FALSE(this->locked());
  }
}

TYPED_TEST(AsyncCondition, ATaskThatIsToEndHasTheLockOnItsWayOut) {  // AC3
  this->stage.stop = std::stop_source();
  const auto body = [&](Stage&) -> Actor {
    try {
      const auto guard = co_await this->condition.async_scoped();
      try {
        co_await this->condition.async_wait();
      } catch (const CancelledError&) {
        this->note(1);
        throw;
      }
    } catch (const CancelledError&) {
      this->order.push_back(2);
    }
  };
  const Actor actor = body(this->stage);
  this->locked_call([this] {
    this->stage.stop.request_stop();
    this->stage.later.run();
    EXPECT_TRUE(this->order.empty());  // the lock is elsewhere
  });
  this->stage.later.run();
  EXPECT_EQ(this->order, (std::vector{1, 2}));
  EXPECT_FALSE(this->locked());
}

TYPED_TEST(AsyncCondition,
           ATaskThatIsToEndAfterItsNotificationWasNotified) {  // AC4: nothing is lost
  this->stage.stop = std::stop_source();
  const Actor actor = this->wait(this->stage, 1);
  this->locked_call([this] {
    this->condition.notify();
    this->stage.stop.request_stop();
  });
  this->stage.later.run();
  EXPECT_EQ(this->order, std::vector{1});
}

TYPED_TEST(AsyncCondition, ATaskThatIsToEndAlreadyGivesUpTheLockForAMoment) {
  this->stage.stop = std::stop_source();
  this->stage.stop.request_stop();
  Stage other;
  bool cancelled = false;
  const auto body = [&](Stage&) -> Actor {
    const auto guard = co_await this->condition.async_scoped();
    try {
      co_await this->condition.async_wait();
    } catch (const CancelledError&) {
      cancelled = this->locked();
    }
  };
  const Actor actor = body(this->stage);
  EXPECT_TRUE(cancelled);
  EXPECT_FALSE(this->locked());
}

TYPED_TEST(AsyncCondition, ADeadlineThatHasPassedStillGivesUpTheLockForAMoment) {  // CO5, AC7
  std::optional<bool> notified;
  const auto waiter = [&](Stage&) -> Actor {
    const auto guard = co_await this->condition.async_scoped();
    const auto next = [&](Stage&) -> Actor {
      const auto its_guard = co_await this->condition.async_scoped();
      this->order.push_back(1);
    };
    const Actor other = next(this->stage);
    notified = co_await this->condition.async_wait_for(0h);
    this->note(2);
  };
  const Actor actor = waiter(this->stage);
  this->stage.later.run();
  EXPECT_EQ(notified, false);
  EXPECT_EQ(this->order, (std::vector{1, 2}));
  EXPECT_FALSE(this->locked());
}

TYPED_TEST(AsyncCondition, ADeadlineThatComesIsReportedWithTheLockHeld) {  // AC7, CO6
  std::optional<bool> notified;
  Event over;
  const auto body = [&](Loop&) -> OnLoop {
    {
      const auto guard = co_await this->condition.async_scoped();
      notified = co_await this->condition.async_wait_until(StagedClock::deadline);
      EXPECT_TRUE(this->locked());
    }
    over.set();
  };
  Loop loop;
  std::optional<OnLoop> first;
  loop.call([&] { first.emplace(body(loop)); });
  const Actor second = this->wait(this->stage, 2);
  StagedClock::let_it_come();
  over.wait();
  loop.call([&] { first.reset(); });
  EXPECT_EQ(notified, false);
  notify_one(this->condition);  // and it has consumed none
  this->stage.later.run();
  EXPECT_EQ(this->order, std::vector{2});
}

// --- Locks that are shared -----------------------------------------------------------------------

TYPED_TEST(AsyncCondition, TwoConditionsMayShareALock) {  // AC1
  std::remove_reference_t<decltype(this->condition)> other(this->condition.underlying());
  const auto body = [&](Stage&) -> Actor {
    const auto guard = co_await other.async_scoped();
    co_await other.async_wait();
    this->note(2);
  };
  const Actor first = this->wait(this->stage, 1);
  const Actor second = body(this->stage);
  this->locked_call([&] { other.notify(); });
  this->stage.later.run();
  EXPECT_EQ(this->order, std::vector{2});
  notify_one(this->condition);
  this->stage.later.run();
  EXPECT_EQ(this->order, (std::vector{2, 1}));
}

}  // namespace
}  // namespace lockstep::test
