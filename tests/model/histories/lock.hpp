// tests/model/histories/lock.hpp: Lock and RLock against a note of who has them how often.
//
// A try that fails, or gives up, has found another there at some moment.
#pragma once

#include <concepts>
#include <ostream>

#include "lockstep/linearizability.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/rlock.hpp"
#include "scenario.hpp"

namespace scenarios {

struct SequentialLock {
  bool is_recursive = false;
  int owner = -1;
  int depth = 0;

  [[nodiscard]] bool is_free_for(int thread) const {
    return depth == 0 || (is_recursive && owner == thread);
  }
  bool acquire(int thread) {
    if (!is_free_for(thread)) return false;
    owner = thread;
    ++depth;
    return true;
  }
  bool try_acquire(int thread, bool acquired) {
    return acquired ? acquire(thread) : !is_free_for(thread);
  }
  bool release(int thread) {
    if (depth == 0 || owner != thread) return false;
    if (--depth == 0) owner = -1;
    return true;
  }
  bool operator==(const SequentialLock&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const SequentialLock& lock) {
    if (lock.depth == 0) return out << "free";
    return out << "of the scenario's thread " << lock.owner << ", depth " << lock.depth;
  }
};

/// One whose calls are recorded, each with the thread.
template <class Real>
struct RecordedLock {
  using Reference = SequentialLock;
  Real real;
  lockstep::check::History<Reference> history{std::same_as<Real, lockstep::RLock>};

  void acquire(int thread) {
    history.call(
        "acquire()", [this] { real.acquire(); },
        [thread](Reference& lock) { return lock.acquire(thread); });
  }
  bool try_acquire(int thread) {
    return history.call(
        "try_acquire()", [this] { return real.try_acquire(); },
        [thread](Reference& lock, bool acquired) { return lock.try_acquire(thread, acquired); });
  }
  bool try_acquire_for_a_while(int thread) {
    return history.call(
        "try_acquire_for()", [this] { return real.try_acquire_for(brief); },
        [thread](Reference& lock, bool acquired) { return lock.try_acquire(thread, acquired); });
  }
  void release(int thread) {
    history.call(
        "release()", [this] { real.release(); },
        [thread](Reference& lock) { return lock.release(thread); });
  }
};

/// Each tries again when it has let go, and has it a second time if it is an RLock.
template <class Real>
struct OneAtATime {
  static constexpr int threads = 2;
  RecordedLock<Real> lock;

  void thread(int index) {
    if (index == 0) {
      lock.acquire(index);
      if (lock.try_acquire(index)) lock.release(index);
      lock.release(index);
      if (lock.try_acquire(index)) lock.release(index);
    } else if (lock.try_acquire_for_a_while(index)) {
      lock.release(index);
    }
  }
};
struct ALockHasOneOwnerAtATime : OneAtATime<lockstep::Lock> {};
struct AnRLockHasOneOwnerAtATime : OneAtATime<lockstep::RLock> {};

struct ALockOfThreeHasOneOwnerAtATime {
  static constexpr int threads = 3;
  RecordedLock<lockstep::Lock> lock;

  void thread(int index) {
    if (index == 0) {
      lock.acquire(index);
      lock.release(index);
    } else if (lock.try_acquire(index)) {
      lock.release(index);
    }
  }
};

using LockHistories = List<ALockHasOneOwnerAtATime, ALockOfThreeHasOneOwnerAtATime>;
using RLockHistories = List<AnRLockHasOneOwnerAtATime>;

}  // namespace scenarios
