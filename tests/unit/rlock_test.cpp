// tests/unit/rlock_test.cpp: what an RLock does (SEMANTICS 2.2).
// R7 (all levels given up and taken back) shows through a Condition: condition_test.cpp.
// L9, L10, stop requests: deadline_test.cpp. Order of those that wait: fairness_test.cpp. Destruction: lifetime_test.cpp.
#include "lockstep/rlock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "threads.hpp"
#include "throws.hpp"

namespace lockstep {

/// 2^32 acquires would take a while.
struct RLockTestAccess {
  static void go_to_the_last_level(RLock& lock) { lock.depth_ = RLock::max_depth_; }
  static void go_to_the_first_level(RLock& lock) { lock.depth_ = 1; }
};

namespace test {
namespace {

using namespace std::chrono_literals;

// --- What it is ----------------------------------------------------------------------------------

static_assert(std::is_nothrow_default_constructible_v<RLock>);

extern RLock early_lock;
const bool taken_early = early_lock.try_acquire();
constinit RLock early_lock;

TEST(RLock, ServesInitializersThatRunBeforeItsDefinitionIsReached) {
  EXPECT_TRUE(taken_early);
  EXPECT_TRUE(early_lock.locked());
}

TEST(RLock, PromisesNotToThrowWhereItCannot) {
  EXPECT_TRUE(noexcept(std::declval<RLock&>().try_acquire()));
  EXPECT_TRUE(noexcept(std::declval<RLock&>().try_lock()));
  EXPECT_TRUE(noexcept(std::declval<const RLock&>().locked()));
  EXPECT_TRUE(noexcept(std::declval<const RLock&>().owned()));
  EXPECT_TRUE(noexcept(std::declval<const RLock&>().depth()));
}

// --- Acquire and release -------------------------------------------------------------------------

/// Runs `look` on a thread of its own, to its end.
void elsewhere(auto look) { std::jthread{look}.join(); }

TEST(RLock, BeginsFree) {
  RLock lock;
  EXPECT_FALSE(lock.locked());
  EXPECT_FALSE(lock.owned());
  EXPECT_EQ(lock.depth(), 0U);
  EXPECT_TRUE(lock.try_acquire());
}

TEST(RLock, TheOwnerGoesOneLevelDeeperWhateverTheDeadlineOrTheStop) {  // R1
  RLock lock;
  std::stop_source stop;
  stop.request_stop();
  std::size_t depth = 0;
  const auto expect_deeper = [&](auto attempt) {
    EXPECT_TRUE(attempt());
    EXPECT_EQ(lock.depth(), ++depth);
  };
  expect_deeper([&] { return lock.acquire(), true; });
  expect_deeper([&] { return lock.acquire(), true; });
  expect_deeper([&] { return lock.try_acquire(); });
  expect_deeper([&] { return lock.try_acquire_for(0s); });
  expect_deeper([&] { return lock.try_acquire_for(-1h); });
  expect_deeper([&] { return lock.try_acquire_for(1h); });
  expect_deeper(
      [&] { return lock.try_acquire_until(std::chrono::system_clock::time_point::min()); });
  expect_deeper([&] { return lock.acquire(stop.get_token()); });
  expect_deeper([&] { return lock.try_acquire_for(1h, stop.get_token()); });
  expect_deeper([&] { return lock.lock(), true; });
  expect_deeper([&] { return lock.try_lock(); });
  expect_deeper([&] { return lock.try_lock_for(0s); });
}

TEST(RLock, RefusesOthersWhileItIsOwned) {  // R1
  RLock lock;
  lock.acquire();
  elsewhere([&] {
    EXPECT_FALSE(lock.try_acquire());
    EXPECT_FALSE(lock.try_lock());
    EXPECT_FALSE(lock.try_acquire_for(1ms));
    EXPECT_FALSE(lock.try_lock_until(std::chrono::steady_clock::now() + 1ms));
  });
  EXPECT_EQ(lock.depth(), 1U);
}

TEST(RLock, IsFreeOnceEveryLevelIsReleased) {  // R2
  RLock lock;
  lock.acquire();
  lock.acquire();
  lock.release();
  EXPECT_TRUE(lock.locked());
  EXPECT_EQ(lock.depth(), 1U);
  lock.release();
  EXPECT_FALSE(lock.locked());
  elsewhere([&] {
    EXPECT_TRUE(lock.try_acquire());
    lock.release();
  });
}

TEST(RLock, ReleaseOfAFreeLockThrowsAndChangesNothing) {  // R3
  RLock lock;
  EXPECT_TRUE(throws<NotAcquiredError>("RLock::release", [&] { lock.release(); }));
  EXPECT_TRUE(throws<NotAcquiredError>("RLock::release", [&] { lock.unlock(); }));
  EXPECT_FALSE(lock.locked());
  lock.acquire();
  EXPECT_EQ(lock.depth(), 1U);
  lock.release();
  EXPECT_TRUE(throws<NotAcquiredError>("RLock::release", [&] { lock.release(); }));
}

TEST(RLock, ReleaseByAnotherThanTheOwnerThrowsAndChangesNothing) {  // R3
  RLock lock;
  lock.acquire();
  lock.acquire();
  elsewhere([&] {
    EXPECT_TRUE(throws<NotAcquiredError>("RLock::release", [&] { lock.release(); }));
    EXPECT_FALSE(lock.try_acquire());
  });
  EXPECT_TRUE(lock.owned());
  EXPECT_EQ(lock.depth(), 2U);
}

TEST(RLock, AWaiterGetsItOnlyWhenTheLastLevelIsReleased) {  // R4
  RLock lock;
  lock.acquire();
  lock.acquire();
  BlockedThread waiter([&] {
    lock.acquire();
    EXPECT_EQ(lock.depth(), 1U);
    lock.release();
  });
  waiter.wait_until_asleep();
  lock.release();
  waiter.wait_until_asleep();
  lock.release();
  waiter.join();
  EXPECT_FALSE(lock.locked());
}

// --- Who owns it ---------------------------------------------------------------------------------

TEST(RLock, OnlyTheOwnerSeesItselfAsOwnerAndItsDepth) {  // R5, R6, R8
  RLock lock;
  lock.acquire();
  lock.acquire();
  EXPECT_TRUE(lock.owned());
  EXPECT_EQ(lock.depth(), 2U);
  elsewhere([&] {
    EXPECT_TRUE(lock.locked());
    EXPECT_FALSE(lock.owned());
    EXPECT_EQ(lock.depth(), 0U);
  });
}

TEST(RLock, AnAcquireInVainMakesNobodyTheOwner) {  // L7
  RLock lock;
  lock.acquire();
  elsewhere([&] {
    EXPECT_FALSE(lock.try_acquire_for(1ms));
    EXPECT_FALSE(lock.owned());
  });
  lock.release();
  EXPECT_FALSE(lock.owned());
  EXPECT_FALSE(lock.locked());
}

TEST(RLock, AThreadDoesNotInheritOwnershipWithTheNumberOfOneThatEnded) {  // R10
  RLock lock;
  for (int i = 0; i < 50; ++i) {
    elsewhere([&] {
      EXPECT_FALSE(lock.owned());
      EXPECT_EQ(lock.depth(), 0U);
      lock.acquire();
      EXPECT_TRUE(lock.owned());
      lock.release();
    });
  }
}

// --- Too deep ------------------------------------------------------------------------------------

class RLockAtItsLastLevel : public testing::Test {
 protected:
  RLockAtItsLastLevel() {
    lock.acquire();
    RLockTestAccess::go_to_the_last_level(lock);
    last = lock.depth();
  }
  ~RLockAtItsLastLevel() override {
    RLockTestAccess::go_to_the_first_level(lock);
    lock.release();
  }

  RLock lock;
  std::size_t last;
};

TEST_F(RLockAtItsLastLevel, AcquireThrowsAndChangesNothing) {  // R9
  EXPECT_TRUE(throws<std::system_error>("RLock::acquire", [&] { lock.acquire(); }));
  EXPECT_TRUE(throws<std::system_error>("RLock::acquire", [&] { lock.lock(); }));
  try {
    lock.acquire();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::resource_unavailable_try_again);
  }
  EXPECT_EQ(lock.depth(), last);
}

TEST_F(RLockAtItsLastLevel, EveryCallThatMayFailSaysNo) {  // R9
  std::stop_source stop;
  EXPECT_FALSE(lock.try_acquire());
  EXPECT_FALSE(lock.try_lock());
  EXPECT_FALSE(lock.try_acquire_for(0s));
  EXPECT_FALSE(lock.try_acquire_for(1h));
  EXPECT_FALSE(lock.try_acquire_until(std::chrono::system_clock::now() + 1h));
  EXPECT_FALSE(lock.acquire(stop.get_token()));
  EXPECT_EQ(lock.depth(), last);
}

TEST_F(RLockAtItsLastLevel, EveryCallThatMayFailSaysNoAlsoWithoutAnEnd) {  // R9, T5
  EXPECT_FALSE(lock.try_acquire_for(std::chrono::hours::max()));
  EXPECT_FALSE(lock.try_acquire_until(std::chrono::steady_clock::time_point::max()));
  EXPECT_FALSE(lock.acquire(std::stop_token{}));
  EXPECT_EQ(lock.depth(), last);
}

TEST_F(RLockAtItsLastLevel, AReleaseMakesRoomForOneMoreAcquire) {  // R9
  lock.release();
  EXPECT_TRUE(lock.try_acquire());
  EXPECT_FALSE(lock.try_acquire());
}

// --- With the standard library -------------------------------------------------------------------

TEST(RLock, NestedGuardsReleaseOnEveryWayOut) {  // L8
  RLock lock;
  EXPECT_THROW(
      {
        const std::scoped_lock outer(lock);
        const std::unique_lock inner(lock);
        EXPECT_EQ(lock.depth(), 2U);
        throw std::logic_error("on the way out");
      },
      std::logic_error);
  EXPECT_FALSE(lock.locked());
}

TEST(RLock, StdLockTakesSeveralInAnyOrderWithoutDeadlock) {
  RLock a;
  RLock b;
  int both = 0;
  const auto take_both = [&both](RLock& one, RLock& other) {
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
}

TEST(RLock, WorksWithConditionVariableAny) {
  RLock lock;
  std::condition_variable_any changed;
  bool ready = false;
  BlockedThread waiter([&] {
    std::unique_lock guard(lock);
    changed.wait(guard, [&] { return ready; });
    EXPECT_TRUE(lock.owned());
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

TEST(RLock, ThreadsThatReenterExcludeEachOther) {  // O5
  constexpr int rounds = 20'000;
  RLock lock;
  long count = 0;  // not atomic: the lock has to do
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        const std::scoped_lock outer(lock);
        const std::scoped_lock inner(lock);
        ++count;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(count, 4L * rounds);
}

}  // namespace
}  // namespace test
}  // namespace lockstep
