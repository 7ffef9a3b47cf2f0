// tests/scenarios/timer.hpp: what Timer promises, to threads and to coroutines, as programs small enough to
// explore.
//
// The service that rings it has a thread of its own, which stays when the scenario has ended.
#pragma once

#include <chrono>

#include "coroutine.hpp"
#include "lockstep/event.hpp"
#include "lockstep/timer.hpp"
#include "scenario.hpp"

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

using TimerScenarios =
    List<ATimerCarriesDataToACoroutine, ACancelBesideACoroutineThatAwaitsTheTimer>;

}  // namespace scenarios
