// tests/unit/conditions.hpp: a condition over each of the locks that it may have, for tests of what
// holds for all.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>

#include "lockstep/condition.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/rlock.hpp"
#include "staged_clock.hpp"

namespace lockstep::test {

/// Returns when `count` wait on `condition`. The last of them may still hold the lock, but not for
/// long.
template <class C>
void await_waiters(const C& condition, std::size_t count) {
  while (condition.waiters() != count) std::this_thread::yield();
}

template <class C>
void notify_one(C& condition) {
  const std::scoped_lock guard(condition);
  condition.notify();
}

struct OwnRLock {
  Condition condition;
};
struct GivenRLock {
  RLock lock;
  Condition condition{lock};
};
struct OwnLock {
  BasicCondition<Lock> condition;
};
struct GivenLock {
  Lock lock;
  BasicCondition<Lock> condition{lock};
};

/// A test that has a `condition`, over a lock of its own or a given one, of either kind; and a
/// `stop` that was not requested.
template <class Kind>
class ConditionOver : public testing::Test, protected Kind {
 protected:
  ConditionOver() { StagedClock::put_off(); }
  bool locked() const { return this->condition.underlying().locked(); }

  std::stop_source stop;
};

struct KindNames {
  template <class Kind>
  static std::string GetName(int) {
    if (std::is_same_v<Kind, OwnRLock>) return "OwnRLock";
    if (std::is_same_v<Kind, GivenRLock>) return "GivenRLock";
    return std::is_same_v<Kind, OwnLock> ? "OwnLock" : "GivenLock";
  }
};
using Kinds = testing::Types<OwnRLock, GivenRLock, OwnLock, GivenLock>;

}  // namespace lockstep::test
