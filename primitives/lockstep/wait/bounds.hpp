// lockstep/wait/bounds.hpp: what ends the wait of one who does not block, besides getting it: a stop
// request, a deadline.
//
// A deadline is an alarm (alarm_service.hpp, or the clock of the scheduler). It rings on some thread
// while others may grant, cancel, or destroy; who takes the waiter out of its queue has decided.
//
// Orders
//   (1) release, ring    pairs with (2)
//   (2) acquire, disarm  pairs with (1)
//   Without them the coroutine could go on, and its frame end, while the alarm is looking at it.
//
// Checked by: tests/unit/await_test.cpp, tests/scenarios/coroutine_fate.hpp
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <utility>

#include "lockstep/os/spin.hpp"
#include "lockstep/wait/alarm_clock.hpp"
#include "lockstep/wait/alarm_heap.hpp"
#include "lockstep/wait/context.hpp"
#include "lockstep/wait/deadline.hpp"
#include "lockstep/wait/waiter.hpp"

namespace lockstep::wait {

// Until when. Asked when the wait begins: an await that gets what it wants looks at no clock.

struct Always {
  [[nodiscard]] Deadline deadline() const noexcept { return Deadline::never(); }
};
template <class Rep, class Period>
struct For {
  std::chrono::duration<Rep, Period> duration;
  [[nodiscard]] Deadline deadline() const noexcept { return Deadline::after(duration); }
};
template <class Clock, class Duration>
struct Until {
  std::chrono::time_point<Clock, Duration> point;
  [[nodiscard]] Deadline deadline() const noexcept { return Deadline::at(point); }
};

/// Counted from when this was made, for what waits several times.
struct Fixed {
  Deadline counted;
  [[nodiscard]] Deadline deadline() const noexcept { return counted; }
};

/// Only the grant, or the end of the task that waits.
struct Unbounded {};

/// Also a stop request, and an end in time.
template <class End = Always>
struct Bounds {
  Bounds(std::stop_token token, End until) noexcept : stop(std::move(token)), end(until) {}

  std::stop_token stop;
  [[no_unique_address]] End end;
};

/// What a stop request does to a wait.
template <class Wait>
class WithdrawOnStop {
 public:
  WithdrawOnStop(Wait& wait, Fate as) noexcept : wait_(&wait), as_(as) {}
  void operator()() const noexcept { static_cast<void>(wait_->withdraw(as_)); }

 private:
  Wait* wait_;
  Fate as_;
};

/// Watches over the bounds of a wait. Used by the wait in this order: prepare, arm, disarm; the last
/// also without the others.
template <class Wait, class Bounds>
class Watch : private Alarm {
 public:
  static constexpr bool is_needed = true;

  explicit Watch(const Bounds& bounds) noexcept : Alarm(&Watch::ring_this), bounds_(bounds) {}

  /// Sees to it that `arm` cannot fail.
  void prepare(const Context& context) {
    deadline_ = bounds_.end.deadline();
    if (deadline_.is_never() || deadline_.has_come()) return;
    AlarmClock* const own = context.alarm_clock();
    AlarmClock& clock = own == nullptr ? service_clock : *own;
    clock.prepare();
    clock_ = &clock;
  }

  /// From now on the wait may be ended. It must be queued.
  void arm(Wait& wait) noexcept {
    wait_ = &wait;
    if (bounds_.stop.stop_possible()) {
      on_stop_.emplace(bounds_.stop, WithdrawOnStop(wait, Fate::cancelled));
    }
    if (clock_ != nullptr) {
      start();
    } else if (!deadline_.is_never() && wait.expire()) {
      wait.go_on_expired();
    }
  }

  /// When this returns nobody is about to end the wait.
  void disarm() noexcept {
    on_stop_.reset();
    if (wait_ == nullptr || clock_ == nullptr) return;
    for (os::Backoff backoff; !clock_->stop(*this);) {
      if (rung_.load(std::memory_order_acquire) != 0) break;  // (2)
      backoff.step();
    }
    clock_ = nullptr;
  }

 private:
  static void ring_this(Alarm& alarm) noexcept { static_cast<Watch&>(alarm).ring(); }

  void start() noexcept { clock_->start(*this, deadline_.steady_nanoseconds()); }

  void ring() noexcept {
    if (!deadline_.has_come()) return start();  // its own clock was set meanwhile
    Wait& wait = *wait_;
    const bool expired = wait.expire();
    rung_.store(1, std::memory_order_release);  // (1)
    if (expired) wait.go_on_expired();
  }

  const Bounds& bounds_;
  Wait* wait_ = nullptr;         // set once it is armed
  AlarmClock* clock_ = nullptr;  // set if the alarm is to ring, and may still
  Deadline deadline_ = Deadline::never();
  std::atomic<std::uint32_t> rung_{0};  // 1: the alarm has rung, and will not touch this any more
  std::optional<std::stop_callback<WithdrawOnStop<Wait>>> on_stop_;
};

template <class Wait>
class Watch<Wait, Unbounded> {
 public:
  static constexpr bool is_needed = false;
  explicit Watch(const Unbounded&) noexcept {}
  void prepare(const Context&) noexcept {}
  void arm(Wait&) noexcept {}
  void disarm() noexcept {}
};

}  // namespace lockstep::wait
