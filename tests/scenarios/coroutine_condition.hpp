// tests/scenarios/coroutine_condition.hpp: what Condition promises to coroutines.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include "condition.hpp"

#include "coroutine.hpp"
#include "lockstep/condition.hpp"
#include "lockstep/lock.hpp"
#include "scenario.hpp"

namespace scenarios {

struct ACoroutineSeesWhatTheNotifierWrote {
  static constexpr int threads = 2;
  LockCondition changed;
  Shared<bool> ready{false};
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      changed.acquire();
      data = 1;
      ready = true;
      changed.notify();
      changed.release();
    } else {
      wait_until_ready(*this);
    }
  }
  static Coroutine wait_until_ready(ACoroutineSeesWhatTheNotifierWrote& self) {
    const auto guard = co_await self.changed.async_scoped();
    while (!self.ready) co_await self.changed.async_wait();
    require(self.data == 1);
    self.data = 2;
  }
  void finish() { require(data == 2 && changed.waiters() == 0); }
};

struct ACoroutineNotifiesAThread {
  static constexpr int threads = 2;
  LockCondition changed;
  Shared<bool> ready{false};

  void thread(int index) {
    if (index == 0) {
      changed.acquire();
      while (!ready) changed.wait();
      changed.release();
    } else {
      make_ready(*this);
    }
  }
  static Coroutine make_ready(ACoroutineNotifiesAThread& self) {
    const auto guard = co_await self.changed.async_scoped();
    self.ready = true;
    self.changed.notify();
  }
};

struct AStopRequestBesideANotificationOfACoroutine {
  static constexpr int threads = 2;
  LockCondition changed;
  std::stop_source stop;
  Shared<int> data{0};
  std::optional<bool> notified;

  AStopRequestBesideANotificationOfACoroutine() { wait(*this); }
  static Coroutine wait(AStopRequestBesideANotificationOfACoroutine& self) {
    const auto guard = co_await self.changed.async_scoped();
    self.notified = co_await self.changed.async_wait(self.stop.get_token());
    ++self.data;
  }
  void thread(int index) {
    if (index == 0) {
      stop.request_stop();
    } else {
      changed.acquire();
      changed.notify();
      ++data;
      changed.release();
    }
  }
  void finish() {
    require(notified.has_value() && changed.waiters() == 0 && changed.try_acquire());
  }
};

struct ADeadlineBesideANotificationOfACoroutine {
  static constexpr int threads = 2;
  LockCondition changed;
  RungByHand clock;
  std::optional<bool> notified;

  ADeadlineBesideANotificationOfACoroutine() { wait(*this); }
  static Timed wait(ADeadlineBesideANotificationOfACoroutine& self) {
    const auto guard = co_await self.changed.async_scoped();
    self.notified = co_await self.changed.async_wait_for(brief);
  }
  void thread(int index) {
    if (index == 0) {
      clock.ring_after(brief);
    } else {
      changed.acquire();
      changed.notify();
      changed.release();
    }
  }
  void finish() {
    require(notified.has_value() && changed.waiters() == 0 && changed.try_acquire());
  }
};

struct ACoroutineDestroyedInAWaitPassesItsNotificationOn {
  static constexpr int threads = 3;
  LockCondition changed;
  Line line;
  Shared<bool> notified{false};
  InLine coroutine;

  ACoroutineDestroyedInAWaitPassesItsNotificationOn() { coroutine = wait(*this); }
  static InLine wait(ACoroutineDestroyedInAWaitPassesItsNotificationOn& self) {
    const auto guard = co_await self.changed.async_scoped();
    co_await self.changed.async_wait();
  }
  void thread(int index) {
    if (index == 0) {
      coroutine.destroy();
    } else if (index == 1) {
      changed.acquire();
      notified = true;
      changed.notify();
      changed.release();
    } else {
      changed.acquire();
      if (!notified) changed.wait();
      changed.release();
    }
  }
  void finish() { require(changed.waiters() == 0 && changed.try_acquire()); }
};

struct OneCoroutineNotifiesAnother {
  static constexpr int threads = 2;
  LockCondition changed;
  Shared<bool> ready{false};
  Shared<int> data{0};

  void thread(int index) { index == 0 ? make_ready(*this) : wait_until_ready(*this); }
  static Coroutine make_ready(OneCoroutineNotifiesAnother& self) {
    const auto guard = co_await self.changed.async_scoped();
    self.data = 1;
    self.ready = true;
    self.changed.notify();
  }
  static Coroutine wait_until_ready(OneCoroutineNotifiesAnother& self) {
    const auto guard = co_await self.changed.async_scoped();
    co_await self.changed.async_wait([&self] { return bool{self.ready}; });
    require(self.data == 1);
    self.data = 2;
  }
  void finish() { require(data == 2 && changed.waiters() == 0); }
};

struct NotifyAllWakesAThreadAndACoroutine {
  static constexpr int threads = 2;
  LockCondition changed;
  Shared<bool> ready{false};
  Shared<bool> woken{false};

  NotifyAllWakesAThreadAndACoroutine() { wait_until_ready(*this); }
  static Coroutine wait_until_ready(NotifyAllWakesAThreadAndACoroutine& self) {
    const auto guard = co_await self.changed.async_scoped();
    while (!self.ready) co_await self.changed.async_wait();
    self.woken = true;
  }
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
  void finish() { require(woken && changed.waiters() == 0); }
};

/// The first waits from the beginning, the second comes when it does.
struct ANotificationGoesToTheCoroutineThatWaitedFirst {
  static constexpr int threads = 2;
  LockCondition changed;
  Shared<int> woken{0};

  ANotificationGoesToTheCoroutineThatWaitedFirst() { wait(*this, 1); }
  static Coroutine wait(ANotificationGoesToTheCoroutineThatWaitedFirst& self, int turn) {
    const auto guard = co_await self.changed.async_scoped();
    co_await self.changed.async_wait();
    require(++self.woken == turn);
  }
  void thread(int index) {
    if (index == 0) {
      wait(*this, 2);
    } else {
      notify();
    }
  }
  void notify() {
    changed.acquire();
    changed.notify();
    changed.release();
  }
  void finish() {
    require(woken == 1);
    notify();
    require(woken == 2 && changed.waiters() == 0);
  }
};

/// It has to wait for the lock like anybody else.
struct WhoIsNotifiedComesBehindThoseWhoWaitForTheLock {
  static constexpr int threads = 2;
  LockCondition changed;
  Shared<int> served{0};

  WhoIsNotifiedComesBehindThoseWhoWaitForTheLock() {
    wait(*this);
    changed.acquire();
    take(*this);
  }
  static Coroutine wait(WhoIsNotifiedComesBehindThoseWhoWaitForTheLock& self) {
    const auto guard = co_await self.changed.async_scoped();
    co_await self.changed.async_wait();
    require(++self.served >= 2);
  }
  static Coroutine take(WhoIsNotifiedComesBehindThoseWhoWaitForTheLock& self) {
    const auto guard = co_await self.changed.async_scoped();
    require(++self.served == 1);
  }
  void thread(int index) {
    if (index == 0) {
      changed.notify();
    } else {
      changed.acquire();
      require(++served >= 2);
    }
    changed.release();
  }
  void finish() { require(served == 3 && changed.waiters() == 0); }
};

struct ACoroutineThatWasNotifiedMayDestroyTheCondition {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  std::unique_ptr<LockCondition> changed = std::make_unique<LockCondition>(lock);
  Shared<bool> ready{false};

  void thread(int index) {
    if (index == 0) {
      lock.acquire();
      ready = true;
      changed->notify();
      lock.release();
    } else {
      wait_and_destroy(*this);
    }
  }
  static Coroutine wait_and_destroy(ACoroutineThatWasNotifiedMayDestroyTheCondition& self) {
    const auto guard = co_await self.lock.async_scoped();
    while (!self.ready) co_await self.changed->async_wait();
    self.changed.reset();
  }
  void finish() { require(changed == nullptr && !lock.locked()); }
};

using CoroutineConditionScenarios =
    List<ACoroutineSeesWhatTheNotifierWrote, ACoroutineNotifiesAThread,
         AStopRequestBesideANotificationOfACoroutine, ADeadlineBesideANotificationOfACoroutine,
         ACoroutineDestroyedInAWaitPassesItsNotificationOn, OneCoroutineNotifiesAnother,
         NotifyAllWakesAThreadAndACoroutine, ANotificationGoesToTheCoroutineThatWaitedFirst,
         WhoIsNotifiedComesBehindThoseWhoWaitForTheLock,
         ACoroutineThatWasNotifiedMayDestroyTheCondition>;

}  // namespace scenarios
