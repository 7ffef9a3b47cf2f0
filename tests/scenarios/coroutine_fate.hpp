// tests/scenarios/coroutine_fate.hpp: a grant, a stop request, a deadline, the end of the coroutine:
// exactly one of them decides what becomes of a coroutine that waits. Told of Lock; the others wait in the same way.
#pragma once

#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>
#include "lockstep/wait/async_wait.hpp"

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

/// Whatever became of the first that waited, the second has the lock in the end, and gives it back.
template <class Scenario>
struct TheNextIsServed {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<bool> served{false};

  static Coroutine come_second(Scenario& self) {
    co_await self.lock.async_acquire();
    self.served = true;
    self.lock.release();
  }
  void thread(int index) {
    if (index == 0) {
      lock.release();
    } else {
      static_cast<Scenario&>(*this).end_the_first();
    }
  }
  void finish() { require(served && !lock.locked()); }
};

struct ACoroutineWhoseTimeIsUpPassesTheLockOn
    : TheNextIsServed<ACoroutineWhoseTimeIsUpPassesTheLockOn> {
  RungByHand clock;

  ACoroutineWhoseTimeIsUpPassesTheLockOn() {
    lock.acquire();
    come_first(*this);
    come_second(*this);
  }
  static Timed come_first(ACoroutineWhoseTimeIsUpPassesTheLockOn& self) {
    const bool got = co_await self.lock.async_try_acquire_for(brief);
    if (got) self.lock.release();
  }
  void end_the_first() { clock.ring_after(brief); }
};

struct ACoroutineThatIsStoppedPassesTheLockOn
    : TheNextIsServed<ACoroutineThatIsStoppedPassesTheLockOn> {
  std::stop_source stop;

  ACoroutineThatIsStoppedPassesTheLockOn() {
    lock.acquire();
    come_first(*this);
    come_second(*this);
  }
  static Coroutine come_first(ACoroutineThatIsStoppedPassesTheLockOn& self) {
    const bool got = co_await self.lock.async_acquire(self.stop.get_token());
    if (got) self.lock.release();
  }
  void end_the_first() { stop.request_stop(); }
};

struct ACoroutineThatIsDestroyedPassesTheLockOn
    : TheNextIsServed<ACoroutineThatIsDestroyedPassesTheLockOn> {
  Line line;
  InLine first;

  ACoroutineThatIsDestroyedPassesTheLockOn() {
    lock.acquire();
    first = come_first(*this);
    come_second(*this);
  }
  static InLine come_first(ACoroutineThatIsDestroyedPassesTheLockOn& self) {
    co_await self.lock.async_acquire();
  }
  void end_the_first() { first.destroy(); }
};

struct AStopRequestAndADeadlineEndAWaitOnce {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  RungByHand clock;
  std::stop_source stop;
  Shared<int> refused{0};

  AStopRequestAndADeadlineEndAWaitOnce() {
    lock.acquire();
    acquire(*this);
  }
  static Timed acquire(AStopRequestAndADeadlineEndAWaitOnce& self) {
    const bool got = co_await self.lock.async_try_acquire_for(brief, self.stop.get_token());
    if (!got) ++self.refused;
  }
  void thread(int index) { index == 0 ? clock.ring_after(brief) : void(stop.request_stop()); }
  void finish() { require(refused == 1 && lock.locked()); }
};

/// One who waits without a coroutine, as Asio's handlers do, goes on from the line even if it was told at once that
/// it has the lock; and may be gone before.
struct AGrantAtOnceToOneThatIsGoneBeforeItGoesOnIsNotLost {
  static constexpr int threads = 2;
  using Wanted = decltype(std::declval<lockstep::Lock&>().async_acquire());
  using Operation = std::remove_reference_t<decltype(std::declval<Wanted&>().operation())>;
  static constexpr lockstep::wait::Offer offer{
      .schedule =
          [](void* line, lockstep::wait::Ready& ready) noexcept {
            static_cast<Line*>(line)->schedule(ready);
          },
      .unschedule =
          [](void* line, lockstep::wait::Ready& ready) noexcept {
            static_cast<Line*>(line)->unschedule(ready);
          }};
  lockstep::Lock lock;
  Line line;

  AGrantAtOnceToOneThatIsGoneBeforeItGoesOnIsNotLost() { lock.acquire(); }
  void thread(int index) {
    if (index == 0) return lock.release();
    Wanted wanted = lock.async_acquire();
    lockstep::wait::Ready ready([](lockstep::wait::Ready&) noexcept {});
    lockstep::wait::AsyncWait<Operation> wait(wanted.operation(), {}, ready);
    if (!wait.suspend({offer, &line})) line.schedule(ready);
  }
  void finish() { require(!lock.locked()); }
};

/// It waits, nobody grants it anything, and it is destroyed: as if it had never come.
struct ACoroutineThatIsDestroyedBeforeAnyGrantIsForgotten {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Line line;
  InLine coroutine;

  ACoroutineThatIsDestroyedBeforeAnyGrantIsForgotten() {
    lock.acquire();
    coroutine = acquire(*this);
  }
  static InLine acquire(ACoroutineThatIsDestroyedBeforeAnyGrantIsForgotten& self) {
    co_await self.lock.async_acquire();
  }
  void thread(int index) {
    if (index == 0) {
      coroutine.destroy();
      lock.release();
    } else {
      lock.acquire();
      lock.release();
    }
  }
  void finish() { require(!lock.locked()); }
};

using CoroutineFateScenarios =
    List<AStopRequestBesideAGrantToACoroutine,
         AStopRequestAndAGrantBesideACoroutineThatBeginsToWait, ADeadlineBesideAGrantToACoroutine,
         AGrantToACoroutineThatIsBeingDestroyedIsNotLost, ACoroutineWhoseTimeIsUpPassesTheLockOn,
         ACoroutineThatIsStoppedPassesTheLockOn, ACoroutineThatIsDestroyedPassesTheLockOn,
         AStopRequestAndADeadlineEndAWaitOnce, AGrantAtOnceToOneThatIsGoneBeforeItGoesOnIsNotLost,
         ACoroutineThatIsDestroyedBeforeAnyGrantIsForgotten>;

}  // namespace scenarios
