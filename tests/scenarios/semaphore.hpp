// tests/scenarios/semaphore.hpp: what Semaphore and BoundedSemaphore promise, as programs small
// enough to explore.
#pragma once

#include <stop_token>

#include "lockstep/bounded_semaphore.hpp"
#include "lockstep/error.hpp"
#include "lockstep/semaphore.hpp"
#include "scenario.hpp"

namespace scenarios {

struct WhatHappenedBeforeTheReleaseIsSeenAfterTheAcquire {
  static constexpr int threads = 2;
  lockstep::Semaphore permits{0};
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      permits.release();
    } else {
      permits.acquire();
      require(data == 1);
    }
  }
  void finish() { require(permits.value() == 0); }
};

struct ReleaseOfTwoLetsTwoIn {
  static constexpr int threads = 3;
  lockstep::Semaphore permits{0};
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      permits.release(2);
    } else {
      permits.acquire();
      require(data == 1);
    }
  }
  void finish() { require(permits.value() == 0); }
};

struct TwoReleasesInARowLetTwoIn {
  static constexpr int threads = 3;
  lockstep::Semaphore permits{0};

  void thread(int index) {
    if (index == 0) {
      permits.release();
      permits.release();
    } else {
      permits.acquire();
    }
  }
  void finish() { require(permits.value() == 0); }
};

struct TimedAcquiresConservePermits {
  static constexpr int threads = 3;
  lockstep::Semaphore permits{0};
  Shared<int> taken[threads]{};

  void thread(int index) {
    if (index == 0) {
      permits.release();
    } else {
      taken[index] = permits.try_acquire_for(brief) ? 1 : 0;
    }
  }
  void finish() { require(permits.value() + taken[1] + taken[2] == 1); }
};

/// One permit for two: whoever has it, and whoever gives up, lets the other have it.
struct AWaiterWhoseTimeIsUpPassesThePermitOn {
  static constexpr int threads = 3;
  lockstep::Semaphore permits{0};

  void thread(int index) {
    if (index == 0) {
      permits.release();
    } else if (index == 1) {
      if (permits.try_acquire_for(brief)) permits.release();
    } else {
      permits.acquire();
    }
  }
  void finish() { require(permits.value() == 0); }
};

struct OfTwoReleasesOnOnePermitTheBoundRefusesOne {
  static constexpr int threads = 2;
  lockstep::BoundedSemaphore permits{1};
  Shared<int> refused[threads]{};

  void thread(int index) {
    if (index == 0) permits.acquire();
    try {
      permits.release();
    } catch (const lockstep::OverReleaseError&) {
      refused[index] = 1;
    }
  }
  void finish() { require(refused[0] + refused[1] == 1 && permits.value() == 1); }
};

/// One release may be busy with the waiter, who may leave meanwhile, when the other comes.
struct TwoReleasesBesideATimedWaiterStayWithinTheBound {
  static constexpr int threads = 3;
  lockstep::BoundedSemaphore permits{1};
  Shared<int> released[threads]{};
  Shared<int> taken{0};

  TwoReleasesBesideATimedWaiterStayWithinTheBound() { permits.acquire(); }
  void thread(int index) {
    if (index == 2) {
      taken = permits.try_acquire_for(brief) ? 1 : 0;
      return;
    }
    try {
      permits.release();
      released[index] = 1;
    } catch (const lockstep::OverReleaseError&) {
    }
  }
  void finish() {
    require(permits.value() <= 1 && permits.value() == released[0] + released[1] - taken);
  }
};

struct ASemaphoreMayBeDestroyedByWhoeverTookItsLastPermit {
  static constexpr int threads = 2;
  lockstep::Semaphore* done = new lockstep::Semaphore(0);

  void thread(int index) {
    if (index == 0) {
      done->release();
    } else {
      done->acquire();
      delete done;
    }
  }
};

/// Waits for two, as for two pieces of work.
struct ASemaphoreMayBeDestroyedOnceAllWhoReleaseHaveDone {
  static constexpr int threads = 3;
  lockstep::Semaphore* done = new lockstep::Semaphore(0);
  Shared<int> work[threads]{};

  void thread(int index) {
    if (index == 0) {
      done->acquire();
      done->acquire();
      require(work[1] == 1 && work[2] == 1);
      delete done;
    } else {
      work[index] = 1;
      done->release();
    }
  }
};

struct TwoReleasesInARowLetOneInTwice {
  static constexpr int threads = 2;
  lockstep::Semaphore permits{0};
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      permits.release();
      permits.release();
    } else {
      permits.acquire();
      require(data == 1);
      permits.acquire();
    }
  }
  void finish() { require(permits.value() == 0); }
};

struct AReleaseOfTwoLetsOneInTwice : TwoReleasesInARowLetOneInTwice {
  void thread(int index) {
    if (index == 1) return TwoReleasesInARowLetOneInTwice::thread(1);
    data = 1;
    permits.release(2);
  }
};

struct ATimedAcquireConservesThePermit {
  static constexpr int threads = 2;
  lockstep::Semaphore permits{0};
  Shared<int> data{0};
  Shared<int> taken{0};

  void thread(int index) {
    if (index == 0) {
      data = 1;
      permits.release();
    } else if (permits.try_acquire_for(brief)) {
      require(data == 1);
      taken = 1;
    }
  }
  void finish() { require(permits.value() + taken == 1); }
};

/// Each leaves, and comes back for the other's.
struct TwoThreadsExchangePermits {
  static constexpr int threads = 2;
  lockstep::Semaphore permits[threads]{lockstep::Semaphore(0), lockstep::Semaphore(0)};
  Shared<int> data[threads]{};

  void thread(int index) {
    data[index] = 1;
    permits[index].release();
    permits[1 - index].acquire();
    require(data[1 - index] == 1);
  }
  void finish() { require(permits[0].value() == 0 && permits[1].value() == 0); }
};

using SemaphoreScenarios =
    List<WhatHappenedBeforeTheReleaseIsSeenAfterTheAcquire, ReleaseOfTwoLetsTwoIn,
         TwoReleasesInARowLetTwoIn, TimedAcquiresConservePermits,
         AWaiterWhoseTimeIsUpPassesThePermitOn, OfTwoReleasesOnOnePermitTheBoundRefusesOne,
         TwoReleasesBesideATimedWaiterStayWithinTheBound,
         ASemaphoreMayBeDestroyedByWhoeverTookItsLastPermit,
         ASemaphoreMayBeDestroyedOnceAllWhoReleaseHaveDone, TwoReleasesInARowLetOneInTwice,
         AReleaseOfTwoLetsOneInTwice, ATimedAcquireConservesThePermit, TwoThreadsExchangePermits>;

// With a stop request.

struct AStoppableAcquireConservesPermits {
  static constexpr int threads = 3;
  lockstep::Semaphore permits{0};
  std::stop_source stop;
  Shared<bool> taken{false};

  void thread(int index) {
    if (index == 0) {
      permits.release();
    } else if (index == 1) {
      taken = permits.acquire(stop.get_token());
    } else {
      stop.request_stop();
    }
  }
  void finish() { require(permits.value() + (taken ? 1 : 0) == 1); }
};

struct AStopRequestBeforeAReleaseConservesThePermit {
  static constexpr int threads = 2;
  lockstep::Semaphore permits{0};
  std::stop_source stop;
  Shared<bool> taken{false};

  void thread(int index) {
    if (index == 0) {
      stop.request_stop();
      permits.release();
    } else {
      taken = permits.acquire(stop.get_token());
    }
  }
  void finish() { require(permits.value() + (taken ? 1 : 0) == 1); }
};

using SemaphoreStopScenarios =
    List<AStoppableAcquireConservesPermits, AStopRequestBeforeAReleaseConservesThePermit>;

}  // namespace scenarios
