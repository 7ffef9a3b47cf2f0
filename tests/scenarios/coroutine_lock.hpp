// tests/scenarios/coroutine_lock.hpp: what Lock and RLock promise to coroutines.
#pragma once

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <memory>
#include <thread>
#include "lockstep/event.hpp"

#include "coroutine.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/rlock.hpp"
#include "scenario.hpp"

namespace scenarios {

inline Coroutine count_under(lockstep::Lock& lock, Shared<int>& count) {
  co_await lock.async_acquire();
  ++count;
  lock.release();
}

struct AThreadAndACoroutineCountUnderTheLock {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> count{0};

  void thread(int index) {
    if (index == 0) {
      lock.acquire();
      ++count;
      lock.release();
    } else {
      count_under(lock, count);
    }
  }
  void finish() { require(count == 2); }
};

struct CoroutinesOnTwoThreadsCountUnderTheLock : AThreadAndACoroutineCountUnderTheLock {
  void thread(int) { count_under(lock, count); }
};

struct AThreadAndTwoCoroutinesGetTheLockInTurn : AThreadAndACoroutineCountUnderTheLock {
  void thread(int index) {
    AThreadAndACoroutineCountUnderTheLock::thread(index);
    if (index == 1) count_under(lock, count);
  }
  void finish() { require(count == 3); }
};

struct ACoroutineThatWasGrantedTheLockMayDestroyIt {
  static constexpr int threads = 2;
  std::unique_ptr<lockstep::Lock> lock = std::make_unique<lockstep::Lock>();
  Shared<bool> destroyed{false};

  ACoroutineThatWasGrantedTheLockMayDestroyIt() { lock->acquire(); }
  void thread(int index) { index == 0 ? lock->release() : static_cast<void>(destroy(*this)); }
  static Coroutine destroy(ACoroutineThatWasGrantedTheLockMayDestroyIt& self) {
    co_await self.lock->async_acquire();
    self.lock.reset();
    self.destroyed = true;
  }
  void finish() { require(destroyed); }
};

struct AGrantToACoroutineGoesThroughItsScheduler {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> data{0};
  Line line;
  InLine coroutine;

  AGrantToACoroutineGoesThroughItsScheduler() { lock.acquire(); }
  static InLine acquire(AGrantToACoroutineGoesThroughItsScheduler& self) {
    co_await self.lock.async_acquire();
    ++self.data;
  }
  void thread(int index) {
    if (index == 0) {
      data = 1;
      lock.release();
    } else {
      coroutine = acquire(*this);
      if (!coroutine.done()) line.run();
    }
  }
  void finish() { require(data == 2); }
};

/// Of two that wait the first is served first, where it is known which that is: A2.
struct AThreadThatComesLaterGetsTheLockAfterTheCoroutine {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> served{0};

  AThreadThatComesLaterGetsTheLockAfterTheCoroutine() {
    lock.acquire();
    take(*this);
  }
  static Coroutine take(AThreadThatComesLaterGetsTheLockAfterTheCoroutine& self) {
    co_await self.lock.async_acquire();
    require(++self.served == 1);
    self.lock.release();
  }
  void thread(int index) {
    if (index == 1) {
      lock.acquire();
      require(++served == 2);
    }
    lock.release();
  }
  void finish() { require(served == 2 && !lock.locked()); }
};

struct TheCoroutineThatWaitedFirstGetsTheLockFirst {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> served{0};

  TheCoroutineThatWaitedFirstGetsTheLockFirst() {
    lock.acquire();
    take(*this, 1);
  }
  static Coroutine take(TheCoroutineThatWaitedFirstGetsTheLockFirst& self, int turn) {
    co_await self.lock.async_acquire();
    require(++self.served == turn);
    self.lock.release();
  }
  void thread(int index) { index == 0 ? lock.release() : static_cast<void>(take(*this, 2)); }
  void finish() { require(served == 2 && !lock.locked()); }
};

/// What is handed over is never free in between, however late the coroutine goes on: A3.
struct NobodyOvertakesACoroutineThatWaitsForTheLock {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> served{0};
  Line line;
  InLine coroutine;

  NobodyOvertakesACoroutineThatWaitsForTheLock() {
    lock.acquire();
    coroutine = take(*this);
  }
  static InLine take(NobodyOvertakesACoroutineThatWaitsForTheLock& self) {
    co_await self.lock.async_acquire();
    require(++self.served == 1);
    self.lock.release();
  }
  void thread(int index) {
    if (index == 1) return line.run();
    lock.release();
    if (!lock.try_acquire()) return;
    require(++served == 2);
    lock.release();
  }
  void finish() { require(served >= 1 && !lock.locked()); }
};

struct AThreadThatWasGivenTheLockByACoroutineMayDestroyIt {
  static constexpr int threads = 2;
  std::unique_ptr<lockstep::Lock> lock = std::make_unique<lockstep::Lock>();
  lockstep::Lock* const shared = lock.get();

  AThreadThatWasGivenTheLockByACoroutineMayDestroyIt() { lock->acquire(); }
  static Coroutine give(lockstep::Lock& lock) {
    lock.release();
    co_return;
  }
  void thread(int index) {
    if (index == 0) {
      give(*shared);
    } else {
      shared->acquire();
      lock.reset();
    }
  }
};

/// A coroutine whose scheduler knows handles only, as other libraries' do.
struct ByHandle {
  struct Scheduler {
    std::atomic<std::uint32_t> has_one{0};
    std::coroutine_handle<> one;

    void schedule(std::coroutine_handle<> coroutine) noexcept {
      one = coroutine;
      has_one.store(1, std::memory_order_release);
    }
    void run() noexcept {
      while (has_one.load(std::memory_order_acquire) == 0) std::this_thread::yield();
      one.resume();
    }
  };
  struct promise_type : LeavesAtItsEnd {
    template <class Scenario>
    explicit promise_type(Scenario& scenario) noexcept : schedules(&scenario.schedules) {}
    ByHandle get_return_object() noexcept { return {}; }
    Scheduler& scheduler() noexcept { return *schedules; }

    Scheduler* schedules;
  };
};

struct AGrantGoesThroughASchedulerThatTakesHandles {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> data{0};
  ByHandle::Scheduler schedules;

  AGrantGoesThroughASchedulerThatTakesHandles() {
    lock.acquire();
    acquire(*this);
  }
  static ByHandle acquire(AGrantGoesThroughASchedulerThatTakesHandles& self) {
    co_await self.lock.async_acquire();
    ++self.data;
  }
  void thread(int index) {
    if (index == 0) {
      data = 1;
      lock.release();
    } else {
      schedules.run();
    }
  }
  void finish() { require(data == 2); }
};

using CoroutineLockScenarios =
    List<AThreadAndACoroutineCountUnderTheLock, CoroutinesOnTwoThreadsCountUnderTheLock,
         AThreadAndTwoCoroutinesGetTheLockInTurn, ACoroutineThatWasGrantedTheLockMayDestroyIt,
         AGrantToACoroutineGoesThroughItsScheduler,
         AThreadThatComesLaterGetsTheLockAfterTheCoroutine,
         TheCoroutineThatWaitedFirstGetsTheLockFirst, NobodyOvertakesACoroutineThatWaitsForTheLock,
         AThreadThatWasGivenTheLockByACoroutineMayDestroyIt,
         AGrantGoesThroughASchedulerThatTakesHandles>;

// --- RLock

inline Coroutine count_twice_under(lockstep::RLock& lock, Shared<int>& count) {
  const auto outer = co_await lock.async_scoped();
  const auto inner = co_await lock.async_scoped();
  ++count;
}

struct AThreadAndACoroutineOwnTheRLockInTurn {
  static constexpr int threads = 2;
  lockstep::RLock lock;
  Shared<int> count{0};

  void thread(int index) {
    if (index == 0) {
      lock.acquire();
      ++count;
      lock.release();
    } else {
      count_twice_under(lock, count);
    }
  }
  void finish() { require(count == 2 && !lock.locked()); }
};

struct CoroutinesOnTwoThreadsOwnTheRLockInTurn {
  static constexpr int threads = 2;
  lockstep::RLock lock;
  Shared<int> count{0};

  void thread(int) { count_twice_under(lock, count); }
  void finish() { require(count == 2 && !lock.locked()); }
};

/// One that has the lock goes on where it was woken.
struct ACoroutineOwnsItsRLockOnWhateverThread {
  static constexpr int threads = 2;
  lockstep::RLock lock;
  lockstep::Event ready;
  Shared<int> count{0};

  void thread(int index) {
    if (index == 0) {
      take_and_wait(*this);
    } else {
      ready.set();
      lock.acquire();
      ++count;
      lock.release();
    }
  }
  static Coroutine take_and_wait(ACoroutineOwnsItsRLockOnWhateverThread& self) {
    const auto guard = co_await self.lock.async_scoped();
    co_await self.ready.async_wait();
    const auto inner = co_await self.lock.async_scoped();
    ++self.count;
  }
  void finish() { require(count == 2 && !lock.locked()); }
};

using CoroutineRLockScenarios =
    List<AThreadAndACoroutineOwnTheRLockInTurn, CoroutinesOnTwoThreadsOwnTheRLockInTurn,
         ACoroutineOwnsItsRLockOnWhateverThread>;

}  // namespace scenarios
