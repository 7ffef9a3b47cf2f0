// tests/scenarios/coroutine_condition.hpp: what Condition promises to coroutines.
#pragma once

#include <optional>
#include <stop_token>

#include "coroutine.hpp"
#include "lockstep/condition.hpp"
#include "lockstep/lock.hpp"
#include "scenario.hpp"

namespace scenarios {

struct ACoroutineSeesWhatTheNotifierWrote {
  static constexpr int threads = 2;
  lockstep::BasicCondition<lockstep::Lock> changed;
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
  lockstep::BasicCondition<lockstep::Lock> changed;
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
  lockstep::BasicCondition<lockstep::Lock> changed;
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
  lockstep::BasicCondition<lockstep::Lock> changed;
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
  lockstep::BasicCondition<lockstep::Lock> changed;
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

using CoroutineConditionScenarios =
    List<ACoroutineSeesWhatTheNotifierWrote, ACoroutineNotifiesAThread,
         AStopRequestBesideANotificationOfACoroutine, ADeadlineBesideANotificationOfACoroutine,
         ACoroutineDestroyedInAWaitPassesItsNotificationOn>;

}  // namespace scenarios
