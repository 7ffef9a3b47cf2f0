// tests/unit/bounded_semaphore_test.cpp: what a BoundedSemaphore does beyond a Semaphore (SEMANTICS 2.5), and that it does
// what a Semaphore does (BS1).
// Deadlines, stop requests, signals: deadline_test.cpp. S6: fairness_test.cpp. Destruction: lifetime_test.cpp.
#include "lockstep/bounded_semaphore.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "crowd.hpp"
#include "threads.hpp"
#include "throws.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

// --- What it is ----------------------------------------------------------------------------------

static_assert(std::is_default_constructible_v<BoundedSemaphore>);
static_assert(!std::is_convertible_v<std::ptrdiff_t, BoundedSemaphore>);  // S1: explicit
static_assert(
    !std::is_convertible_v<BoundedSemaphore*, Semaphore*>);  // whose release knows no bound

extern BoundedSemaphore early_semaphore;
const bool taken_early = early_semaphore.try_acquire();
constinit BoundedSemaphore early_semaphore(3);

TEST(BoundedSemaphore, ServesInitializersThatRunBeforeItsDefinitionIsReached) {  // BS1, S1
  EXPECT_TRUE(taken_early);
  EXPECT_EQ(early_semaphore.value(), 2);
}

TEST(BoundedSemaphore, PromisesNotToThrowWhereItCannot) {
  EXPECT_TRUE(noexcept(std::declval<BoundedSemaphore&>().try_acquire()));
  EXPECT_TRUE(noexcept(std::declval<BoundedSemaphore&>().try_lock()));
  EXPECT_TRUE(noexcept(std::declval<const BoundedSemaphore&>().value()));
  EXPECT_TRUE(noexcept(std::declval<const BoundedSemaphore&>().locked()));
  EXPECT_TRUE(noexcept(std::declval<const BoundedSemaphore&>().bound()));
}

TEST(BoundedSemaphore, BeginsWithAllItsPermits) {  // BS1, S1
  EXPECT_EQ(BoundedSemaphore().value(), 1);
  EXPECT_EQ(BoundedSemaphore().bound(), 1);
  EXPECT_EQ(BoundedSemaphore(5).value(), 5);
  EXPECT_EQ(BoundedSemaphore(5).bound(), 5);
}

TEST(BoundedSemaphore, RefusesToBeginWithAnImpossibleNumberOfPermits) {  // BS1, S1
  const auto begin_with = [](std::ptrdiff_t permits) {
    return [permits] { BoundedSemaphore semaphore(permits); };
  };
  EXPECT_TRUE(throws<std::invalid_argument>("BoundedSemaphore", begin_with(-1)));
  EXPECT_TRUE(
      throws<std::invalid_argument>("BoundedSemaphore", begin_with(BoundedSemaphore::max() + 1)));
}

// --- As a Semaphore (BS1) ------------------------------------------------------------------------

TEST(BoundedSemaphore, EveryWayToAskTakesOnePermit) {  // BS1, S2, S7
  BoundedSemaphore semaphore(7);
  std::ptrdiff_t left = 7;
  const auto expect_one_less = [&](auto attempt) {
    EXPECT_TRUE(attempt());
    EXPECT_EQ(semaphore.value(), --left);
  };
  expect_one_less([&] { return semaphore.acquire(), true; });
  expect_one_less([&] { return semaphore.acquire(std::stop_token{}); });
  expect_one_less([&] { return semaphore.try_acquire(); });
  expect_one_less([&] { return semaphore.try_acquire_for(1h); });
  expect_one_less([&] { return semaphore.lock(), true; });
  expect_one_less([&] { return semaphore.try_lock_for(0s); });
  expect_one_less([&] { return semaphore.try_lock_until(std::chrono::steady_clock::now()); });
  EXPECT_TRUE(semaphore.locked());
  EXPECT_FALSE(semaphore.try_lock());
  EXPECT_EQ(semaphore.bound(), 7);
}

TEST(BoundedSemaphore, ReleaseWakesAsManyAsThereArePermits) {  // BS1, S3
  BoundedSemaphore semaphore(3);
  for (int i = 0; i < 3; ++i) semaphore.acquire();
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
  semaphore.release();
  third.join();
}

TEST(BoundedSemaphore, AGuardHoldsOnePermit) {  // BS1, S5
  BoundedSemaphore semaphore(2);
  {
    const std::scoped_lock first(semaphore);
    const std::unique_lock second(semaphore);
    EXPECT_EQ(semaphore.value(), 0);
  }
  EXPECT_EQ(semaphore.value(), 2);
}

TEST(BoundedSemaphore, ReleaseOfLessThanOneThrowsAndAddsNothing) {  // BS1, S3
  BoundedSemaphore semaphore(2);
  semaphore.acquire();
  for (const std::ptrdiff_t n : {0, -1}) {
    EXPECT_TRUE(
        throws<std::invalid_argument>("BoundedSemaphore::release", [&] { semaphore.release(n); }));
    EXPECT_EQ(semaphore.value(), 1);
  }
}

// --- The bound -----------------------------------------------------------------------------------

TEST(BoundedSemaphore, ReleaseWithoutAnAcquireThrowsAndAddsNothing) {  // BS2
  BoundedSemaphore semaphore(2);
  EXPECT_TRUE(throws<OverReleaseError>("BoundedSemaphore::release", [&] { semaphore.release(); }));
  EXPECT_TRUE(throws<OverReleaseError>("BoundedSemaphore::release", [&] { semaphore.unlock(); }));
  EXPECT_EQ(semaphore.value(), 2);
}

TEST(BoundedSemaphore, ReleaseOfMoreThanWasAcquiredReleasesNothingAtAll) {  // BS2
  BoundedSemaphore semaphore(3);
  semaphore.acquire();
  semaphore.acquire();
  for (const std::ptrdiff_t n :
       {std::ptrdiff_t{3}, std::ptrdiff_t{4}, std::numeric_limits<std::ptrdiff_t>::max()}) {
    EXPECT_TRUE(
        throws<OverReleaseError>("BoundedSemaphore::release", [&] { semaphore.release(n); }));
    EXPECT_EQ(semaphore.value(), 1);
  }
  semaphore.release(2);
  EXPECT_EQ(semaphore.value(), 3);
}

TEST(BoundedSemaphore, AReleaseThatThrowsWakesNobody) {  // BS2
  BoundedSemaphore semaphore(1);
  semaphore.acquire();
  BlockedThread waiter([&] { semaphore.acquire(); });
  waiter.wait_until_asleep();
  EXPECT_TRUE(throws<OverReleaseError>("BoundedSemaphore::release", [&] { semaphore.release(2); }));
  waiter.wait_until_asleep();
  EXPECT_EQ(semaphore.value(), 0);
  semaphore.release();
  waiter.join();
}

TEST(BoundedSemaphore, ThatBeginsWithNoneRefusesEveryRelease) {  // BS3
  BoundedSemaphore semaphore(0);
  EXPECT_TRUE(throws<OverReleaseError>("BoundedSemaphore::release", [&] { semaphore.release(); }));
  EXPECT_FALSE(semaphore.try_acquire());
  EXPECT_EQ(semaphore.bound(), 0);
}

TEST(BoundedSemaphore, AReleaseThatGoesToAWaiterIsNotOneTooMany) {  // BS4
  BoundedSemaphore semaphore(1);
  semaphore.acquire();
  Line line(semaphore);  // each releases what the one before released to it
  for (int i = 0; i < 5; ++i) line.join();
  semaphore.release();
  EXPECT_EQ(line.order(), (std::vector{0, 1, 2, 3, 4}));
  EXPECT_EQ(semaphore.value(), 1);
  EXPECT_TRUE(throws<OverReleaseError>("BoundedSemaphore::release", [&] { semaphore.release(); }));
}

TEST(BoundedSemaphore, NoPairOfAcquireAndReleaseIsOneTooMany) {  // BS2, BS4, S8
  BoundedSemaphore semaphore(2);
  const long successes = crowd(semaphore, [] {});
  EXPECT_GT(successes, 0);
  EXPECT_EQ(semaphore.value(), 2);
}

}  // namespace
}  // namespace lockstep::test
