// tests/unit/fairness_test.cpp: in what order those that wait are served (SEMANTICS S6), and that a waiter that gives up
// while it is being served costs nobody anything (W1-W4). The same for all that can be acquired.
#include <gtest/gtest.h>

#include <stop_token>
#include <thread>
#include <vector>

#include "crowd.hpp"
#include "lockstep/bounded_semaphore.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/rlock.hpp"
#include "lockstep/semaphore.hpp"
#include "pause.hpp"
#include "threads.hpp"
#include "withheld.hpp"

namespace lockstep::test {
namespace {

template <class T>
class Fairness : public testing::Test {};

using EveryAcquirable = testing::Types<Lock, RLock, Semaphore, BoundedSemaphore>;
TYPED_TEST_SUITE(Fairness, EveryAcquirable, PrimitiveName);

// --- Order ---------------------------------------------------------------------------------------

TYPED_TEST(Fairness, WaitersAreServedInTheOrderInWhichTheyBegan) {  // S6
  TypeParam thing;
  thing.acquire();
  Line line(thing);
  for (int i = 0; i < 5; ++i) line.join();
  thing.release();
  EXPECT_EQ(line.order(), (std::vector{0, 1, 2, 3, 4}));
}

TYPED_TEST(Fairness, WaitersThatGaveUpLeaveTheOthersInOrder) {  // S6, W2, W3
  TypeParam thing;
  thing.acquire();
  Line line(thing);
  std::stop_source stop;
  line.join(stop.get_token());
  line.join();
  line.join(stop.get_token());
  line.join();
  line.join(stop.get_token());
  stop.request_stop();
  thing.release();
  EXPECT_EQ(line.order(), (std::vector{1, 3}));
}

// --- Giving up -----------------------------------------------------------------------------------

TYPED_TEST(Fairness, AReleaseAndAStopAtOnceNeitherLoseNorDoubleIt) {  // W1, W4
  constexpr int rounds = sanitized ? 50 : 200;
  for (int round = 0; round < rounds; ++round) {
    TypeParam thing;
    thing.acquire();
    std::stop_source stop;
    bool taken = false;
    BlockedThread waiter([&] { taken = thing.acquire(stop.get_token()); });
    waiter.wait_until_asleep();
    std::jthread stopper([&] { stop.request_stop(); });
    thing.release();
    stopper.join();
    waiter.join();
    EXPECT_EQ(thing.locked(), taken);
  }
}

TYPED_TEST(Fairness, NothingIsLostOrDoubledWhenManyGiveUp) {  // S8, L7, W1-W4
  TypeParam thing;
  long count = 0;  // not atomic: there is one permit
  const long successes = crowd(thing, [&] { ++count; });
  EXPECT_EQ(count, successes);
  EXPECT_TRUE(thing.try_acquire());
  EXPECT_TRUE(thing.locked());
}

// --- While the one that was woken does not yet know of it ----------------------------------------

template <class T>
class Overtaking : public testing::Test {
 protected:
  void SetUp() override {
    if (!Pause::is_possible) GTEST_SKIP() << Pause::why_not;
  }
};

TYPED_TEST_SUITE(Overtaking, EveryAcquirable, PrimitiveName);

/// Releases `thing` and takes it back before `first`, the first in line, knows; up to `limit` times, but not if it was
/// handed to `first`. Returns how often. In the end `thing` is the line's.
template <class T>
int overtake(T& thing, BlockedThread& first, int limit) {
  for (int times = 0; times < limit; ++times) {
    {
      const Pause pause(first);
      thing.release();
      if (!thing.try_acquire()) return times;
    }
    first.wait_until_asleep();
  }
  thing.release();
  return limit;
}

TYPED_TEST(Overtaking, AWaiterThatIsOvertakenKeepsItsPlace) {  // S6
  TypeParam thing;
  thing.acquire();
  Line line(thing);
  BlockedThread& first = line.join();
  line.join();
  overtake(thing, first, 3);
  EXPECT_EQ(line.order(), (std::vector{0, 1}));
}

TYPED_TEST(Overtaking, NobodyIsOvertakenForEver) {  // S6
  constexpr int for_ever = 100;
  TypeParam thing;
  thing.acquire();
  Line line(thing);
  BlockedThread& first = line.join();
  EXPECT_LT(overtake(thing, first, for_ever), for_ever);
}

TYPED_TEST(Overtaking, OneThatIsServedBeforeItLearnsOfTheStopHasIt) {  // W1
  TypeParam thing;
  thing.acquire();
  std::stop_source stop;
  bool taken = false;
  BlockedThread waiter([&] { taken = thing.acquire(stop.get_token()); });
  waiter.wait_until_asleep();
  {
    const Pause pause(waiter);
    thing.release();
    stop.request_stop();
  }
  waiter.join();
  EXPECT_TRUE(taken);
  EXPECT_TRUE(thing.locked());
}

TYPED_TEST(Overtaking, OneThatWasOvertakenAndThenStoppedDoesNotStandInTheWay) {  // W1, W5
  TypeParam thing;
  thing.acquire();
  std::stop_source stop;
  bool taken = true;
  BlockedThread first([&] { taken = thing.acquire(stop.get_token()); });
  first.wait_until_asleep();
  BlockedThread second([&] { thing.acquire(); });
  second.wait_until_asleep();
  {
    const Pause pause(first);
    thing.release();
    ASSERT_TRUE(thing.try_acquire());
    stop.request_stop();
  }
  first.join();
  EXPECT_FALSE(taken);
  thing.release();  // lost, if it still counted on the first
  second.join();
}

}  // namespace
}  // namespace lockstep::test
