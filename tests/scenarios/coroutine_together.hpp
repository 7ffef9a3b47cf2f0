// tests/scenarios/coroutine_together.hpp: what two primitives together promise to coroutines: a condition over an
// RLock, a condition and a semaphore.
#pragma once

#include "condition.hpp"
#include "coroutine.hpp"
#include "lockstep/async/task.hpp"
#include "lockstep/condition.hpp"
#include "lockstep/rlock.hpp"
#include "lockstep/semaphore.hpp"
#include "scenario.hpp"

namespace scenarios {

/// A wait gives up every level of an RLock, and has all of them again in the end: else one of the two would hang, or
/// count beside the other. (A task knows itself from its first step on, and so may notify.)
template <class Scenario>
struct AWaitGivesUpEveryLevel {
  static constexpr int threads = 2;
  lockstep::RLock lock;
  lockstep::Condition turned{lock};
  Shared<bool> turn{false};
  Shared<int> count{0};

  static lockstep::Task<> wait_for_its_turn(Scenario& self) {
    const auto outer = co_await self.lock.async_scoped();
    const auto inner = co_await self.lock.async_scoped();
    while (!self.turn) co_await self.turned.async_wait();
    require(self.lock.depth() == 2);
    ++self.count;
  }
  static Nobody begin(lockstep::Task<> task) { co_await task; }
  void thread(int index) {
    auto& self = static_cast<Scenario&>(*this);
    if (index == 0) {
      begin(wait_for_its_turn(self));
    } else {
      self.give_turn();
    }
  }
  void finish() { require(count == 2 && !lock.locked() && turned.waiters() == 0); }
};

struct ACoroutineGivesUpEveryLevelToAThread
    : AWaitGivesUpEveryLevel<ACoroutineGivesUpEveryLevelToAThread> {
  void give_turn() {
    lock.acquire();
    lock.acquire();
    turn = true;
    turned.notify();
    ++count;
    lock.release();
    lock.release();
  }
};

struct ACoroutineGivesUpEveryLevelToAnother
    : AWaitGivesUpEveryLevel<ACoroutineGivesUpEveryLevelToAnother> {
  void give_turn() { begin(give(*this)); }
  static lockstep::Task<> give(ACoroutineGivesUpEveryLevelToAnother& self) {
    const auto outer = co_await self.lock.async_scoped();
    const auto inner = co_await self.lock.async_scoped();
    self.turn = true;
    self.turned.notify();
    ++self.count;
  }
};

/// A buffer with one place: the semaphore counts places, the condition tells of items. Two items go through it.
template <class Scenario>
struct ABufferWithOnePlace {
  static constexpr int threads = 2;
  lockstep::Semaphore places{1};
  LockCondition filled;
  Shared<int> items{0};
  Shared<int> taken{0};

  static Coroutine put_two(Scenario& self) {
    for (int i = 0; i < 2; ++i) {
      co_await self.places.async_acquire();
      const auto guard = co_await self.filled.async_scoped();
      ++self.items;
      self.filled.notify();
    }
  }
  void thread(int index) {
    auto& self = static_cast<Scenario&>(*this);
    if (index == 0) {
      put_two(self);
    } else {
      self.take_two();
    }
  }
  void finish() { require(taken == 2 && items == 0 && places.value() == 1); }
};

struct AThreadTakesWhatACoroutinePutsIntoABuffer
    : ABufferWithOnePlace<AThreadTakesWhatACoroutinePutsIntoABuffer> {
  void take_two() {
    for (int i = 0; i < 2; ++i) {
      filled.acquire();
      while (items == 0) filled.wait();
      require(--items == 0);
      ++taken;
      filled.release();
      places.release();
    }
  }
};

struct ACoroutineTakesWhatAnotherPutsIntoABuffer
    : ABufferWithOnePlace<ACoroutineTakesWhatAnotherPutsIntoABuffer> {
  void take_two() { take_two(*this); }
  static Coroutine take_two(ACoroutineTakesWhatAnotherPutsIntoABuffer& self) {
    for (int i = 0; i < 2; ++i) {
      {
        const auto guard = co_await self.filled.async_scoped();
        while (self.items == 0) co_await self.filled.async_wait();
        require(--self.items == 0);
        ++self.taken;
      }
      self.places.release();
    }
  }
};

using CoroutineTogetherScenarios =
    List<ACoroutineGivesUpEveryLevelToAThread, ACoroutineGivesUpEveryLevelToAnother,
         AThreadTakesWhatACoroutinePutsIntoABuffer, ACoroutineTakesWhatAnotherPutsIntoABuffer>;

}  // namespace scenarios
