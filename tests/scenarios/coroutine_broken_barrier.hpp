// tests/scenarios/coroutine_broken_barrier.hpp: what becomes of coroutines at a barrier that breaks, is aborted or
// reset, or from which one of them goes.
#pragma once

#include <optional>

#include "barrier.hpp"
#include "coroutine.hpp"
#include "lockstep/barrier.hpp"
#include "lockstep/error.hpp"
#include "scenario.hpp"

namespace scenarios {

/// Of the two parties the one that ran the action has what it threw, the other a broken barrier.
template <class Scenario>
struct TheActionThrows {
  static constexpr int threads = 2;
  struct Thrown {};
  lockstep::Barrier barrier{threads, [] { throw Thrown{}; }};
  Shared<int> thrown[threads]{};
  Shared<int> refused[threads]{};

  static Coroutine meet(Scenario& self, int index) {
    try {
      co_await self.barrier.async_wait();
    } catch (const Thrown&) {
      self.thrown[index] = 1;
    } catch (const lockstep::BrokenBarrierError&) {
      self.refused[index] = 1;
    }
  }
  void finish() {
    require(thrown[0] + thrown[1] == 1 && refused[0] + refused[1] == 1 && barrier.broken());
  }
};

struct AnActionThatThrowsBreaksTheBarrierForAThreadOrACoroutine
    : TheActionThrows<AnActionThatThrowsBreaksTheBarrierForAThreadOrACoroutine> {
  void thread(int index) {
    if (index == 1) return static_cast<void>(meet(*this, 1));
    try {
      barrier.wait();
    } catch (const Thrown&) {
      thrown[0] = 1;
    } catch (const lockstep::BrokenBarrierError&) {
      refused[0] = 1;
    }
  }
};

struct AnActionThatThrowsBreaksTheBarrierForCoroutines
    : TheActionThrows<AnActionThatThrowsBreaksTheBarrierForCoroutines> {
  void thread(int index) { meet(*this, index); }
};

/// A coroutine has arrived, and another comes while a thread does something to the barrier.
struct AnAbortStopsBothCoroutinesOrNone {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{2};
  std::optional<bool> passed[threads];

  AnAbortStopsBothCoroutinesOrNone() { meet(*this, 0); }
  static Coroutine meet(AnAbortStopsBothCoroutinesOrNone& self, int index) {
    try {
      co_await self.barrier.async_wait();
      self.passed[index] = true;
    } catch (const lockstep::BrokenBarrierError&) {
      self.passed[index] = false;
    }
  }
  void thread(int index) { index == 0 ? barrier.abort() : static_cast<void>(meet(*this, 1)); }
  void finish() {
    require(passed[0].has_value() && passed[1].has_value());
    require(*passed[0] == *passed[1] && barrier.broken());
  }
};

struct ARoundOfCoroutinesThatWasResetCanBeTriedAgain {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{2};
  Shared<int> passed[threads]{};

  ARoundOfCoroutinesThatWasResetCanBeTriedAgain() { meet(*this, 0); }
  static Coroutine meet(ARoundOfCoroutinesThatWasResetCanBeTriedAgain& self, int index) {
    bool again = false;
    do {
      try {
        co_await self.barrier.async_wait();
        again = false;
      } catch (const lockstep::BrokenBarrierError&) {
        again = true;
      }
    } while (again);
    ++self.passed[index];
  }
  void thread(int index) { index == 0 ? barrier.reset() : static_cast<void>(meet(*this, 1)); }
  void finish() {
    require(passed[0] == 1 && passed[1] == 1);
    require(barrier.n_waiting() == 0 && !barrier.broken());
  }
};

/// As a thread's does: B5.
struct ADeadlineOfACoroutineStopsAllPartiesOrNone {
  static constexpr int threads = 3;
  lockstep::Barrier barrier{2};
  RungByHand clock;
  std::optional<bool> passed;
  Shared<bool> thread_passed{false};

  ADeadlineOfACoroutineStopsAllPartiesOrNone() { meet(*this); }
  static Timed meet(ADeadlineOfACoroutineStopsAllPartiesOrNone& self) {
    try {
      co_await self.barrier.async_wait_for(brief);
      self.passed = true;
    } catch (const lockstep::BrokenBarrierError&) {
      self.passed = false;
    }
  }
  void thread(int index) {
    if (index == 0) clock.ring_after(brief);
    if (index == 1) thread_passed = passes([this] { barrier.wait(); });
  }
  void finish() {
    require(passed.has_value() && *passed == thread_passed && barrier.broken() == !thread_passed);
  }
};

/// …is as if it had not come, unless the last has arrived; then it has.
struct ACoroutineThatIsDestroyedAtABarrierHasArrivedOrNot {
  static constexpr int threads = 2;
  Shared<int> actions{0};
  lockstep::Barrier barrier{2, [this] { ++actions; }};
  Line line;
  InLine coroutine;
  Shared<bool> passed{false};

  ACoroutineThatIsDestroyedAtABarrierHasArrivedOrNot() { coroutine = meet(*this); }
  static InLine meet(ACoroutineThatIsDestroyedAtABarrierHasArrivedOrNot& self) {
    co_await self.barrier.async_wait();
  }
  void thread(int index) {
    if (index == 0) {
      passed = passes([this] { barrier.wait_for(brief); });
    } else {
      coroutine.destroy();
    }
  }
  void finish() {
    require(actions == (passed ? 1 : 0) && barrier.broken() == !passed);
    require(barrier.n_waiting() == 0);
  }
};

/// One that was to run the action of the next round takes that round with it.
struct ACoroutineThatIsDestroyedBeforeItsActionBreaksTheBarrier {
  static constexpr int threads = 2;
  Shared<int> actions{0};
  lockstep::Barrier barrier{1, [this] { ++actions; }};
  Line line;
  InLine coroutine;
  Shared<bool> done{false};

  static InLine meet(ACoroutineThatIsDestroyedBeforeItsActionBreaksTheBarrier& self) {
    co_await self.barrier.async_wait();
  }
  void thread(int index) {
    if (index == 0) {
      barrier.wait();
    } else {
      coroutine = meet(*this);
      done = coroutine.done();
      coroutine.destroy();
    }
  }
  void finish() {
    require(actions == (done ? 2 : 1) && barrier.n_waiting() == 0);
    barrier.reset();
    barrier.wait();
    require(actions == (done ? 3 : 2));
  }
};

using CoroutineBrokenBarrierScenarios =
    List<AnActionThatThrowsBreaksTheBarrierForAThreadOrACoroutine,
         AnActionThatThrowsBreaksTheBarrierForCoroutines, AnAbortStopsBothCoroutinesOrNone,
         ARoundOfCoroutinesThatWasResetCanBeTriedAgain, ADeadlineOfACoroutineStopsAllPartiesOrNone,
         ACoroutineThatIsDestroyedAtABarrierHasArrivedOrNot,
         ACoroutineThatIsDestroyedBeforeItsActionBreaksTheBarrier>;

}  // namespace scenarios
