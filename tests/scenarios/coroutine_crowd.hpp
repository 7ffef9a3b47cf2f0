// tests/scenarios/coroutine_crowd.hpp: two who wait at a barrier already, and what ends that for both: none is left
// behind.
#pragma once

#include "coroutine.hpp"
#include "lockstep/barrier.hpp"
#include "lockstep/error.hpp"
#include "scenario.hpp"

namespace scenarios {

/// Two coroutines have arrived at a barrier of `parties` parties.
template <class Scenario, int parties>
struct TwoWaitAtABarrier {
  static constexpr int threads = 1;
  lockstep::Barrier barrier{parties, [this] { static_cast<Scenario*>(this)->act(); }};
  Shared<int> passed{0};
  Shared<int> refused{0};

  TwoWaitAtABarrier() {
    meet(*this);
    meet(*this);
  }
  static Coroutine meet(TwoWaitAtABarrier& self) {
    try {
      co_await self.barrier.async_wait();
      ++self.passed;
    } catch (const lockstep::BrokenBarrierError&) {
      ++self.refused;
    }
  }
  void act() {}
  void finish() { require(passed == 0 && refused == 2); }
};

struct AnAbortRefusesAllWhoWait : TwoWaitAtABarrier<AnAbortRefusesAllWhoWait, 3> {
  void thread(int) { barrier.abort(); }
};

struct AResetRefusesAllWhoWait : TwoWaitAtABarrier<AResetRefusesAllWhoWait, 3> {
  void thread(int) { barrier.reset(); }
};

struct AnActionLetsAllWhoWaitPass : TwoWaitAtABarrier<AnActionLetsAllWhoWaitPass, 3> {
  void thread(int) { barrier.wait(); }
  void finish() { require(passed == 2 && refused == 0); }
};

struct AnActionThatThrowsRefusesAllWhoWait
    : TwoWaitAtABarrier<AnActionThatThrowsRefusesAllWhoWait, 3> {
  struct Thrown {};
  Shared<bool> thrown{false};

  void act() { throw Thrown{}; }
  void thread(int) {
    try {
      barrier.wait();
    } catch (const Thrown&) {
      thrown = true;
    }
  }
  void finish() { require(thrown && passed == 0 && refused == 2); }
};

struct AThreadWhoseTimeIsUpBreaksTheBarrierForAllWhoWait
    : TwoWaitAtABarrier<AThreadWhoseTimeIsUpBreaksTheBarrierForAllWhoWait, 4> {
  void thread(int) {
    try {
      barrier.wait_for(brief);
      require(false);
    } catch (const lockstep::BrokenBarrierError&) {
    }
  }
};

struct ACoroutineWhoseTimeIsUpBreaksTheBarrierForAllWhoWait
    : TwoWaitAtABarrier<ACoroutineWhoseTimeIsUpBreaksTheBarrierForAllWhoWait, 4> {
  RungByHand clock;

  static Timed meet_in_time(ACoroutineWhoseTimeIsUpBreaksTheBarrierForAllWhoWait& self) {
    try {
      co_await self.barrier.async_wait_for(brief);
    } catch (const lockstep::BrokenBarrierError&) {
      ++self.refused;
    }
  }
  void thread(int) {
    meet_in_time(*this);
    clock.ring_after(brief);
  }
  void finish() { require(passed == 0 && refused == 3); }
};

using CoroutineCrowdScenarios =
    List<AnAbortRefusesAllWhoWait, AResetRefusesAllWhoWait, AnActionLetsAllWhoWaitPass,
         AnActionThatThrowsRefusesAllWhoWait, AThreadWhoseTimeIsUpBreaksTheBarrierForAllWhoWait,
         ACoroutineWhoseTimeIsUpBreaksTheBarrierForAllWhoWait>;

}  // namespace scenarios
