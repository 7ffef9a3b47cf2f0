// tests/scenarios/condition.hpp: what Condition promises, as programs small enough to explore.
#pragma once

#include <stop_token>

#include "lockstep/condition.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/semaphore.hpp"
#include "scenario.hpp"

namespace scenarios {

using LockCondition = lockstep::BasicCondition<lockstep::Lock>;

struct AWaiterSeesWhatTheNotifierWrote {
  static constexpr int threads = 2;
  lockstep::Condition changed;
  Shared<bool> ready{false};
  Shared<int> data{0};

  void thread(int index) {
    changed.acquire();
    if (index == 0) {
      while (!ready) changed.wait();
      require(data == 1);
    } else {
      data = 1;
      ready = true;
      changed.notify();
    }
    changed.release();
  }
  void finish() { require(changed.waiters() == 0); }
};

/// Without a loop around the wait, because none is promised to be necessary here.
struct NobodyWakesUnnotified {
  static constexpr int threads = 2;
  LockCondition changed;
  Shared<bool> notified{false};

  void thread(int index) {
    changed.acquire();
    if (index == 0) {
      if (!notified) changed.wait();
      require(notified);
    } else {
      notified = true;
      changed.notify();
    }
    changed.release();
  }
};

struct NotifyAllWakesEverybody {
  static constexpr int threads = 3;
  LockCondition changed;
  Shared<bool> ready{false};

  void thread(int index) {
    changed.acquire();
    if (index == 0) {
      ready = true;
      changed.notify_all();
    } else {
      while (!ready) changed.wait();
    }
    changed.release();
  }
  void finish() { require(changed.waiters() == 0); }
};

struct EachNotificationWakesAnother {
  static constexpr int threads = 3;
  LockCondition changed;
  Shared<int> items{0};

  void thread(int index) {
    changed.acquire();
    if (index == 0) {
      ++items;
      changed.notify();
      changed.release();
      changed.acquire();
      ++items;
      changed.notify();
    } else {
      while (items == 0) changed.wait();
      --items;
    }
    changed.release();
  }
  void finish() { require(items == 0); }
};

struct TwoConditionsOnOneLockDoNotMixTheirWaiters {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  LockCondition emptied{lock};
  LockCondition filled{lock};
  Shared<bool> full{false};

  void thread(int index) {
    for (int i = 0; i < 2; ++i) {
      lock.acquire();
      if (index == 0) {
        while (full) emptied.wait();
        full = true;
        filled.notify();
      } else {
        while (!full) filled.wait();
        full = false;
        emptied.notify();
      }
      lock.release();
    }
  }
  void finish() { require(!full && !lock.locked()); }
};

/// The one notification goes to the timed waiter, which then says so and passes it on, or to the
/// other.
struct ATimedWaitThatSaysFalseHasConsumedNoNotification {
  static constexpr int threads = 3;
  LockCondition changed;
  Shared<bool> ready{false};

  void thread(int index) {
    changed.acquire();
    if (index == 0) {
      ready = true;
      changed.notify();
    } else if (index == 1) {
      if (!ready && changed.wait_for(brief)) {
        require(ready);
        changed.notify();
      }
    } else {
      while (!ready) changed.wait();
    }
    changed.release();
  }
  void finish() { require(changed.waiters() == 0); }
};

struct ATimedWaitHasTheLockAgainWhateverItSays {
  static constexpr int threads = 2;
  LockCondition changed;
  Shared<int> count{0};

  void thread(int index) {
    changed.acquire();
    if (index == 0) {
      static_cast<void>(changed.wait_for(brief));
    } else {
      changed.notify();
    }
    ++count;
    changed.release();
  }
  void finish() { require(count == 2 && changed.waiters() == 0); }
};

struct AWaiterThatWasNotifiedMayDestroyTheCondition {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  LockCondition* changed = new LockCondition(lock);
  Shared<bool> ready{false};

  void thread(int index) {
    lock.acquire();
    if (index == 0) {
      while (!ready) changed->wait();
      delete changed;
    } else {
      ready = true;
      changed->notify();
    }
    lock.release();
  }
};

struct WhoNotifiedTheLastWaiterMayDestroyTheCondition {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  LockCondition* changed = new LockCondition(lock);
  Shared<bool> ready{false};

  void thread(int index) {
    lock.acquire();
    if (index == 0) {
      if (!ready) changed->wait();
    } else {
      ready = true;
      changed->notify_all();
      delete changed;
    }
    lock.release();
  }
};

/// A buffer with one place: the semaphore counts places, the condition tells of items.
struct ASemaphoreAndAConditionMakeABoundedBuffer {
  static constexpr int threads = 2;
  lockstep::Semaphore places{1};
  LockCondition filled;
  Shared<int> items{0};

  void thread(int index) {
    for (int i = 0; i < 2; ++i) {
      if (index == 0) {
        places.acquire();
        filled.acquire();
        ++items;
        filled.notify();
        filled.release();
      } else {
        filled.acquire();
        while (items == 0) filled.wait();
        require(items == 1);
        --items;
        filled.release();
        places.release();
      }
    }
  }
  void finish() { require(items == 0 && places.value() == 1); }
};

/// The second waits only if it knows that the first does, and has the time until it is refused. One notification.
struct ANotificationGoesToTheOneThatWaitedFirst {
  static constexpr int threads = 3;
  LockCondition changed;
  lockstep::Semaphore first_holds_the_lock{0};
  Shared<bool> first_waits{false};
  Shared<bool> notified{false};

  void thread(int index) {
    if (index == 0) first_holds_the_lock.acquire();
    changed.acquire();
    if (index == 0) {
      notified = true;
      changed.notify();
    } else if (index == 1) {
      first_waits = true;
      first_holds_the_lock.release();
      changed.wait();
      require(notified);
    } else if (first_waits && !notified) {
      require(!changed.wait_for(brief));
    }
    changed.release();
  }
  void finish() { require(changed.waiters() == 0); }
};

/// One item, and the word that it was taken.
struct ASemaphoreAndAConditionHandAnItemOn {
  static constexpr int threads = 2;
  lockstep::Semaphore taken{0};
  LockCondition filled;
  Shared<int> items{0};

  void thread(int index) {
    filled.acquire();
    if (index == 0) {
      ++items;
      filled.notify();
    } else {
      while (items == 0) filled.wait();
      --items;
    }
    filled.release();
    index == 0 ? taken.acquire() : taken.release();
  }
  void finish() { require(items == 0 && taken.value() == 0); }
};

using ConditionScenarios =
    List<AWaiterSeesWhatTheNotifierWrote, NobodyWakesUnnotified, NotifyAllWakesEverybody,
         EachNotificationWakesAnother, TwoConditionsOnOneLockDoNotMixTheirWaiters,
         ATimedWaitThatSaysFalseHasConsumedNoNotification, ATimedWaitHasTheLockAgainWhateverItSays,
         AWaiterThatWasNotifiedMayDestroyTheCondition,
         WhoNotifiedTheLastWaiterMayDestroyTheCondition, ASemaphoreAndAConditionMakeABoundedBuffer,
         ASemaphoreAndAConditionHandAnItemOn, ANotificationGoesToTheOneThatWaitedFirst>;

// With a stop request.

struct AStoppedWaitHasConsumedNoNotification {
  static constexpr int threads = 3;
  LockCondition changed;
  std::stop_source stop;
  Shared<bool> ready{false};

  void thread(int index) {
    if (index == 0) stop.request_stop();
    changed.acquire();
    if (index == 0) {
      ready = true;
      changed.notify();
    } else if (index == 1) {
      if (!ready && changed.wait(stop.get_token())) {
        require(ready);
        changed.notify();
      }
    } else {
      while (!ready) changed.wait();
    }
    changed.release();
  }
  void finish() { require(changed.waiters() == 0); }
};

using ConditionStopScenarios = List<AStoppedWaitHasConsumedNoNotification>;

}  // namespace scenarios
