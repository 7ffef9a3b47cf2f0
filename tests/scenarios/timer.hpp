// tests/scenarios/timer.hpp: what Timer promises, as programs small enough to explore.
//
// The service that rings has threads of its own: one, or two where a callback takes long. They stay when the
// scenario has ended, and are counted in none of the `threads` here.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <forward_list>
#include <memory>

#include "lockstep/error.hpp"
#include "lockstep/event.hpp"
#include "lockstep/timer.hpp"
#include "scenario.hpp"

namespace scenarios {

inline constexpr std::chrono::nanoseconds at_once{0};

/// Timers that stay, as the service's threads do. The end of one takes the service's lock twice, and each time that two
/// threads meet at a lock multiplies the executions: without it some scenarios can be explored to the end.
inline std::forward_list<lockstep::Timer>& staying = *new std::forward_list<lockstep::Timer>;

struct ATimerCallsWithWhatHappenedBeforeItsStart {
  static constexpr int threads = 1;
  Shared<int> data{0};
  lockstep::Event over;
  lockstep::Timer& timer = staying.emplace_front(at_once, [this] {
    require(data == 1);
    data = 2;
    over.set();
  });

  void thread(int) {
    data = 1;
    timer.start();
    over.wait();
    require(data == 2);
  }
};

/// Both count: they would race.
struct ACancelSaysTrueOnlyIfTheCallbackIsNotCalled {
  static constexpr int threads = 1;
  Shared<int> count{0};
  lockstep::Event over;
  lockstep::Timer& timer = staying.emplace_front(at_once, [this] {
    ++count;
    over.set();
  });

  void thread(int) {
    timer.start();
    if (timer.cancel()) {
      ++count;
    } else {
      over.wait();
    }
    require(count == 1);
  }
};

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
  lockstep::Event over;
  lockstep::Timer& later = staying.emplace_front(std::chrono::hours::max(), [] {});
  lockstep::Timer& earlier = staying.emplace_front(at_once, [this] { over.set(); });

  void thread(int) {
    later.start();
    earlier.start();
    over.wait();
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
    List<ATimerCallsWithWhatHappenedBeforeItsStart, ACancelSaysTrueOnlyIfTheCallbackIsNotCalled,
         ATimerCarriesDataToItsCallbackAndThatToWhoJoins,
         ACancelSaysTrueExactlyIfTheCallbackIsNotCalled, OfTwoCancelsOneAtMostPreventsTheCallback,
         ACancelBesideAStartIsNotForgotten, OfTwoStartsOneIsRefused,
         WhatACallbackThrewComesOutOfJoin, AnEarlierTimerIsNotOverlookedBesideALaterOne,
         TwoThreadsStartTheFirstTimers, ACallbackThatWaitsForTheNextDoesNotKeepItFromFiring,
         ADestroyedTimerCallsNobody, ATimerMayBeDestroyedByWhoeverHasJoinedIt,
         ATimerMayBeDestroyedByItsOwnCallback, ATimerMayBeDestroyedByTheCallbackOfAnother>;

}  // namespace scenarios
