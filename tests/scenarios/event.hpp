// tests/scenarios/event.hpp: what Event promises, as programs small enough to explore.
#pragma once

#include <atomic>
#include <cstdint>
#include <stop_token>
#include "lockstep/semaphore.hpp"

#include "lockstep/event.hpp"
#include "lockstep/wait/bell.hpp"
#include "lockstep/wait/waiter.hpp"
#include "scenario.hpp"

namespace scenarios {

struct WhatHappenedBeforeSetIsSeenAfterWait {
  static constexpr int threads = 2;
  lockstep::Event event;
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      event.set();
    } else {
      event.wait();
      require(data == 1);
    }
  }
  void finish() { require(event.is_set()); }
};

struct WhatHappenedBeforeSetIsSeenByWhoeverOnlyLooks {
  static constexpr int threads = 2;
  lockstep::Event event;
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      event.set();
    } else if (event.is_set()) {
      require(data == 1);
    }
  }
};

struct SetReleasesEverybody {
  static constexpr int threads = 3;
  lockstep::Event event;
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      event.set();
    } else {
      event.wait();
      require(data == 1);
    }
  }
};

/// The flag is off again when the waiter runs; it was released all the same, or had not come yet.
struct APulseReleasesOnlyWithWhatWasWrittenBeforeIt {
  static constexpr int threads = 2;
  lockstep::Event event;
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      event.set();
      event.clear();
    } else if (event.wait_for(brief)) {
      require(data == 1);
    }
  }
  void finish() { require(!event.is_set()); }
};

/// The third waits without a time: the pulse or the last set has to reach it, however they race.
struct ASetAfterAPulseLeavesNobodyBehind {
  static constexpr int threads = 3;
  lockstep::Event event;

  void thread(int index) {
    if (index == 0) {
      event.set();
      event.clear();
      event.set();
    } else if (index == 1) {
      static_cast<void>(event.wait_for(brief));
    } else {
      event.wait();
    }
  }
  void finish() { require(event.is_set()); }
};

struct SetClearAndATimedWaitMayRace {
  static constexpr int threads = 3;
  lockstep::Event event;
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      event.set();
    } else if (index == 1) {
      event.clear();
    } else if (event.wait_for(brief)) {
      require(data == 1);
    }
  }
};

/// As an event loop does: look for work after every clear. A clear may undo the set of one whose
/// work was not seen yet.
struct WhatASetAnnouncedIsSeenAfterTheClearThatUndidIt {
  static constexpr int threads = 3;
  lockstep::Event event;
  std::atomic<std::uint32_t> announced[threads]{};

  void thread(int index) {
    if (index > 0) {
      announced[index].store(1, std::memory_order_relaxed);
      event.set();
    } else {
      do {
        event.wait();
        event.clear();
      } while (announced[1].load(std::memory_order_relaxed) == 0 ||
               announced[2].load(std::memory_order_relaxed) == 0);
    }
  }
};

struct AnEventMayBeDestroyedByWhoeverSawItSet {
  static constexpr int threads = 2;
  lockstep::Event* event = new lockstep::Event;

  void thread(int index) {
    if (index == 0) {
      event->set();
    } else {
      event->wait();
      delete event;
    }
  }
};

/// A clear of what is clear already, while the other begins to wait.
struct AClearDoesNotForgetWhoBeginsToWait {
  static constexpr int threads = 2;
  lockstep::Event event;

  void thread(int index) {
    if (index == 0) {
      event.clear();
      event.set();
    } else {
      event.wait();
    }
  }
  void finish() { require(event.is_set()); }
};

/// Untimed, so that the last set has to reach it however they race.
struct ASetAfterAPulseReachesTheOnlyWaiter {
  static constexpr int threads = 2;
  lockstep::Event event;
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      event.set();
      event.clear();
      event.set();
    } else {
      event.wait();
      require(data == 1);
    }
  }
  void finish() { require(event.is_set()); }
};

/// One announces, the other looks for what was announced after it has cleared.
struct WhatASetAnnouncedIsSeenAfterAClear {
  static constexpr int threads = 2;
  lockstep::Event event;
  std::atomic<std::uint32_t> announced{0};

  void thread(int index) {
    if (index == 1) {
      announced.store(1, std::memory_order_relaxed);
      event.set();
    } else {
      do {
        event.wait();
        event.clear();
      } while (announced.load(std::memory_order_relaxed) == 0);
    }
  }
};

/// It ends with the block in which it was waited for, where others put what they need next.
struct AnEventOnTheStackOfItsWaiterMayEndAtOnce {
  static constexpr int threads = 2;
  lockstep::Semaphore there{0};
  lockstep::Event* event = nullptr;
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      there.acquire();
      data = 1;
      event->set();
    } else {
      wait_here();
      require(data == 1);
    }
  }
  [[gnu::noinline]] void wait_here() {
    lockstep::Event here;
    event = &here;
    there.release();
    here.wait();
  }
};

/// What many sleep on: it is rung for others too.
struct WhoSleepsOnABellIsWokenAlthoughAnotherRingsIt {
  static constexpr int threads = 3;
  lockstep::wait::Bell bell;
  lockstep::wait::ThreadWaiter waiter{&bell};
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      require(waiter.park() == lockstep::wait::Fate::granted);
      require(data == 1);
    } else if (index == 1) {
      data = 1;
      waiter.wake(lockstep::wait::Fate::granted);
    } else {
      bell.ring();
    }
  }
};

using EventScenarios =
    List<WhoSleepsOnABellIsWokenAlthoughAnotherRingsIt, WhatHappenedBeforeSetIsSeenAfterWait,
         WhatHappenedBeforeSetIsSeenByWhoeverOnlyLooks, SetReleasesEverybody,
         APulseReleasesOnlyWithWhatWasWrittenBeforeIt, ASetAfterAPulseLeavesNobodyBehind,
         SetClearAndATimedWaitMayRace, WhatASetAnnouncedIsSeenAfterTheClearThatUndidIt,
         AnEventMayBeDestroyedByWhoeverSawItSet, AClearDoesNotForgetWhoBeginsToWait,
         ASetAfterAPulseReachesTheOnlyWaiter, WhatASetAnnouncedIsSeenAfterAClear,
         AnEventOnTheStackOfItsWaiterMayEndAtOnce>;

// With a stop request.

struct AStoppedWaitSaysTrueOnlyIfItWasReleased {
  static constexpr int threads = 3;
  lockstep::Event event;
  std::stop_source stop;
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      event.set();
    } else if (index == 1) {
      stop.request_stop();
    } else if (event.wait(stop.get_token())) {
      require(data == 1);
    }
  }
  void finish() { require(event.is_set()); }
};

struct AStopRequestBeforeASetLosesNobody {
  static constexpr int threads = 2;
  lockstep::Event event;
  std::stop_source stop;
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      stop.request_stop();
      event.set();
    } else if (!event.wait(stop.get_token())) {
      require(data == 1);
      event.wait();
    }
  }
};

using EventStopScenarios =
    List<AStoppedWaitSaysTrueOnlyIfItWasReleased, AStopRequestBeforeASetLosesNobody>;

}  // namespace scenarios
