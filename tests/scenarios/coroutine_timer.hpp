// tests/scenarios/coroutine_timer.hpp: what Timer, and the service that rings it, promise to coroutines.
#pragma once

#include <array>
#include <cstddef>

#include "coroutine.hpp"
#include "lockstep/event.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/timer.hpp"
#include "scenario.hpp"
#include "timer.hpp"

namespace scenarios {

struct ATimerCarriesDataToACoroutine {
  static constexpr int threads = 1;
  Shared<int> data{0};
  lockstep::Timer timer{std::chrono::nanoseconds(0), [this] { data = 1; }};
  lockstep::Event over;

  void thread(int) {
    timer.start();
    look(*this);
    over.wait();
  }
  static Coroutine look(ATimerCarriesDataToACoroutine& self) {
    co_await self.timer;
    require(self.data == 1);
    self.over.set();
  }
};

struct ACancelBesideACoroutineThatAwaitsTheTimer {
  static constexpr int threads = 2;
  Shared<int> calls{0};
  lockstep::Timer timer{brief, [this] { ++calls; }};
  Shared<bool> prevented{false};
  lockstep::Event over;

  ACancelBesideACoroutineThatAwaitsTheTimer() { timer.start(); }
  void thread(int index) {
    if (index == 0) {
      prevented = timer.cancel();
    } else {
      look(*this);
      over.wait();
    }
  }
  static Coroutine look(ACancelBesideACoroutineThatAwaitsTheTimer& self) {
    co_await self.timer;
    self.over.set();
  }
  void finish() { require(prevented == (calls == 0)); }
};

struct CoroutinesOnTwoThreadsAwaitATimer {
  static constexpr int threads = 2;
  lockstep::Timer timer{at_once, [this] { data = 1; }};
  Shared<int> data{0};
  std::array<lockstep::Event, threads> over;

  CoroutinesOnTwoThreadsAwaitATimer() { timer.start(); }
  void thread(int index) {
    lockstep::Event& own = over[static_cast<std::size_t>(index)];
    look(*this, own);
    own.wait();
  }
  static Coroutine look(CoroutinesOnTwoThreadsAwaitATimer& self, lockstep::Event& over) {
    co_await self.timer;
    require(self.data == 1);
    over.set();
  }
};

struct ADeadlineOfACoroutineThatTheServiceRingsBesideAGrant {
  static constexpr int threads = 1;
  lockstep::Lock lock;
  Shared<bool> acquired{false};
  lockstep::Event over;

  ADeadlineOfACoroutineThatTheServiceRingsBesideAGrant() { lock.acquire(); }
  void thread(int) {
    acquire(*this);
    lock.release();
    over.wait();
    require(lock.locked() == acquired);
  }
  static Coroutine acquire(ADeadlineOfACoroutineThatTheServiceRingsBesideAGrant& self) {
    self.acquired = co_await self.lock.async_try_acquire_for(brief);
    self.over.set();
  }
};

using CoroutineTimerScenarios =
    List<ATimerCarriesDataToACoroutine, ACancelBesideACoroutineThatAwaitsTheTimer,
         CoroutinesOnTwoThreadsAwaitATimer, ADeadlineOfACoroutineThatTheServiceRingsBesideAGrant>;

}  // namespace scenarios
