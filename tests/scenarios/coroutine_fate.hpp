// tests/scenarios/coroutine_fate.hpp: a grant, a stop request, a deadline, the end of the coroutine:
// exactly one of them decides what becomes of a coroutine that waits. Told of Lock; the others wait in the same way.
#pragma once

#include <optional>
#include <stop_token>

#include "coroutine.hpp"
#include "lockstep/lock.hpp"
#include "scenario.hpp"

namespace scenarios {

struct AStopRequestBesideAGrantToACoroutine {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  std::stop_source stop;
  std::optional<bool> acquired;

  AStopRequestBesideAGrantToACoroutine() {
    lock.acquire();
    acquire(*this);
  }
  static Coroutine acquire(AStopRequestBesideAGrantToACoroutine& self) {
    self.acquired = co_await self.lock.async_acquire(self.stop.get_token());
  }
  void thread(int index) {
    if (index == 0) {
      lock.release();
    } else {
      stop.request_stop();
    }
  }
  void finish() { require(acquired.has_value() && lock.locked() == *acquired); }
};

/// The coroutine begins to wait while the others decide.
struct AStopRequestAndAGrantBesideACoroutineThatBeginsToWait {
  static constexpr int threads = 3;
  lockstep::Lock lock;
  std::stop_source stop;
  std::optional<bool> acquired;

  AStopRequestAndAGrantBesideACoroutineThatBeginsToWait() { lock.acquire(); }
  static Coroutine acquire(AStopRequestAndAGrantBesideACoroutineThatBeginsToWait& self) {
    const bool got = co_await self.lock.async_acquire(self.stop.get_token());
    self.acquired = got;
  }
  void thread(int index) {
    if (index == 0) {
      lock.release();
    } else if (index == 1) {
      stop.request_stop();
    } else {
      acquire(*this);
    }
  }
  void finish() { require(acquired.has_value() && lock.locked() == *acquired); }
};

struct ADeadlineBesideAGrantToACoroutine {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  RungByHand clock;
  std::optional<bool> acquired;

  ADeadlineBesideAGrantToACoroutine() {
    lock.acquire();
    acquire(*this);
  }
  static Timed acquire(ADeadlineBesideAGrantToACoroutine& self) {
    self.acquired = co_await self.lock.async_try_acquire_for(brief);
  }
  void thread(int index) { index == 0 ? lock.release() : clock.ring_after(brief); }
  void finish() { require(acquired.has_value() && lock.locked() == *acquired); }
};

struct AGrantToACoroutineThatIsBeingDestroyedIsNotLost {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Line line;
  InLine coroutine;

  AGrantToACoroutineThatIsBeingDestroyedIsNotLost() {
    lock.acquire();
    coroutine = acquire(*this);
  }
  static InLine acquire(AGrantToACoroutineThatIsBeingDestroyedIsNotLost& self) {
    co_await self.lock.async_acquire();
  }
  void thread(int index) { index == 0 ? lock.release() : coroutine.destroy(); }
  void finish() { require(!lock.locked()); }
};

using CoroutineFateScenarios =
    List<AStopRequestBesideAGrantToACoroutine,
         AStopRequestAndAGrantBesideACoroutineThatBeginsToWait, ADeadlineBesideAGrantToACoroutine,
         AGrantToACoroutineThatIsBeingDestroyedIsNotLost>;

}  // namespace scenarios
