// tests/model/spinning.hpp: the scenarios in which a thread looks before it sleeps. In all others none does.
//
// For programs.cpp, where `spin_budget` is.
#pragma once

#include "condition.hpp"
#include "lockstep/barrier.hpp"
#include "lockstep/lock.hpp"
#include "scenario.hpp"

namespace scenarios {

/// One may see in passing that it was woken, and not sleep at all.
struct SpinningPartiesSeeWhatTheOthersDidBefore {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{threads};
  Shared<int> data[threads]{};

  SpinningPartiesSeeWhatTheOthersDidBefore() { spin_budget = 1; }
  void thread(int index) {
    data[index] = 1;
    barrier.wait();
    require(data[1 - index] == 1);
  }
};

struct SpinningThreadsCountUnderTheLock {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> count{0};

  SpinningThreadsCountUnderTheLock() { spin_budget = 1; }
  void thread(int) {
    lock.acquire();
    ++count;
    lock.release();
  }
  void finish() { require(count == 2 && !lock.locked()); }
};

struct ASpinningWaiterSeesWhatTheNotifierWrote : AWaiterSeesWhatTheNotifierWrote {
  ASpinningWaiterSeesWhatTheNotifierWrote() { spin_budget = 1; }
};

using SpinningConditionScenarios = List<ASpinningWaiterSeesWhatTheNotifierWrote>;
using SpinningBarrierScenarios = List<SpinningPartiesSeeWhatTheOthersDidBefore>;
using SpinningLockScenarios = List<SpinningThreadsCountUnderTheLock>;

}  // namespace scenarios
