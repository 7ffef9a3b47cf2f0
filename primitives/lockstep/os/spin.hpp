// lockstep/os/spin.hpp: how to wait a moment without sleeping, and how long that moment may be.
//
// Whether it pays to look for a moment before sleeping, nobody knows beforehand: if the other runs on
// another processor now, it saves two system calls and the time that a processor needs to be woken,
// else it takes time from whoever could run here instead. So each thread learns from what came of its
// last spins (SpinHistory); but not of those for a lock (DoublingSpin).
#pragma once

#include "lockstep/os/requirements.hpp"

#include <sched.h>
#include <sys/sysinfo.h>
#include <time.h>

#include <algorithm>

// How often a thread looks at a word, at most, before it goes to sleep: 128 times or fewer, which are some
// 800 pauses, about as long as sleeping and being woken takes. Chosen by benchmarks/semaphore_bench
// (ping-pong). A checker defines it as 0: a spin adds executions and no behaviour.
#ifndef LOCKSTEP_SPIN_BUDGET
#define LOCKSTEP_SPIN_BUDGET 128
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

/// Is there one only? Not: may this thread use one only. Others may be elsewhere.
[[nodiscard]] inline bool is_single_processor() noexcept {
  static const bool single = ::get_nprocs() == 1;
  return single;
}

/// What a thread's spins came to, and so how often the next one may look.
///
/// One look more after each that paid, half as many after one that did not: of many that do not pay
/// hardly anything is left, and of many that do, nearly all. So that a thread notices when times have
/// changed, one in a while may go on to the end although the last ones did not pay.
class SpinHistory {
 public:
  [[nodiscard]] int looks() const noexcept { return vain_ < vain_until_trial_ ? looks_ : most_; }

  void note_success(int after) noexcept {
    looks_ = std::min(std::max(looks_ + 1, 2 * after), most_);
    vain_ = 0;
  }

  void note_failure() noexcept {
    vain_ = vain_ < vain_until_trial_ ? vain_ + 1 : 0;
    looks_ = std::max(looks_ / 2, fewest_);
  }

 private:
  // Chosen by benchmarks/semaphore_bench (ping-pong) and event_bench (broadcast).
  static constexpr int most_ = 128;
  static constexpr int fewest_ = 8;
  static constexpr int vain_until_trial_ = 128;

  int looks_ = 32;
  int vain_ = vain_until_trial_ - 16;  // in a row
};
inline constinit thread_local SpinHistory spin_history;

/// A bounded spin before sleeping: `while (spin.step()) look again;`. Of no use, and so empty, on a
/// single processor. For what others take and give back in a moment, as a lock: each look comes twice as late as the
/// one before, so that whoever has it is not disturbed.
class DoublingSpin {
 public:
  [[nodiscard]] bool step() noexcept {
    const int budget = LOCKSTEP_SPIN_BUDGET;
    if (done_ >= std::min(budget, most_) || is_single_processor()) return false;
    for (int i = 0; i < 1 << done_; ++i) pause();
    ++done_;
    return true;
  }

 private:
  // Chosen by benchmarks/lock_bench (contended).
  static constexpr int most_ = 7;

  int done_ = 0;
};

/// The same, for what comes when somebody else is ready.
class Spin {
 public:
  Spin() noexcept = default;
  Spin(const Spin&) = delete;
  Spin& operator=(const Spin&) = delete;

  /// One that ends before its last step has found what it was looking for.
  ~Spin() {
    if (done_ > 0 && done_ < allowed_) spin_history.note_success(done_);
  }

  [[nodiscard]] bool step() noexcept {
    if (done_ == 0) allowed_ = allowed();
    if (done_ == allowed_) return false;
    for (int i = 0; i <= done_ / 8 && i < 8; ++i) pause();
    if (++done_ == allowed_) spin_history.note_failure();
    return true;
  }

 private:
  static int allowed() noexcept {
    const int budget = LOCKSTEP_SPIN_BUDGET;
    return budget == 0 || is_single_processor() ? 0 : std::min(budget, spin_history.looks());
  }

  int done_ = 0;
  int allowed_ = 0;
};

}  // namespace lockstep::os
