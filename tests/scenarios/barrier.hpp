// tests/scenarios/barrier.hpp: what Barrier promises, as programs small enough to explore.
#pragma once

#include <cstddef>
#include <stop_token>
#include <utility>

#include "lockstep/barrier.hpp"
#include "lockstep/callback.hpp"
#include "lockstep/error.hpp"
#include "scenario.hpp"

namespace scenarios {

/// Does this party pass, rather than find the barrier broken?
template <class Wait>
bool passes(Wait wait) {
  try {
    wait();
    return true;
  } catch (const lockstep::BrokenBarrierError&) {
    return false;
  }
}

struct PartiesMeetRoundAfterRound {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{threads};
  Shared<int> rounds[threads]{};

  void thread(int index) {
    for (int round = 1; round <= 2; ++round) {
      rounds[index] = round;
      barrier.wait();
      require(rounds[1 - index] == round);
      barrier.wait();
    }
  }
  void finish() { require(barrier.n_waiting() == 0 && !barrier.broken()); }
};

struct EachPartyOfARoundHasAnIndexOfItsOwn {
  static constexpr int threads = 3;
  lockstep::Barrier barrier{threads};
  Shared<int> index_of[threads]{};

  void thread(int index) { index_of[index] = 1 << barrier.wait(); }
  void finish() { require(index_of[0] + index_of[1] + index_of[2] == 7); }
};

struct TheActionRunsOnceAfterAllHaveArrivedAndBeforeAnyLeaves {
  static constexpr int threads = 2;
  Shared<int> arrived[threads]{};
  Shared<int> actions{0};
  lockstep::Barrier barrier{threads, [this] {
                              require(arrived[0] == 1 && arrived[1] == 1);
                              ++actions;
                            }};

  void thread(int index) {
    arrived[index] = 1;
    barrier.wait();
    require(actions == 1);
  }
};

struct AnActionThatThrowsBreaksTheBarrierForTheOthers {
  static constexpr int threads = 2;
  struct Thrown {};
  lockstep::Barrier barrier{threads, [] { throw Thrown{}; }};
  Shared<int> thrown[threads]{};

  void thread(int index) {
    try {
      require(!passes([this] { barrier.wait(); }));
    } catch (const Thrown&) {
      thrown[index] = 1;
    }
  }
  void finish() { require(thrown[0] + thrown[1] == 1 && barrier.broken()); }
};

struct AnAbortStopsAllPartiesOrNone {
  static constexpr int threads = 3;
  lockstep::Barrier barrier;
  Shared<bool> passed[threads]{};

  explicit AnAbortStopsAllPartiesOrNone(lockstep::Callback action = {})
      : barrier(2, std::move(action)) {}
  void thread(int index) {
    if (index == 2) {
      barrier.abort();
    } else {
      passed[index] = passes([this] { barrier.wait(); });
    }
  }
  void finish() { require(passed[0] == passed[1] && barrier.broken()); }
};

struct AnAbortDuringTheActionStopsAllPartiesOrNone : AnAbortStopsAllPartiesOrNone {
  AnAbortDuringTheActionStopsAllPartiesOrNone() : AnAbortStopsAllPartiesOrNone([] {}) {}
};

struct ARoundThatWasResetCanBeTriedAgain {
  static constexpr int threads = 3;
  lockstep::Barrier barrier;

  explicit ARoundThatWasResetCanBeTriedAgain(lockstep::Callback action = {})
      : barrier(2, std::move(action)) {}
  void thread(int index) {
    if (index == 2) {
      barrier.reset();
    } else if (!passes([this] { barrier.wait(); })) {
      barrier.wait();
    }
  }
  void finish() { require(barrier.n_waiting() == 0 && !barrier.broken()); }
};

/// A party that was thrown out may come back while the action still runs; it waits for the end of
/// it.
struct ARoundThatWasResetDuringItsActionCanBeTriedAgain : ARoundThatWasResetCanBeTriedAgain {
  Shared<int> actions{0};

  ARoundThatWasResetDuringItsActionCanBeTriedAgain()
      : ARoundThatWasResetCanBeTriedAgain([this] { ++actions; }) {}
  void finish() {
    ARoundThatWasResetCanBeTriedAgain::finish();
    require(actions == 1 || actions == 2);
  }
};

struct ATimeoutStopsAllPartiesOrNone {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{threads};
  Shared<bool> passed[threads]{};

  void thread(int index) {
    if (index == 0) {
      passed[0] = passes([this] { barrier.wait_for(brief); });
    } else {
      passed[1] = passes([this] { barrier.wait(); });
    }
  }
  void finish() { require(passed[0] == passed[1] && barrier.broken() == !passed[0]); }
};

struct ABarrierMayBeDestroyedByAnyPartyOfItsLastRound {
  static constexpr int threads = 2;
  lockstep::Barrier* barrier = new lockstep::Barrier(threads);

  void thread(int index) {
    barrier->wait();
    if (index == 0) delete barrier;
  }
};

/// Each round is a barrier for what was written before it.
struct TwoPartiesMeetTwice {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{threads};
  Shared<int> first[threads]{};
  Shared<int> second[threads]{};

  void thread(int index) {
    first[index] = 1;
    const std::size_t place = barrier.wait();
    require(first[1 - index] == 1 && place < 2);
    second[index] = 1;
    barrier.wait();
    require(second[1 - index] == 1);
  }
  void finish() { require(barrier.n_waiting() == 0 && !barrier.broken()); }
};

struct EachOfTwoPartiesHasAnIndexOfItsOwn {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{threads};
  Shared<int> index_of[threads]{};

  void thread(int index) { index_of[index] = 1 << barrier.wait(); }
  void finish() { require(index_of[0] + index_of[1] == 3); }
};

/// The party that aborts has not come: the other is refused, whenever it came.
struct AnAbortRefusesWhoWaitsAndWhoComes {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{2};

  void thread(int index) {
    if (index == 0) {
      require(!passes([this] { barrier.wait(); }));
    } else {
      barrier.abort();
      require(!passes([this] { barrier.wait(); }));
    }
  }
  void finish() { require(barrier.broken() && barrier.n_waiting() == 0); }
};

struct WhoWasResetComesBackToTheOneThatReset {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{2};

  void thread(int index) {
    if (index == 0) {
      if (!passes([this] { barrier.wait(); })) barrier.wait();
    } else {
      barrier.reset();
      barrier.wait();
    }
  }
  void finish() { require(barrier.n_waiting() == 0 && !barrier.broken()); }
};

/// In a round of one: before its action, during it, or after.
template <bool aborts>
struct ARoundOfOneBesideItsEnd {
  static constexpr int threads = 2;
  Shared<int> actions{0};
  lockstep::Barrier barrier{1, [this] { ++actions; }};
  Shared<bool> passed{false};

  void thread(int index) {
    if (index == 0) {
      passed = passes([this] { barrier.wait(); });
    } else {
      aborts ? barrier.abort() : barrier.reset();
    }
  }
  void finish() {
    require(!passed || actions == 1);
    require(barrier.broken() == aborts && barrier.n_waiting() == 0);
  }
};
struct AnAbortDuringTheActionLeavesABrokenBarrier : ARoundOfOneBesideItsEnd<true> {};
struct AResetDuringTheActionLeavesAnEmptyBarrier : ARoundOfOneBesideItsEnd<false> {};

/// B5, of both.
struct EachOfTwoTimeoutsStopsBothPartiesOrNone {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{threads};
  Shared<bool> passed[threads]{};

  void thread(int index) {
    passed[index] = passes([this] { barrier.wait_for(brief); });
  }
  void finish() { require(passed[0] == passed[1] && barrier.broken() == !passed[0]); }
};

using BarrierScenarios =
    List<PartiesMeetRoundAfterRound, EachPartyOfARoundHasAnIndexOfItsOwn,
         TheActionRunsOnceAfterAllHaveArrivedAndBeforeAnyLeaves,
         AnActionThatThrowsBreaksTheBarrierForTheOthers, AnAbortStopsAllPartiesOrNone,
         AnAbortDuringTheActionStopsAllPartiesOrNone, ARoundThatWasResetCanBeTriedAgain,
         ARoundThatWasResetDuringItsActionCanBeTriedAgain, ATimeoutStopsAllPartiesOrNone,
         ABarrierMayBeDestroyedByAnyPartyOfItsLastRound, TwoPartiesMeetTwice,
         EachOfTwoPartiesHasAnIndexOfItsOwn, AnAbortRefusesWhoWaitsAndWhoComes,
         WhoWasResetComesBackToTheOneThatReset, AnAbortDuringTheActionLeavesABrokenBarrier,
         AResetDuringTheActionLeavesAnEmptyBarrier, EachOfTwoTimeoutsStopsBothPartiesOrNone>;

// With a stop request.

/// The other would wait for ever without its time, once this one has withdrawn.
struct APartyIsStoppedOnlyBeforeTheRoundIsComplete {
  static constexpr int threads = 3;
  lockstep::Barrier barrier{2};
  std::stop_source stop;
  Shared<bool> passed[threads]{};

  void thread(int index) {
    if (index == 0) {
      bool stopped = false;
      passed[0] = passes([&] { stopped = !barrier.wait(stop.get_token()); }) && !stopped;
    } else if (index == 1) {
      passed[1] = passes([this] { barrier.wait_for(brief); });
    } else {
      stop.request_stop();
    }
  }
  void finish() { require(passed[0] == passed[1]); }
};

/// The same in two threads: who requests the stop comes afterwards.
struct APartyThatIsStoppedHasNotCome {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{2};
  std::stop_source stop;
  Shared<bool> passed[threads]{};

  void thread(int index) {
    if (index == 0) {
      bool stopped = false;
      passed[0] = passes([&] { stopped = !barrier.wait(stop.get_token()); }) && !stopped;
    } else {
      stop.request_stop();
      passed[1] = passes([this] { barrier.wait_for(brief); });
    }
  }
  void finish() { require(passed[0] == passed[1]); }
};

using BarrierStopScenarios =
    List<APartyIsStoppedOnlyBeforeTheRoundIsComplete, APartyThatIsStoppedHasNotCome>;

}  // namespace scenarios
