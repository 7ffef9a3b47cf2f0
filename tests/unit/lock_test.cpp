// tests/unit/lock_test.cpp: what a Lock does (SEMANTICS 2.1).
// L9, L10, stop requests: deadline_test.cpp. Order of those that wait: fairness_test.cpp. Destruction: lifetime_test.cpp.
#include "lockstep/lock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>

#include "threads.hpp"
#include "throws.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

// --- What it is ----------------------------------------------------------------------------------

static_assert(std::is_nothrow_default_constructible_v<Lock>);  // L1

extern Lock early_lock;
const bool taken_early = early_lock.try_acquire();
constinit Lock early_lock;

TEST(Lock, ServesInitializersThatRunBeforeItsDefinitionIsReached) {  // L1
  EXPECT_TRUE(taken_early);
  EXPECT_TRUE(early_lock.locked());
}

TEST(Lock, PromisesNotToThrowWhereItCannot) {
  EXPECT_TRUE(noexcept(std::declval<Lock&>().try_acquire()));
  EXPECT_TRUE(noexcept(std::declval<Lock&>().try_lock()));
  EXPECT_TRUE(noexcept(std::declval<const Lock&>().locked()));
}

// --- Acquire and release -------------------------------------------------------------------------

TEST(Lock, BeginsFree) {  // L1
  Lock lock;
  EXPECT_FALSE(lock.locked());
  EXPECT_TRUE(lock.try_acquire());
}

TEST(Lock, IsHeldFromAcquireToRelease) {  // L2, L6
  Lock lock;
  lock.acquire();
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(lock.try_acquire());
  lock.release();
  EXPECT_FALSE(lock.locked());
}

TEST(Lock, IsSeenAsHeldByThreadsThatDoNotHoldIt) {  // L6
  Lock lock;
  lock.acquire();
  bool locked = false;
  std::jthread([&] { locked = lock.locked(); }).join();
  EXPECT_TRUE(locked);
}

TEST(Lock, EveryWayToAskTakesAFreeLock) {  // L2
  Lock lock;
  const auto expect_taken = [&](auto attempt) {
    EXPECT_TRUE(attempt());
    EXPECT_TRUE(lock.locked());
    lock.release();
  };
  expect_taken([&] { return lock.try_acquire(); });
  expect_taken([&] { return lock.acquire(std::stop_token{}); });
  expect_taken([&] { return lock.try_acquire_for(1h); });
  expect_taken([&] { return lock.try_acquire_for(1h, std::stop_token{}); });
  expect_taken([&] { return lock.try_acquire_until(std::chrono::steady_clock::now() + 1h); });
  expect_taken([&] { return lock.try_lock(); });
  expect_taken([&] { return lock.try_lock_for(1h); });
  expect_taken([&] { return lock.try_lock_until(std::chrono::system_clock::now() + 1h); });
}

TEST(Lock, AcquireSleepsUntilTheRelease) {  // L2
  Lock lock;
  lock.acquire();
  BlockedThread waiter([&] { lock.acquire(); });
  waiter.wait_until_asleep();
  lock.release();
  waiter.join();
  EXPECT_TRUE(lock.locked());
}

TEST(Lock, TheHoldersSecondAcquireSleepsUntilAnotherThreadReleases) {  // L3
  Lock lock;
  BlockedThread holder([&] {
    lock.acquire();
    lock.acquire();
  });
  holder.wait_until_asleep();
  lock.release();
  holder.join();
  EXPECT_TRUE(lock.locked());
}

TEST(Lock, ReleaseByAnotherThreadFreesIt) {  // L4
  Lock lock;
  lock.acquire();
  std::jthread([&] { lock.release(); }).join();
  EXPECT_FALSE(lock.locked());
}

TEST(Lock, ReleaseByAnotherThreadLetsAWaiterIn) {  // L4
  Lock lock;
  lock.acquire();
  BlockedThread waiter([&] { lock.acquire(); });
  waiter.wait_until_asleep();
  std::jthread([&] { lock.release(); }).join();
  waiter.join();
  EXPECT_TRUE(lock.locked());
}

TEST(Lock, OneReleaseLetsInOneWaiter) {  // L4
  Lock lock;
  lock.acquire();
  BlockedThread first([&] { lock.acquire(); });
  first.wait_until_asleep();
  BlockedThread second([&] { lock.acquire(); });
  second.wait_until_asleep();
  lock.release();
  first.join();
  second.wait_until_asleep();
  lock.release();
  second.join();
}

TEST(Lock, ReleaseOfAFreeLockThrowsAndChangesNothing) {  // L5
  Lock lock;
  const auto release = [&] { lock.release(); };
  EXPECT_TRUE(throws<NotAcquiredError>("Lock::release", release));
  EXPECT_FALSE(lock.locked());
  lock.acquire();
  lock.release();
  EXPECT_TRUE(throws<NotAcquiredError>("Lock::release", release));
  EXPECT_TRUE(throws<NotAcquiredError>("Lock::release", [&] { lock.unlock(); }));
  EXPECT_TRUE(lock.try_acquire());
  EXPECT_FALSE(lock.try_acquire());
}

TEST(Lock, ItsErrorIsALockstepErrorAndARuntimeError) {
  static_assert(std::is_base_of_v<Error, NotAcquiredError>);
  static_assert(std::is_base_of_v<std::runtime_error, Error>);
  Lock lock;
  EXPECT_THROW(lock.release(), std::runtime_error);
}

TEST(Lock, AnAcquireInVainLeavesItAsItWas) {  // L7
  Lock lock;
  std::stop_source stop;
  stop.request_stop();
  lock.acquire();
  EXPECT_FALSE(lock.try_acquire());
  EXPECT_FALSE(lock.try_acquire_for(1ms));
  EXPECT_FALSE(lock.try_lock_for(1ms));
  EXPECT_FALSE(lock.try_acquire_until(std::chrono::steady_clock::now() + 1ms));
  EXPECT_FALSE(lock.try_lock_until(std::chrono::system_clock::now() + 1ms));
  EXPECT_FALSE(lock.acquire(stop.get_token()));
  EXPECT_TRUE(lock.locked());
  lock.release();
  EXPECT_FALSE(lock.locked());
  EXPECT_TRUE(lock.try_acquire());
  EXPECT_FALSE(lock.try_acquire());
}

TEST(Lock, AReleaseWithoutWaitersIsNotRemembered) {  // L11
  Lock lock;
  for (int i = 0; i < 100'000; ++i) {
    lock.acquire();
    lock.release();
  }
  EXPECT_TRUE(lock.try_acquire());
  EXPECT_FALSE(lock.try_acquire_for(1ms));
}

// --- With the standard library -------------------------------------------------------------------

TEST(Lock, AGuardReleasesOnEveryWayOut) {  // L8
  Lock lock;
  {
    const std::scoped_lock guard(lock);
    EXPECT_TRUE(lock.locked());
  }
  EXPECT_FALSE(lock.locked());
  EXPECT_THROW(
      {
        const std::scoped_lock guard(lock);
        throw std::logic_error("on the way out");
      },
      std::logic_error);
  EXPECT_FALSE(lock.locked());
}

TEST(Lock, UniqueLockTriesAndTimesOut) {
  Lock lock;
  std::unique_lock first(lock, std::try_to_lock);
  EXPECT_TRUE(first.owns_lock());
  EXPECT_FALSE(std::unique_lock(lock, std::try_to_lock).owns_lock());
  EXPECT_FALSE(std::unique_lock(lock, 1ms).owns_lock());
  EXPECT_FALSE(std::unique_lock(lock, std::chrono::system_clock::now() + 1ms).owns_lock());
  first.unlock();
  EXPECT_TRUE(std::unique_lock(lock, 1ms).owns_lock());
}

TEST(Lock, StdLockTakesSeveralInAnyOrderWithoutDeadlock) {
  Lock a;
  Lock b;
  int both = 0;
  const auto take_both = [&both](Lock& one, Lock& other) {
    for (int i = 0; i < 10'000; ++i) {
      const std::scoped_lock guard(one, other);
      ++both;
    }
  };
  std::jthread forwards([&] { take_both(a, b); });
  std::jthread backwards([&] { take_both(b, a); });
  forwards.join();
  backwards.join();
  EXPECT_EQ(both, 20'000);
  EXPECT_FALSE(a.locked());
  EXPECT_FALSE(b.locked());
}

TEST(Lock, WorksWithConditionVariableAny) {
  Lock lock;
  std::condition_variable_any changed;
  bool ready = false;
  BlockedThread waiter([&] {
    std::unique_lock guard(lock);
    changed.wait(guard, [&] { return ready; });
    EXPECT_TRUE(lock.locked());
    EXPECT_FALSE(changed.wait_for(guard, 1ms, [] { return false; }));
    EXPECT_TRUE(lock.locked());
  });
  waiter.wait_until_asleep();
  {
    const std::scoped_lock guard(lock);
    ready = true;
  }
  changed.notify_one();
  waiter.join();
  EXPECT_FALSE(lock.locked());
}

// --- Many ----------------------------------------------------------------------------------------

TEST(Lock, HundredsOfSleepersAllGetItAndExcludeEachOther) {  // O5
  constexpr int many = 200;  // a container may allow no more than a few hundred threads
  constexpr int rounds = 10;
  Lock lock;
  lock.acquire();
  long count = 0;  // not atomic: the lock has to do
  std::deque<BlockedThread> threads;
  for (int i = 0; i < many; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        const std::scoped_lock guard(lock);
        ++count;
      }
    });
  }
  for (BlockedThread& thread : threads) thread.wait_until_asleep();
  lock.release();
  threads.clear();
  EXPECT_EQ(count, long{many} * rounds);
}

}  // namespace
}  // namespace lockstep::test
