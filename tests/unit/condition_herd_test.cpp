// Specifies what lockstep/condition.hpp costs: notify_all moves the waiters to the lock's queue,
// from where each is woken when it is its turn. It does not wake a herd that then fights for the
// lock.

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <iostream>
#include <mutex>
#include <string>
#include <type_traits>

#include "lockstep/condition.hpp"
#include "lockstep/lock.hpp"
#include "threads.hpp"

namespace {

using lockstep::BasicCondition;
using lockstep::Condition;
using lockstep::Lock;
using lockstep::test::BlockedThread;
using lockstep::test::sanitized;
using lockstep::test::voluntary_switches;

constexpr int waiters = 64;

/// The same program for all: waiters that are released all at once. Returns how often they went to
/// sleep, from just before their wait until they had the lock back. Each has to once, until it is
/// notified.
template <class Lockable, class Wait, class NotifyAll>
long sleeps_of_all(Lockable& lock, Wait wait, NotifyAll notify_all) {
  std::atomic<long> sleeps{0};
  bool released = false;
  std::deque<BlockedThread> threads;
  for (int i = 0; i < waiters; ++i) {
    threads.emplace_back([&] {
      std::unique_lock guard(lock);
      const long before = voluntary_switches();
      wait(guard, [&] { return released; });
      sleeps += voluntary_switches() - before;
    });
  }
  for (BlockedThread& thread : threads) thread.wait_until_asleep();
  {
    const std::scoped_lock guard(lock);
    released = true;
    notify_all();
  }
  threads.clear();
  return sleeps;
}

long sleeps_of_std() {
  std::mutex mutex;
  std::condition_variable variable;
  return sleeps_of_all(
      mutex, [&](auto& guard, auto predicate) { variable.wait(guard, predicate); },
      [&] { variable.notify_all(); });
}

template <class C>
long sleeps_of_lockstep() {
  C condition;
  return sleeps_of_all(
      condition, [&](auto&, auto predicate) { condition.wait(predicate); },
      [&] { condition.notify_all(); });
}

template <class C>
class ConditionHerd : public testing::Test {};
struct LockNames {
  template <class C>
  static std::string GetName(int) {
    return std::is_same_v<C, Condition> ? "RLock" : "Lock";
  }
};
using Conditions = testing::Types<BasicCondition<Lock>, Condition>;
TYPED_TEST_SUITE(ConditionHerd, Conditions, LockNames);

TYPED_TEST(ConditionHerd, EachOfManyWaitersSleepsAboutOnceAndNotMoreThanWithTheStandardLibrary) {
  const long ours = sleeps_of_lockstep<TypeParam>();
  const long theirs = sleeps_of_std();
  this->RecordProperty("sleeps", static_cast<int>(ours));
  this->RecordProperty("sleeps_with_std_condition_variable", static_cast<int>(theirs));
  std::cout << waiters << " waiters, notify_all: " << ours
            << " voluntary switches; std::condition_variable: " << theirs << '\n';
  EXPECT_GE(ours, waiters) << "they were asleep";
  // None of ours has to sleep for the lock: it is woken when the lock is free. The allowance is for
  // one that waits for the queue's guard because its holder was preempted. A sanitizer has locks of
  // its own.
  constexpr long allowance = waiters / 4;
  EXPECT_LE(ours, theirs + allowance);
  if (!sanitized) {
    EXPECT_LE(ours, waiters + allowance);
  }
}

}  // namespace
