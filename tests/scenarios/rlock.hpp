// tests/scenarios/rlock.hpp: what RLock promises, as programs small enough to explore.
#pragma once

#include <stop_token>

#include "lock.hpp"
#include "lockstep/condition.hpp"
#include "lockstep/error.hpp"
#include "lockstep/rlock.hpp"
#include "scenario.hpp"

namespace scenarios {

struct OnlyTheLastReleaseLetsTheOtherIn {
  static constexpr int threads = 2;
  lockstep::RLock lock;
  Shared<int> count{0};

  void thread(int) {
    lock.acquire();
    lock.acquire();
    ++count;
    lock.release();
    ++count;
    lock.release();
  }
  void finish() { require(count == 4 && !lock.locked()); }
};

struct ThreeThreadsCountUnderTheRLock {
  static constexpr int threads = 3;
  lockstep::RLock lock;
  Shared<int> count{0};

  void thread(int) {
    lock.acquire();
    ++count;
    lock.release();
  }
  void finish() { require(count == 3 && !lock.locked()); }
};

struct WhoDoesNotOwnTheRLockCannotReleaseIt {
  static constexpr int threads = 2;
  lockstep::RLock lock;
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      lock.acquire();
      require(lock.owned() && lock.depth() == 1);
      ++data;
      lock.release();
    } else {
      require(!lock.owned() && lock.depth() == 0);
      try {
        lock.release();
        require(false);
      } catch (const lockstep::NotAcquiredError&) {
      }
    }
  }
  void finish() { require(data == 1 && !lock.locked()); }
};

struct ATimedAcquireOfAnRLockFailsOnlyForOneWhoDoesNotOwnIt {
  static constexpr int threads = 2;
  lockstep::RLock lock;
  Shared<int> count{0};
  Shared<int> expected{2};

  void thread(int index) {
    if (index == 0) {
      lock.acquire();
      require(lock.try_acquire_for(brief));
      count += 2;
      lock.release();
    } else {
      if (!lock.try_acquire_for(brief)) return;
      ++count;
      ++expected;
    }
    lock.release();
  }
  void finish() { require(count == expected && !lock.locked()); }
};

/// …and gives all of them back: else one of the two would hang, or count beside the other.
struct AConditionWaitGivesUpEveryLevel {
  static constexpr int threads = 2;
  lockstep::RLock lock;
  lockstep::Condition turned{lock};
  Shared<bool> turn{false};

  void thread(int index) {
    lock.acquire();
    if (index == 0) {
      lock.acquire();
      while (!turn) turned.wait();
      require(lock.depth() == 2);
      lock.release();
    } else {
      turn = true;
      turned.notify();
    }
    require(lock.depth() == 1);
    lock.release();
  }
  void finish() { require(!lock.locked()); }
};

struct WhoHasReleasedTheRLockOwnsItNoMore {
  static constexpr int threads = 2;
  lockstep::RLock lock;
  Shared<int> count{0};

  void thread(int) {
    lock.acquire();
    ++count;
    lock.release();
    require(!lock.owned() && lock.depth() == 0);
  }
  void finish() { require(count == 2 && !lock.locked()); }
};

/// Whether it was notified or its time was up.
struct ATimedConditionWaitGivesBackEveryLevel {
  static constexpr int threads = 2;
  lockstep::RLock lock;
  lockstep::Condition changed{lock};
  Shared<int> count{0};

  void thread(int index) {
    lock.acquire();
    if (index == 0) {
      lock.acquire();
      static_cast<void>(changed.wait_for(brief));
      require(lock.depth() == 2);
      lock.release();
    } else {
      changed.notify();
    }
    ++count;
    lock.release();
  }
  void finish() { require(count == 2 && !lock.locked() && changed.waiters() == 0); }
};

struct AnRLockMayBeDestroyedByWhoeverAcquiredItLast : TheLastUserDestroys<lockstep::RLock, 2> {};

using RLockScenarios =
    List<OnlyTheLastReleaseLetsTheOtherIn, ThreeThreadsCountUnderTheRLock,
         WhoDoesNotOwnTheRLockCannotReleaseIt, ATimedAcquireOfAnRLockFailsOnlyForOneWhoDoesNotOwnIt,
         AConditionWaitGivesUpEveryLevel, WhoHasReleasedTheRLockOwnsItNoMore,
         ATimedConditionWaitGivesBackEveryLevel, AnRLockMayBeDestroyedByWhoeverAcquiredItLast>;

// With a stop request.

struct AStoppableAcquireOfAnRLockOwnsItExactlyIfItSaysSo {
  static constexpr int threads = 2;
  lockstep::RLock lock;
  std::stop_source stop;
  Shared<int> count{0};
  Shared<int> expected{1};

  void thread(int index) {
    if (index == 0) {
      lock.acquire();
      ++count;
      stop.request_stop();
      lock.release();
    } else {
      const bool acquired = lock.acquire(stop.get_token());
      require(lock.owned() == acquired);
      if (!acquired) return;
      ++count;
      ++expected;
      lock.release();
    }
  }
  void finish() { require(count == expected && !lock.locked()); }
};

using RLockStopScenarios = List<AStoppableAcquireOfAnRLockOwnsItExactlyIfItSaysSo>;

}  // namespace scenarios
