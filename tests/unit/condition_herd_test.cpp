// Specifies what lockstep/condition.hpp costs: notify_all moves the waiters to the lock's queue,
// from where each is woken when it is its turn. It does not wake a herd that then fights for the
// lock.

#include <gtest/gtest.h>

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <type_traits>
#include <vector>

#include "lockstep/condition.hpp"
#include "lockstep/lock.hpp"
#include "threads.hpp"

namespace {

using lockstep::BasicCondition;
using lockstep::Condition;
using lockstep::Lock;
using lockstep::test::BlockedThread;

/// Threads that wait for one condition, in the sleeps that they fell into first.
class Sleepers {
 public:
  template <class Body>
  Sleepers(int count, Body body) {
    for (int i = 0; i < count; ++i) {  // one after the other: they are not to sleep for the lock
      threads_.emplace_back(body).wait_until_asleep();
      sleeps_.push_back(threads_.back().sleep());
    }
  }

  /// How many have not been woken since.
  [[nodiscard]] int left() const {
    int left = 0;
    for (std::size_t i = 0; i < threads_.size(); ++i) left += threads_[i].sleep() == sleeps_[i];
    return left;
  }

  void join() {
    for (BlockedThread& thread : threads_) thread.join();
  }

 private:
  std::deque<BlockedThread> threads_;
  std::vector<std::string> sleeps_;
};

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

TYPED_TEST(ConditionHerd, OfManyNotifiedWaitersEachSleepsOnUntilTheLockIsItsOwn) {
  constexpr int waiters = 20;
  TypeParam condition;
  bool released = false;
  Sleepers* all = nullptr;
  std::vector<int> left;  // whenever one has the lock
  Sleepers sleepers(waiters, [&] {
    const std::scoped_lock guard(condition);
    condition.wait([&] { return released; });
    left.push_back(all->left());
  });
  {
    const std::scoped_lock guard(condition);
    all = &sleepers;
    released = true;
    condition.notify_all();
    left.push_back(sleepers.left());
  }
  sleepers.join();
  ASSERT_EQ(left.size(), waiters + 1U);
  for (int woken = 0; woken <= waiters; ++woken) {
    EXPECT_EQ(left[static_cast<std::size_t>(woken)], waiters - woken);
  }
}

}  // namespace
