// Specifies lockstep/condition.hpp: whom a notification reaches, in what order, and when they
// return (SEMANTICS CO6, CO9-CO13). What a wait does to the lock: condition_test.cpp.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "conditions.hpp"
#include "crowd.hpp"
#include "lockstep/condition.hpp"
#include "staged_clock.hpp"
#include "threads.hpp"

namespace {

using namespace std::chrono_literals;
using lockstep::BasicCondition;
using lockstep::Condition;
using lockstep::Lock;
using lockstep::RLock;
using lockstep::test::await_waiters;
using lockstep::test::BlockedThread;
using lockstep::test::RecurringStop;
using lockstep::test::sanitized;
using lockstep::test::StagedClock;

/// A condition over `L`, and threads that wait on it.
template <class L>
class Notifying : public testing::Test {
 protected:
  /// Starts one more, number 0, 1, …, and sees to it that it waits before the next does.
  void start_waiter() {
    const std::size_t waiting = condition.waiters();
    const int number = static_cast<int>(waiters.size());
    waiters.emplace_back([this, number] {
      const std::scoped_lock guard(condition);
      condition.wait();
      returned.push_back(number);
    });
    await_waiters(condition, waiting + 1);
  }
  void start_waiters(int count) {
    for (int i = 0; i < count; ++i) start_waiter();
  }

  /// The numbers of those that have returned, when `count` have.
  std::vector<int> await_returned(std::size_t count) {
    for (;; std::this_thread::yield()) {
      const std::scoped_lock guard(condition);
      if (returned.size() >= count) return returned;
    }
  }

  BasicCondition<L> condition;
  std::stop_source stop;
  std::vector<int> returned;          // guarded by the lock
  std::deque<BlockedThread> waiters;  // last, so that they are joined before the rest goes
};

struct LockNames {
  template <class L>
  static std::string GetName(int) {
    return std::is_same_v<L, Lock> ? "Lock" : "RLock";
  }
};
using Locks = testing::Types<Lock, RLock>;
TYPED_TEST_SUITE(Notifying, Locks, LockNames);

// How many, and which

TYPED_TEST(Notifying, NReachesTheNThatHaveWaitedLongest) {  // CO9
  this->start_waiters(5);
  {
    const std::scoped_lock guard(this->condition);
    this->condition.notify(2);
    EXPECT_EQ(this->condition.waiters(), 3u);
  }
  EXPECT_EQ(this->await_returned(2), (std::vector{0, 1}));
  {
    const std::scoped_lock guard(this->condition);
    this->condition.notify_one();
  }
  EXPECT_EQ(this->await_returned(3), (std::vector{0, 1, 2}));
  const std::scoped_lock guard(this->condition);
  this->condition.notify(100);
  EXPECT_EQ(this->condition.waiters(), 0u);
}

TYPED_TEST(Notifying, NoneReachesNobody) {  // CO9
  this->start_waiters(2);
  const std::scoped_lock guard(this->condition);
  this->condition.notify(0);
  EXPECT_EQ(this->condition.waiters(), 2u);
  this->condition.notify_all();
}

TYPED_TEST(Notifying, AllReturnInTheOrderInWhichTheyBeganToWait) {  // CO9, CO10
  this->start_waiters(6);
  {
    const std::scoped_lock guard(this->condition);
    this->condition.notify_all();
  }
  EXPECT_EQ(this->await_returned(6), (std::vector{0, 1, 2, 3, 4, 5}));
}

TYPED_TEST(Notifying, AllReachesOnlyThoseThatWaitNow) {  // CO10
  constexpr std::size_t count = 6;
  auto& condition = this->condition;
  int returns = 0;
  std::deque<BlockedThread> waiters;
  for (std::size_t i = 0; i < count; ++i) {
    waiters.emplace_back([&] {
      const std::scoped_lock guard(condition);
      condition.wait();
      ++returns;
      condition.wait();  // the same notification is not for this
      ++returns;
    });
  }
  await_waiters(condition, count);
  for (int round = 1; round <= 2; ++round) {
    {
      const std::scoped_lock guard(condition);
      condition.notify_all();
      EXPECT_EQ(condition.waiters(), 0u);
    }
    if (round == 1) await_waiters(condition, count);
  }
  for (BlockedThread& waiter : waiters) waiter.join();
  EXPECT_EQ(returns, 2 * static_cast<int>(count));
}

TYPED_TEST(Notifying, WithoutWaitersIsForgotten) {  // CO11
  auto& condition = this->condition;
  const std::scoped_lock guard(condition);
  condition.notify();
  condition.notify_all();
  EXPECT_FALSE(condition.wait_for(1ms));
  EXPECT_FALSE(condition.wait_for(0s));
}

TYPED_TEST(Notifying, OneConditionReachesNobodyOfAnotherOnTheSameLock) {  // CO1
  TypeParam lock;
  BasicCondition<TypeParam> full{lock};
  BasicCondition<TypeParam> empty{lock};
  std::atomic<int> ended{0};
  BlockedThread on_full([&] {
    const std::scoped_lock guard(lock);
    full.wait();
    ++ended;
  });
  BlockedThread on_empty([&] {
    const std::scoped_lock guard(lock);
    empty.wait();
    ++ended;
  });
  await_waiters(full, 1);
  await_waiters(empty, 1);
  {
    const std::scoped_lock guard(lock);
    empty.notify_all();
    EXPECT_EQ(full.waiters(), 1u);
  }
  on_empty.join();
  EXPECT_EQ(ended, 1);
  const std::scoped_lock guard(lock);
  full.notify_all();
}

// When

TYPED_TEST(Notifying, NobodyReturnsBeforeTheLockIsReleased) {  // CO12
  this->start_waiters(3);
  const std::scoped_lock guard(this->condition);
  this->condition.notify_all();
  for (BlockedThread& waiter : this->waiters) waiter.wait_until_asleep();
  EXPECT_TRUE(this->returned.empty());
}

TEST(NotifyingRLock, NobodyReturnsBeforeItsLastLevelIsReleased) {  // CO12
  Condition condition;
  bool last_level = false;
  BlockedThread waiter([&] {
    const std::scoped_lock guard(condition);
    condition.wait();
    EXPECT_TRUE(last_level);
  });
  await_waiters(condition, 1);
  condition.acquire();
  condition.acquire();
  condition.notify();
  condition.release();
  waiter.wait_until_asleep();
  last_level = true;
  condition.release();
}

TYPED_TEST(Notifying, TheNotifiedComeAfterThoseThatWaitForTheLockAlready) {  // A2
  this->start_waiters(1);
  auto& condition = this->condition;
  condition.acquire();
  BlockedThread earlier([&] {
    const std::scoped_lock guard(condition);
    this->returned.push_back(-1);
  });
  earlier.wait_until_asleep();
  condition.notify();
  condition.release();
  EXPECT_EQ(this->await_returned(2), (std::vector{-1, 0}));
}

TYPED_TEST(Notifying,
           TheNotifierMayDestroyTheConditionBeforeTheyReturn) {  // O3, where the lock stays
  TypeParam lock;
  auto condition = std::make_unique<BasicCondition<TypeParam>>(lock);
  std::deque<BlockedThread> waiters;
  for (int i = 0; i < 3; ++i) {
    waiters.emplace_back([&lock, condition = condition.get()] {
      const std::scoped_lock guard(lock);
      EXPECT_TRUE(condition->wait_for(24h));
    });
  }
  await_waiters(*condition, 3);
  const std::scoped_lock guard(lock);
  condition->notify_all();
  condition.reset();
}

// CO6: exactly those whose wait returns true consumed a notification

TYPED_TEST(Notifying,
           OneWhoseTimeIsUpConsumesNothing) {  // CPython's gap: it has not got the lock back yet
  auto& condition = this->condition;
  StagedClock::put_off();
  BlockedThread timed([&] {
    const std::scoped_lock guard(condition);
    EXPECT_FALSE(condition.wait_until(StagedClock::deadline));
  });
  await_waiters(condition, 1);
  BlockedThread untimed([&] {
    const std::scoped_lock guard(condition);
    condition.wait();
  });
  await_waiters(condition, 2);
  const std::scoped_lock guard(condition);
  StagedClock::let_it_come();
  await_waiters(condition, 1);
  condition.notify();
  EXPECT_EQ(condition.waiters(), 0u);
}

TYPED_TEST(Notifying, OneWhoWasStoppedConsumesNothing) {  // CO15
  auto& condition = this->condition;
  BlockedThread stopped([&] {
    const std::scoped_lock guard(condition);
    EXPECT_FALSE(condition.wait(this->stop.get_token()));
  });
  await_waiters(condition, 1);
  BlockedThread other([&] {
    const std::scoped_lock guard(condition);
    condition.wait();
  });
  await_waiters(condition, 2);
  const std::scoped_lock guard(condition);
  this->stop.request_stop();
  EXPECT_EQ(condition.waiters(), 1u);
  condition.notify();
  EXPECT_EQ(condition.waiters(), 0u);
}

TYPED_TEST(Notifying, NotificationsAndTrueReturnsAreEquallyMany) {
  // Threads whose waits time out or are stopped all the time, among threads that wait for good.
  // There is a notification only while one of the latter is certain to be waiting, so that each has
  // somebody to reach. Were one consumed by a wait that says false, a thread would wait for ever;
  // were one delivered twice, the sums would differ.
  constexpr int notifications = sanitized ? 3'000 : 20'000;
  auto& condition = this->condition;
  int sent = 0;  // all guarded by the lock
  int received = 0;
  int for_good = 0;  // in a wait without end, perhaps notified
  bool over = false;

  std::vector<std::jthread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      const std::scoped_lock guard(condition);
      while (!over) {
        ++for_good;
        condition.wait();
        --for_good;
        ++received;
      }
    });
    threads.emplace_back([&] {
      const std::scoped_lock guard(condition);
      int round = 0;
      while (!over) {
        if (condition.wait_for(std::chrono::microseconds(++round % 100))) ++received;
      }
    });
  }
  RecurringStop stop;
  threads.emplace_back([&] {
    const std::scoped_lock guard(condition);
    while (!over) {
      if (condition.wait(stop.next())) ++received;
    }
  });

  for (bool done = false; !done;) {
    stop.request();
    const std::scoped_lock guard(condition);
    over = sent >= notifications;
    if (for_good > sent - received) {
      condition.notify();
      ++sent;
    }
    done = over && for_good == 0;
  }
  stop.request();
  threads.clear();
  EXPECT_EQ(received, sent);
}

}  // namespace
