// lockstep/os/spin.hpp: how to wait a moment without sleeping, and how long that moment may be.
//
// Whether it pays to look for a moment before sleeping, nobody knows beforehand: if the other runs on
// another processor now, it saves two system calls and the time that a processor needs to be woken,
// else it takes time from whoever could run here instead. Whether it pays to let others run here, and then to
// look again, neither: if they soon do what is waited for, it saves the same, else they may keep the
// processor for long. So each thread learns from what came of its last spins (SpinHistory,
// YieldHistory); but not of those for a lock (DoublingSpin).
#pragma once

#include "lockstep/os/requirements.hpp"

#include <sched.h>
#include <sys/sysinfo.h>
#include <time.h>

#include <algorithm>
#include <cstdint>

#include "lockstep/os/clock.hpp"

// How often a thread looks at a word, at most, before it goes to sleep: 128 times or fewer, which are some
// 800 pauses, about as long as sleeping and being woken takes. Chosen by benchmarks/semaphore_bench
// (ping-pong). A checker defines it as 0: a spin adds executions and no behaviour.
#ifndef LOCKSTEP_SPIN_BUDGET
#define LOCKSTEP_SPIN_BUDGET 128
#endif

// How often it then lets others run before the next look, at most. Chosen by benchmarks/condition_bench (queue) and
// barrier_bench. Without a budget to spin it never does.
#ifndef LOCKSTEP_YIELDS
#define LOCKSTEP_YIELDS 16
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
/// changed, one in a while may go on to the end although the last ones did not pay; more seldom while
/// yields pay, with which it does well as it is.
class SpinHistory {
 public:
  [[nodiscard]] int looks() const noexcept { return vain_ < vain_until_trial_ ? looks_ : most_; }

  void note_success(int after) noexcept {
    looks_ = std::min(std::max(looks_ + 1, 2 * after), most_);
    vain_ = 0;
  }

  void note_failure() noexcept { note_vain(vain_until_trial_ / 128, fewest_); }

  /// Looking was in vain, but then others were let run, and that was not.
  void note_yields_were_better() noexcept { note_vain(1, 1); }

 private:
  void note_vain(int weight, int fewest) noexcept {
    vain_ = vain_ < vain_until_trial_ ? vain_ + weight : 0;
    looks_ = std::max(looks_ / 2, fewest);
  }

  // Chosen by benchmarks/semaphore_bench (ping-pong), event_bench (broadcast) and barrier_bench.
  static constexpr int most_ = 128;
  static constexpr int fewest_ = 8;
  static constexpr int vain_until_trial_ = 1'024;

  int looks_ = 32;
  int vain_ = vain_until_trial_ / 8 * 7;  // in a row
};
inline constinit thread_local SpinHistory spin_history;

/// The same for what yields came to; of many that do not pay none is left.
///
/// To yield to a thread that does not soon wait in turn, but computes, takes until that has used up its time. Whoever
/// sleeps and is woken mostly comes sooner. So a thread whose yields took that long several times running does
/// without for many waits.
class YieldHistory {
 public:
  [[nodiscard]] int yields() const noexcept { return vain_ < vain_until_trial_ ? yields_ : most_; }

  /// `slow`: they took about as long as a thread may compute.
  void note_success(int after, bool slow) noexcept {
    yields_ = std::min(std::max(yields_ + 1, 2 * after), most_);
    vain_ = 0;
    note_time(slow);
  }

  void note_failure(bool slow) noexcept {
    const bool were_some = yields() > 0;
    vain_ = vain_ < vain_until_trial_ ? vain_ + 1 : 0;
    yields_ /= 2;
    if (were_some) note_time(slow);
  }

 private:
  void note_time(bool slow) noexcept {
    slow_ = std::max(slow_ + (slow ? one_slow_ : -1), 0);
    if (slow_ < 3 * one_slow_) return;
    yields_ = 0;
    vain_ = -vain_after_slow_;
    slow_ = 2 * one_slow_;  // one in the next trial is enough
  }

  // Chosen by the same benchmarks, the last two with a busy thread on each processor.
  static constexpr int most_ = LOCKSTEP_YIELDS;
  static constexpr int vain_until_trial_ = 64;
  static constexpr int one_slow_ = 16;
  static constexpr int vain_after_slow_ = 4'096;

  int yields_ = 4;
  int vain_ = 0;  // in a row
  int slow_ = 0;  // what is left of those that were, less with each that was not
};
inline constinit thread_local YieldHistory yield_history;

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

/// The same, for what comes when somebody else is ready: looks, and then yields between looks. On a
/// single processor only these.
class Spin {
 public:
  Spin() noexcept = default;
  Spin(const Spin&) = delete;
  Spin& operator=(const Spin&) = delete;

  /// One that ends before a step said no has found what it was looking for.
  ~Spin() {
    if (done_ > 0 && !in_vain_) note_success();
  }

  [[nodiscard]] bool step() noexcept {
    if (done_ == 0 && !begin()) return false;
    if (done_ < looks_) {
      for (int i = 0; i <= done_ / 8 && i < 8; ++i) pause();
    } else if (done_ < looks_ + yields_) {
      if (done_ == looks_) yielding_since_ = ticks_now();
      ::sched_yield();
    } else {
      if (!in_vain_) note_failure();
      return false;
    }
    ++done_;
    return true;
  }

 private:
  /// False: it is not to spin.
  [[nodiscard]] bool begin() noexcept {
    const int budget = LOCKSTEP_SPIN_BUDGET;
    if (budget == 0) return false;
    looks_ = is_single_processor() ? 0 : std::min(budget, spin_history.looks());
    yields_ = std::min(LOCKSTEP_YIELDS, yield_history.yields());
    return true;
  }

  void note_success() const noexcept {
    if (done_ <= looks_) return spin_history.note_success(done_);
    spin_history.note_yields_were_better();
    yield_history.note_success(done_ - looks_, was_slow());
  }

  void note_failure() noexcept {
    in_vain_ = true;
    spin_history.note_failure();
    yield_history.note_failure(was_slow());
  }

  /// Did the yields last until a tick of the clock? While another thread computes, the kernel takes its processor
  /// away at such a tick.
  [[nodiscard]] bool was_slow() const noexcept {
    return done_ > looks_ && ticks_now() != yielding_since_;
  }

  int done_ = 0;
  int looks_ = 0;
  int yields_ = 0;
  bool in_vain_ = false;
  std::int64_t yielding_since_ = 0;
};

}  // namespace lockstep::os
