// tests/scenarios/coroutine_lock.hpp: what Lock and RLock promise to coroutines.
#pragma once

#include <memory>

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

struct CoroutinesOnTwoThreadsCountUnderTheLock {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> count{0};

  void thread(int) { count_under(lock, count); }
  void finish() { require(count == 2); }
};

struct AThreadAndTwoCoroutinesGetTheLockInTurn {
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
      count_under(lock, count);
    }
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

using CoroutineLockScenarios =
    List<AThreadAndACoroutineCountUnderTheLock, CoroutinesOnTwoThreadsCountUnderTheLock,
         AThreadAndTwoCoroutinesGetTheLockInTurn, ACoroutineThatWasGrantedTheLockMayDestroyIt,
         AGrantToACoroutineGoesThroughItsScheduler>;

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

using CoroutineRLockScenarios =
    List<AThreadAndACoroutineOwnTheRLockInTurn, CoroutinesOnTwoThreadsOwnTheRLockInTurn>;

}  // namespace scenarios
