// tests/unit/semaphore_test.cpp: what a Semaphore does (SEMANTICS 2.4).
// Deadlines, stop requests, signals: deadline_test.cpp. S6: fairness_test.cpp. Destruction: lifetime_test.cpp.
#include "lockstep/semaphore.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>

#include "crowd.hpp"
#include "lockstep/lock.hpp"
#include "threads.hpp"
#include "throws.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

constexpr std::ptrdiff_t most = Semaphore::max();

// --- What it is ----------------------------------------------------------------------------------

static_assert(std::is_default_constructible_v<Semaphore>);         // S1
static_assert(!std::is_convertible_v<std::ptrdiff_t, Semaphore>);  // S1: explicit
static_assert(most >= std::numeric_limits<std::int32_t>::max());   // S4: as good as unbounded

extern Semaphore early_semaphore;
const bool taken_early = early_semaphore.try_acquire();
constinit Semaphore early_semaphore(3);

TEST(Semaphore, ServesInitializersThatRunBeforeItsDefinitionIsReached) {  // S1
  EXPECT_TRUE(taken_early);
  EXPECT_EQ(early_semaphore.value(), 2);
}

TEST(Semaphore, PromisesNotToThrowWhereItCannot) {
  EXPECT_TRUE(noexcept(std::declval<Semaphore&>().try_acquire()));
  EXPECT_TRUE(noexcept(std::declval<Semaphore&>().try_lock()));
  EXPECT_TRUE(noexcept(std::declval<const Semaphore&>().value()));
  EXPECT_TRUE(noexcept(std::declval<const Semaphore&>().locked()));
}

TEST(Semaphore, BeginsWithOnePermitOrAsManyAsAsked) {  // S1
  EXPECT_EQ(Semaphore().value(), 1);
  EXPECT_EQ(Semaphore(0).value(), 0);
  EXPECT_EQ(Semaphore(5).value(), 5);
  EXPECT_EQ(Semaphore(most).value(), most);
}

TEST(Semaphore, RefusesToBeginWithAnImpossibleNumberOfPermits) {  // S1
  EXPECT_TRUE(throws<std::invalid_argument>("Semaphore", [] { Semaphore semaphore(-1); }));
  EXPECT_TRUE(throws<std::invalid_argument>(
      "Semaphore", [] { Semaphore semaphore(std::numeric_limits<std::ptrdiff_t>::min()); }));
  EXPECT_TRUE(throws<std::invalid_argument>("Semaphore", [] { Semaphore semaphore(most + 1); }));
}

// --- Acquire -------------------------------------------------------------------------------------

TEST(Semaphore, EveryWayToAskTakesOnePermit) {  // S2, S7
  Semaphore semaphore(9);
  std::ptrdiff_t left = 9;
  const auto expect_one_less = [&](auto attempt) {
    EXPECT_TRUE(attempt());
    EXPECT_EQ(semaphore.value(), --left);
  };
  expect_one_less([&] { return semaphore.acquire(), true; });
  expect_one_less([&] { return semaphore.acquire(std::stop_token{}); });
  expect_one_less([&] { return semaphore.try_acquire(); });
  expect_one_less([&] { return semaphore.try_acquire_for(1h); });
  expect_one_less([&] { return semaphore.try_acquire_until(std::chrono::system_clock::now()); });
  expect_one_less([&] { return semaphore.lock(), true; });
  expect_one_less([&] { return semaphore.try_lock(); });
  expect_one_less([&] { return semaphore.try_lock_for(0s); });
  expect_one_less([&] { return semaphore.try_lock_until(std::chrono::steady_clock::now()); });
  EXPECT_FALSE(semaphore.try_acquire());
  EXPECT_FALSE(semaphore.try_acquire_for(1ms));
  EXPECT_EQ(semaphore.value(), 0);
}

TEST(Semaphore, AcquireSleepsUntilThereIsAPermit) {  // S2
  Semaphore semaphore(0);
  BlockedThread waiter([&] { semaphore.acquire(); });
  waiter.wait_until_asleep();
  semaphore.release();
  waiter.join();
  EXPECT_EQ(semaphore.value(), 0);
}

TEST(Semaphore, IsLockedExactlyWhenAnAttemptWouldFail) {  // S7
  Semaphore semaphore(1);
  EXPECT_FALSE(semaphore.locked());
  EXPECT_TRUE(semaphore.try_acquire());
  EXPECT_TRUE(semaphore.locked());
  EXPECT_FALSE(semaphore.try_acquire());
}

// --- Release -------------------------------------------------------------------------------------

TEST(Semaphore, ReleaseAddsAsManyPermitsAsAsked) {  // S3
  Semaphore semaphore(0);
  semaphore.release();
  EXPECT_EQ(semaphore.value(), 1);
  semaphore.release(4);
  EXPECT_EQ(semaphore.value(), 5);
}

TEST(Semaphore, ReleaseWakesAsManyAsThereArePermits) {  // S3
  Semaphore semaphore(0);
  BlockedThread first([&] { semaphore.acquire(); });
  first.wait_until_asleep();
  BlockedThread second([&] { semaphore.acquire(); });
  second.wait_until_asleep();
  BlockedThread third([&] { semaphore.acquire(); });
  third.wait_until_asleep();
  semaphore.release(2);
  first.join();
  second.join();
  third.wait_until_asleep();
  semaphore.release(5);
  third.join();
  EXPECT_EQ(semaphore.value(), 4);
}

TEST(Semaphore, TwoReleasesInARowWakeTwo) {  // S3, W16
  Semaphore semaphore(0);
  BlockedThread first([&] { semaphore.acquire(); });
  first.wait_until_asleep();
  BlockedThread second([&] { semaphore.acquire(); });
  second.wait_until_asleep();
  semaphore.release();
  semaphore.release();
  first.join();
  second.join();
  EXPECT_EQ(semaphore.value(), 0);
}

TEST(Semaphore, ReleaseByAThreadThatNeverAcquiredCounts) {  // S3
  Semaphore semaphore(0);
  std::jthread([&] { semaphore.release(); }).join();
  EXPECT_TRUE(semaphore.try_acquire());
}

TEST(Semaphore, ReleaseOfLessThanOneThrowsAndAddsNothing) {  // S3
  Semaphore semaphore(2);
  for (const std::ptrdiff_t n : {std::ptrdiff_t{0}, std::ptrdiff_t{-1}, -most - 1}) {
    EXPECT_TRUE(throws<std::invalid_argument>("Semaphore::release", [&] { semaphore.release(n); }));
    EXPECT_EQ(semaphore.value(), 2);
  }
}

TEST(Semaphore, MayHoldMoreThanItBeganWith) {  // S4
  Semaphore semaphore(1);
  semaphore.release(10);
  EXPECT_EQ(semaphore.value(), 11);
}

TEST(Semaphore, ReleaseBeyondWhatCanBeCountedThrowsAndAddsNothing) {  // S4
  Semaphore full(most);
  EXPECT_TRUE(throws<OverReleaseError>("Semaphore::release", [&] { full.release(); }));
  EXPECT_EQ(full.value(), most);

  Semaphore semaphore(2);
  for (const std::ptrdiff_t n : {most - 1, most, std::numeric_limits<std::ptrdiff_t>::max()}) {
    EXPECT_TRUE(throws<OverReleaseError>("Semaphore::release", [&] { semaphore.release(n); }));
    EXPECT_EQ(semaphore.value(), 2);
  }
  semaphore.release(most - 2);
  EXPECT_EQ(semaphore.value(), most);
}

TEST(Semaphore, AReleaseThatThrowsWakesNobody) {  // S4
  Semaphore semaphore(0);
  BlockedThread waiter([&] { semaphore.acquire(); });
  waiter.wait_until_asleep();
  EXPECT_TRUE(throws<OverReleaseError>("Semaphore::release", [&] { semaphore.release(most + 1); }));
  EXPECT_TRUE(throws<std::invalid_argument>("Semaphore::release", [&] { semaphore.release(0); }));
  waiter.wait_until_asleep();
  EXPECT_EQ(semaphore.value(), 0);
  semaphore.release();
  waiter.join();
}

// --- With the standard library -------------------------------------------------------------------

TEST(Semaphore, AGuardHoldsOnePermit) {  // S5
  Semaphore semaphore(3);
  EXPECT_THROW(
      {
        const std::scoped_lock first(semaphore);
        const std::unique_lock second(semaphore);
        EXPECT_EQ(semaphore.value(), 1);
        throw std::logic_error("on the way out");
      },
      std::logic_error);
  EXPECT_EQ(semaphore.value(), 3);
}

TEST(Semaphore, StdLockTakesItTogetherWithALock) {  // S5
  Semaphore semaphore(1);
  Lock lock;
  int both = 0;
  const auto take_both = [&both](auto& one, auto& other) {
    for (int i = 0; i < 10'000; ++i) {
      const std::scoped_lock guard(one, other);
      ++both;
    }
  };
  std::jthread forwards([&] { take_both(semaphore, lock); });
  std::jthread backwards([&] { take_both(lock, semaphore); });
  forwards.join();
  backwards.join();
  EXPECT_EQ(both, 20'000);
  EXPECT_EQ(semaphore.value(), 1);
}

TEST(Semaphore, WorksWithConditionVariableAny) {
  Semaphore semaphore;
  std::condition_variable_any changed;
  bool ready = false;
  BlockedThread waiter([&] {
    std::unique_lock guard(semaphore);
    changed.wait(guard, [&] { return ready; });
  });
  waiter.wait_until_asleep();
  {
    const std::scoped_lock guard(semaphore);
    ready = true;
  }
  changed.notify_one();
  waiter.join();
  EXPECT_EQ(semaphore.value(), 1);
}

// --- Conservation --------------------------------------------------------------------------------

TEST(Semaphore, PermitsAreNeitherLostNorInventedWhenManyGiveUp) {  // S8
  constexpr std::ptrdiff_t permits = 2;
  Semaphore semaphore(permits);
  std::atomic<int> inside{0};
  std::atomic<int> one_too_many{0};
  const long successes = crowd(semaphore, [&] {
    if (++inside > permits) ++one_too_many;
    --inside;
  });
  EXPECT_GT(successes, 0);
  EXPECT_EQ(one_too_many, 0);
  EXPECT_EQ(semaphore.value(), permits);
}

TEST(Semaphore, WhatWasWrittenBeforeReleaseIsSeenAfterAcquire) {  // O5
  constexpr int items = 20'000;
  Semaphore free_slots(4);
  Semaphore full_slots(0);
  int slots[4] = {};  // not atomic: the semaphores have to do
  std::jthread producer([&] {
    for (int item = 0; item < items; ++item) {
      free_slots.acquire();
      slots[item % 4] = item;
      full_slots.release();
    }
  });
  int wrong = 0;
  for (int item = 0; item < items; ++item) {
    full_slots.acquire();
    if (slots[item % 4] != item) ++wrong;
    free_slots.release();
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace lockstep::test
