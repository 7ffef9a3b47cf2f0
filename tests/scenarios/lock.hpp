// tests/scenarios/lock.hpp: what Lock promises, as programs small enough to explore.
#pragma once

#include <stop_token>

#include "lockstep/lock.hpp"
#include "scenario.hpp"

namespace scenarios {

struct TwoThreadsCountUnderTheLock {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> count{0};

  void thread(int) {
    lock.acquire();
    ++count;
    lock.release();
  }
  void finish() { require(count == 2 && !lock.locked()); }
};

/// The third may take the lock from under the nose of one that was woken for it.
struct ThreeThreadsCountUnderTheLock : TwoThreadsCountUnderTheLock {
  static constexpr int threads = 3;
  void finish() { require(count == 3 && !lock.locked()); }
};

struct EachOfTwoThreadsTakesTheLockTwice : TwoThreadsCountUnderTheLock {
  void thread(int index) {
    TwoThreadsCountUnderTheLock::thread(index);
    TwoThreadsCountUnderTheLock::thread(index);
  }
  void finish() { require(count == 4 && !lock.locked()); }
};

struct WhoOnlyTriesExcludesTheOtherToo {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> count{0};
  Shared<int> expected{1};

  void thread(int index) {
    if (index == 0) {
      if (!lock.try_acquire()) return;
      ++expected;
    } else {
      lock.acquire();
    }
    ++count;
    lock.release();
  }
  void finish() { require(count == expected); }
};

struct ALockReleasedByAnotherThreadHandsOverItsData {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> data{0};

  ALockReleasedByAnotherThreadHandsOverItsData() { lock.acquire(); }
  void thread(int index) {
    if (index == 0) {
      data = 1;
      lock.release();
    } else {
      lock.acquire();
      require(data == 1);
    }
  }
  void finish() { require(lock.locked()); }
};

struct ATimedAcquireSaysTrueExactlyIfItHasTheLock {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<bool> taken{false};

  ATimedAcquireSaysTrueExactlyIfItHasTheLock() { lock.acquire(); }
  void thread(int index) {
    if (index == 0) {
      lock.release();
    } else {
      taken = lock.try_acquire_for(brief);
    }
  }
  void finish() { require(lock.locked() == taken); }
};

/// The release may wake the timed one, which then leaves: the third must not sleep on.
struct AWaiterWhoseTimeIsUpPassesTheLockOn {
  static constexpr int threads = 3;
  lockstep::Lock lock;
  Shared<int> data{0};

  AWaiterWhoseTimeIsUpPassesTheLockOn() { lock.acquire(); }
  void thread(int index) {
    if (index == 0) {
      data = 1;
    } else if (index == 1) {
      if (!lock.try_acquire_for(brief)) return;
      require(data == 1);
    } else {
      lock.acquire();
      require(data == 1);
    }
    lock.release();
  }
  void finish() { require(!lock.locked()); }
};

struct ALockMayBeDestroyedByWhoeverAcquiredIt {
  static constexpr int threads = 2;
  lockstep::Lock* lock = new lockstep::Lock;

  ALockMayBeDestroyedByWhoeverAcquiredIt() { lock->acquire(); }
  void thread(int index) {
    if (index == 0) {
      lock->release();
    } else {
      lock->acquire();
      delete lock;
    }
  }
};

/// As for a counted reference: whoever finds itself the last destroys it, while the one before may
/// still be releasing.
template <class L, int all>
struct TheLastUserDestroys {
  static constexpr int threads = all;
  L* lock = new L;
  Shared<int> users{all};

  void thread(int) {
    lock->acquire();
    if (--users == 0) {
      delete lock;
    } else {
      lock->release();
    }
  }
};

struct TheLastUserMayDestroyTheLock : TheLastUserDestroys<lockstep::Lock, 3> {};

/// A waiter that is woken may find the lock taken again, and give up then: no later release may count on it.
struct WhoGaveUpAfterAWakeInVainIsNotCountedOn {
  static constexpr int threads = 2;
  lockstep::Lock lock;

  WhoGaveUpAfterAWakeInVainIsNotCountedOn() { lock.acquire(); }
  void thread(int index) {
    if (index == 0) {
      lock.release();
      lock.acquire();
      lock.release();
    } else {
      if (!lock.try_acquire_for(brief)) lock.acquire();
      lock.release();
    }
  }
  void finish() { require(!lock.locked()); }
};

using LockScenarios =
    List<TwoThreadsCountUnderTheLock, ThreeThreadsCountUnderTheLock,
         EachOfTwoThreadsTakesTheLockTwice, WhoOnlyTriesExcludesTheOtherToo,
         ALockReleasedByAnotherThreadHandsOverItsData, ATimedAcquireSaysTrueExactlyIfItHasTheLock,
         AWaiterWhoseTimeIsUpPassesTheLockOn, ALockMayBeDestroyedByWhoeverAcquiredIt,
         TheLastUserMayDestroyTheLock, WhoGaveUpAfterAWakeInVainIsNotCountedOn>;

// With a stop request.

struct AStoppableAcquireSaysTrueExactlyIfItHasTheLock {
  static constexpr int threads = 3;
  lockstep::Lock lock;
  std::stop_source stop;
  Shared<bool> taken{false};

  AStoppableAcquireSaysTrueExactlyIfItHasTheLock() { lock.acquire(); }
  void thread(int index) {
    if (index == 0) {
      lock.release();
    } else if (index == 1) {
      taken = lock.acquire(stop.get_token());
    } else {
      stop.request_stop();
    }
  }
  void finish() { require(lock.locked() == taken); }
};

struct AStoppedWaiterPassesTheLockOn {
  static constexpr int threads = 3;
  lockstep::Lock lock;
  std::stop_source stop;

  AStoppedWaiterPassesTheLockOn() { lock.acquire(); }
  void thread(int index) {
    if (index == 0) {
      stop.request_stop();
    } else if (index == 1) {
      if (!lock.acquire(stop.get_token())) return;
    } else {
      lock.acquire();
    }
    lock.release();
  }
  void finish() { require(!lock.locked()); }
};

/// The same in two threads: the request comes before the release.
struct AStopRequestBeforeAReleaseLosesNothing {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  std::stop_source stop;
  Shared<bool> taken{false};

  AStopRequestBeforeAReleaseLosesNothing() { lock.acquire(); }
  void thread(int index) {
    if (index == 0) {
      stop.request_stop();
      lock.release();
    } else {
      taken = lock.acquire(stop.get_token());
    }
  }
  void finish() { require(lock.locked() == taken); }
};

using LockStopScenarios =
    List<AStoppableAcquireSaysTrueExactlyIfItHasTheLock, AStoppedWaiterPassesTheLockOn,
         AStopRequestBeforeAReleaseLosesNothing>;

}  // namespace scenarios
