// lockstep/os/spin.hpp: how to wait a moment without sleeping, and how long that moment may be.
#pragma once

#include <sched.h>
#include <time.h>

// How often a thread looks at a word, pausing twice as long each time, before it goes to sleep.
// Chosen by benchmarks/lock_bench (contended). A checker defines it as 0: a spin adds executions
// and no behaviour.
#ifndef LOCKSTEP_SPIN_BUDGET
#define LOCKSTEP_SPIN_BUDGET 7
#endif

namespace lockstep::os {

/// Tells the processor that this is a spin: on x86 `pause`, on AArch64 `isb` (which waits about as
/// long; `yield` does nothing on most of its cores), elsewhere nothing.
inline void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#endif
}

/// Waiting for a word that is held for a few instructions at a time, by a thread that may have been
/// preempted: pauses that double, then gives the processor away, then sleeps, so that a holder of
/// lower real-time priority runs too.
class Backoff {
 public:
  void step() noexcept {
    // Without any budget for spinning each step is like the other: to a model checker, a loop that waits.
    const bool spins = LOCKSTEP_SPIN_BUDGET > 0;
    if (spins && steps_ < pauses_) {
      for (int i = 0; i < 1 << steps_; ++i) pause();
    } else if (spins && steps_ < yields_) {
      ::sched_yield();
    } else {
      const timespec moment{0, 50'000};
      ::nanosleep(&moment, nullptr);
      return;
    }
    ++steps_;
  }

 private:
  static constexpr int pauses_ = 5;
  static constexpr int yields_ = 100;
  int steps_ = 0;
};

/// A bounded spin before sleeping: `while (spin.step()) look again;`. Of no use, and so empty, on a
/// single processor.
class Spin {
 public:
  [[nodiscard]] bool step() noexcept {
    if (steps_ >= LOCKSTEP_SPIN_BUDGET || single_processor()) return false;
    for (int i = 0; i < 1 << steps_; ++i) pause();
    ++steps_;
    return true;
  }

 private:
  static bool single_processor() noexcept {
    static const bool single = [] {
      cpu_set_t allowed;
      return ::sched_getaffinity(0, sizeof allowed, &allowed) == 0 && CPU_COUNT(&allowed) == 1;
    }();
    return single;
  }

  int steps_ = 0;
};

}  // namespace lockstep::os
