// tests/unit/size_test.cpp: how large each primitive is, as its header says.
#include <gtest/gtest.h>

#include "lockstep/barrier.hpp"
#include "lockstep/bounded_semaphore.hpp"
#include "lockstep/condition.hpp"
#include "lockstep/event.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/rlock.hpp"
#include "lockstep/semaphore.hpp"

namespace lockstep::test {
namespace {

TEST(Size, OfALockAnEventAndASemaphoreIs16Bytes) {
  EXPECT_EQ(sizeof(Lock), 16U);
  EXPECT_EQ(sizeof(Event), 16U);
  EXPECT_EQ(sizeof(Semaphore), 16U);
}

TEST(Size, OfABoundIs8BytesMore) { EXPECT_EQ(sizeof(BoundedSemaphore), 24U); }

TEST(Size, OfAnOwnerAndItsDepthIs16BytesMore) { EXPECT_EQ(sizeof(RLock), 32U); }

TEST(Size, OfAConditionIsThatOfItsLockAndAtMost24Bytes) {
  EXPECT_LE(sizeof(BasicCondition<Lock>), 40U);
  EXPECT_LE(sizeof(Condition), 56U);
}

TEST(Size, OfABarrierIsAtMost72Bytes) { EXPECT_LE(sizeof(Barrier), 72U); }

TEST(Size, NeedsNoUnusualAlignment) {
  EXPECT_EQ(alignof(Lock), alignof(void*));
  EXPECT_EQ(alignof(Event), alignof(void*));
  EXPECT_EQ(alignof(Semaphore), alignof(void*));
  EXPECT_EQ(alignof(BoundedSemaphore), alignof(void*));
  EXPECT_EQ(alignof(RLock), alignof(void*));
}

}  // namespace
}  // namespace lockstep::test
