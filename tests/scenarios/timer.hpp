// tests/scenarios/timer.hpp: what Timer promises, to threads and to coroutines, as programs small enough to
// explore.
//
// The service that rings has threads of its own: one, or two where a callback takes long. They stay when the
// scenario has ended, and are counted in none of the `threads` here.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>

#include "coroutine.hpp"
#include "lockstep/error.hpp"
#include "lockstep/event.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/timer.hpp"
#include "scenario.hpp"

namespace scenarios {

inline constexpr std::chrono::nanoseconds at_once{0};

struct ATimerCarriesDataToItsCallbackAndThatToWhoJoins {
  static constexpr int threads = 1;
  Shared<int> data{0};
  lockstep::Timer timer{at_once, [this] {
                          require(data == 1);
                          data = 2;
                        }};

  void thread(int) {
    data = 1;
    timer.start();
    timer.join();
    require(data == 2);
  }
};

struct ACancelSaysTrueExactlyIfTheCallbackIsNotCalled {
  static constexpr int threads = 1;
  Shared<int> calls{0};
  lockstep::Timer timer{at_once, [this] { ++calls; }};

  void thread(int) {
    timer.start();
    const bool prevented = timer.cancel();
    timer.join();
    require(prevented == (calls == 0));
  }
};

struct OfTwoCancelsOneAtMostPreventsTheCallback {
  static constexpr int threads = 2;
  Shared<int> calls{0};
  lockstep::Timer timer{at_once, [this] { ++calls; }};
  Shared<int> prevented[threads]{};

  OfTwoCancelsOneAtMostPreventsTheCallback() { timer.start(); }
  void thread(int index) { prevented[index] = timer.cancel() ? 1 : 0; }
  void finish() {
    timer.join();
    require(prevented[0] + prevented[1] + calls == 1);
  }
};

/// Before it was started, or after.
struct ACancelBesideAStartIsNotForgotten {
  static constexpr int threads = 2;
  Shared<int> calls{0};
  lockstep::Timer timer{at_once, [this] { ++calls; }};
  Shared<bool> prevented{false};

  void thread(int index) {
    if (index == 0) {
      timer.start();
    } else {
      prevented = timer.cancel();
    }
  }
  void finish() {
    timer.join();
    require(prevented == (calls == 0));
  }
};

struct OfTwoStartsOneIsRefused {
  static constexpr int threads = 2;
  Shared<int> calls{0};
  lockstep::Timer timer{at_once, [this] { ++calls; }};
  Shared<int> refused[threads]{};

  void thread(int index) {
    try {
      timer.start();
    } catch (const lockstep::Error&) {
      refused[index] = 1;
    }
  }
  void finish() {
    timer.join();
    require(refused[0] + refused[1] == 1 && calls == 1);
  }
};

struct WhatACallbackThrewComesOutOfJoin {
  static constexpr int threads = 1;
  struct Thrown {};
  lockstep::Timer timer{at_once, [] { throw Thrown{}; }};

  void thread(int) {
    timer.start();
    try {
      timer.join();
      require(false);
    } catch (const Thrown&) {
    }
  }
};

/// The service's thread sleeps till the later one is due, if it is there already: for ever.
struct AnEarlierTimerIsNotOverlookedBesideALaterOne {
  static constexpr int threads = 1;
  lockstep::Timer later{std::chrono::hours::max(), [] {}};
  lockstep::Timer earlier{at_once, [] {}};

  void thread(int) {
    later.start();
    earlier.start();
    earlier.join();
    require(later.cancel());
  }
};

/// Whoever comes first brings the service's first thread.
struct TwoThreadsStartTheFirstTimers {
  static constexpr int threads = 2;
  std::array<Shared<int>, threads> calls{};
  std::array<lockstep::Timer, threads> timers{
      {{at_once, [this] { ++calls[0]; }}, {at_once, [this] { ++calls[1]; }}}};

  void thread(int index) {
    const auto own = static_cast<std::size_t>(index);
    timers[own].start();
    timers[own].join();
    require(calls[own] == 1);
  }
};

struct ACallbackThatWaitsForTheNextDoesNotKeepItFromFiring {
  static constexpr int threads = 1;
  lockstep::Event fired;
  lockstep::Timer waiting{at_once, [this] { fired.wait(); }};
  lockstep::Timer next{at_once, [this] { fired.set(); }};

  void thread(int) {
    waiting.start();
    next.start();
    waiting.join();
    next.join();
  }
};

struct ADestroyedTimerCallsNobody {
  static constexpr int threads = 1;
  Shared<int> calls{0};
  std::unique_ptr<lockstep::Timer> timer =
      std::make_unique<lockstep::Timer>(at_once, [this] { ++calls; });

  void thread(int) {
    timer->start();
    timer.reset();
    ++calls;
  }
  void finish() { require(calls == 1 || calls == 2); }
};

struct ATimerMayBeDestroyedByWhoeverHasJoinedIt {
  static constexpr int threads = 1;
  std::unique_ptr<lockstep::Timer> timer = std::make_unique<lockstep::Timer>(at_once, [] {});

  void thread(int) {
    timer->start();
    timer->join();
    timer.reset();
  }
};

struct ATimerMayBeDestroyedByItsOwnCallback {
  static constexpr int threads = 1;
  lockstep::Event over;
  std::unique_ptr<lockstep::Timer> timer;

  ATimerMayBeDestroyedByItsOwnCallback()
      : timer(std::make_unique<lockstep::Timer>(at_once, [this] {
          timer.reset();
          over.set();
        })) {}
  void thread(int) {
    timer->start();
    over.wait();
  }
};

/// They may be called by one thread: who has called the first is not in its callback any more.
struct ATimerMayBeDestroyedByTheCallbackOfAnother {
  static constexpr int threads = 1;
  Shared<int> calls{0};
  std::unique_ptr<lockstep::Timer> first =
      std::make_unique<lockstep::Timer>(at_once, [this] { ++calls; });
  lockstep::Timer second{at_once, [this] {
                           first.reset();
                           ++calls;
                         }};

  void thread(int) {
    first->start();
    second.start();
    second.join();
    require(calls == 1 || calls == 2);
  }
};

using TimerScenarios =
    List<ATimerCarriesDataToItsCallbackAndThatToWhoJoins,
         ACancelSaysTrueExactlyIfTheCallbackIsNotCalled, OfTwoCancelsOneAtMostPreventsTheCallback,
         ACancelBesideAStartIsNotForgotten, OfTwoStartsOneIsRefused,
         WhatACallbackThrewComesOutOfJoin, AnEarlierTimerIsNotOverlookedBesideALaterOne,
         TwoThreadsStartTheFirstTimers, ACallbackThatWaitsForTheNextDoesNotKeepItFromFiring,
         ADestroyedTimerCallsNobody, ATimerMayBeDestroyedByWhoeverHasJoinedIt,
         ATimerMayBeDestroyedByItsOwnCallback, ATimerMayBeDestroyedByTheCallbackOfAnother>;

// With coroutines.

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
