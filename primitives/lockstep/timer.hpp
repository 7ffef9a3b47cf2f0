// lockstep/timer.hpp: call something once, later.
//
// State, under the alarm service's lock
//   created   -> started    [start, which puts the alarm into the service's heap]
//   created   -> cancelled  [cancel]
//   cancelled -> ended      [start]
//   started   -> ended      [cancel, if the alarm is still in the heap; else fire, after the callback]
// So whether cancel prevented the callback is decided by who takes the alarm out of the heap:
// cancel or the service.
//
// Lifetime: the callback is moved to the stack of the thread that calls it, and that thread is told
// if the timer was destroyed by its own callback. Otherwise ended_.set() is the last access of fire
// and cancel (event.hpp says why that is enough), so whoever has joined may destroy the timer.
// Checked by: tests/unit/timer_test.cpp, tests/scenarios/timer.hpp
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <mutex>
#include <utility>

#include "lockstep/callback.hpp"
#include "lockstep/error.hpp"
#include "lockstep/event.hpp"
#include "lockstep/os/clock.hpp"
#include "lockstep/os/thread.hpp"
#include "lockstep/wait/alarm_service.hpp"
#include "lockstep/wait/async_wait.hpp"
#include "lockstep/wait/await.hpp"
#include "lockstep/wait/bounds.hpp"
#include "lockstep/wait/deadline.hpp"
#include "lockstep/wait/waitable.hpp"

namespace lockstep {

/// Calls a function once, after an interval, with the semantics of Python's threading.Timer, but
/// without a thread for each.
///
/// - All timers share a service, which starts with the first one and sleeps while nothing is due.
///   Callbacks run on its threads, with all signals blocked; one that is slow delays the others by
///   0.1 ms at most.
/// - What the callback throws is kept, and thrown by join. If nobody joins, it is lost.
/// - Starting and cancelling are O(1) and O(log n) in the number of pending timers, and allocate
///   nothing.
/// - Memory order: all before `start` happens before the callback, and that before `join` returns.
/// - It is neither copied nor moved. After fork, the timers of the parent never fire in the child;
///   new ones work.
class Timer : private wait::Alarm {
 public:
  /// Will call `function(arguments...)`, of which it keeps decayed copies, once, `interval` after
  /// `start`. Nothing starts yet. An interval that is zero or negative means at once; one that is
  /// too long to count, never.
  template <class Rep, class Period, class F, class... Args>
  Timer(std::chrono::duration<Rep, Period> interval, F&& function, Args&&... arguments)
      : Alarm([](wait::Alarm& alarm) noexcept { static_cast<Timer&>(alarm).fire(); }),
        interval_(wait::saturated_nanoseconds(interval)),
        callback_(std::forward<F>(function), std::forward<Args>(arguments)...) {}

  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  /// Cancels, and waits for the callback if it is running; unless the callback itself destroys the
  /// timer. Nobody may be joining it, nor be a coroutine that has awaited it and not gone on yet.
  ~Timer() {
    if (is_in_callback()) {
      *destroyed_ = true;
      return;
    }
    if (ended_.is_set()) return;  // nobody uses it any more
    static_cast<void>(cancel());
    if (was_started() && !is_of_parent()) ended_.wait();
  }

  /// Lets the interval begin; if it was cancelled already, it ends at once. Never blocks. Throws
  /// Error if it was started before, and std::system_error if it needs the service's first thread
  /// and cannot have it.
  void start() {
    wait::AlarmService& service = wait::AlarmService::instance();
    service.begin();
    const wait::Deadline due = wait::Deadline::after(std::chrono::nanoseconds(interval_));
    std::unique_lock guard(service);
    if (phase_ == Phase::cancelled) {
      phase_ = Phase::ended;
      epoch_ = service.epoch();
      guard.unlock();
      ended_.set();
      return;
    }
    if (phase_ != Phase::created) throw Error("Timer::start: it was started before");
    phase_ = Phase::started;
    epoch_ = service.epoch();
    service.insert(*this, due.instant().nanoseconds);
  }

  /// True: the callback will not be called, thanks to this call. False: it was or is being called,
  /// or the timer was cancelled before. May be called at any time, also before `start` and by the
  /// callback. Never blocks.
  bool cancel() noexcept {
    wait::AlarmService& service = wait::AlarmService::instance();
    std::unique_lock guard(service);
    if (phase_ == Phase::created) {
      phase_ = Phase::cancelled;
      return true;
    }
    if (!is_pending() || is_of_parent()) return false;
    service.erase(*this);
    phase_ = Phase::ended;
    guard.unlock();
    ended_.set();
    return true;
  }

  /// Blocks until the callback has returned, or the timer was cancelled. Throws what the callback
  /// threw. Throws Error if it was not started, or is called by the callback.
  void join() { static_cast<void>(join_before(wait::Deadline::never())); }

  /// The same: true; or for `duration`: false.
  template <class Rep, class Period>
  [[nodiscard]] bool join_for(std::chrono::duration<Rep, Period> duration) {
    return join_before(wait::Deadline::after(duration));
  }

  /// `co_await` it: suspends until the callback has returned, or the timer was cancelled. Throws as
  /// join does, and CancelledError if the coroutine's task is to end.
  [[nodiscard]] auto async_join() noexcept {
    return wait::Await<Joining<wait::Asked::plainly>>(Joining<wait::Asked::plainly>(*this));
  }
  /// `co_await timer` is `co_await timer.async_join()`.
  [[nodiscard]] auto operator co_await() noexcept { return async_join(); }

  /// `co_await` gives the same: true; or false: `duration` has passed since.
  template <class Rep, class Period>
  [[nodiscard]] auto async_join_for(std::chrono::duration<Rep, Period> duration) noexcept {
    using Operation = Joining<wait::Asked::with_deadline>;
    using Bounds = wait::Bounds<wait::For<Rep, Period>>;
    return wait::Await<Operation, Bounds>(Operation(*this), Bounds({}, {duration}));
  }

  /// Was it started, and is its callback still to come or running?
  [[nodiscard]] bool is_alive() const noexcept {
    const std::scoped_lock guard(wait::AlarmService::instance());
    return phase_ == Phase::started && !is_of_parent();
  }

 private:
  enum class Phase : std::uint8_t { created, cancelled, started, ended };

  [[nodiscard]] bool is_in_callback() const noexcept {
    return caller_.load(std::memory_order_relaxed) == os::this_thread();
  }

  /// Will ended_ be set, if it is not already? (Unless by a parent.) In phase `ended` that may be yet
  /// to come, so the phase alone does not say that nobody uses the timer any more.
  [[nodiscard]] bool was_started() const noexcept {
    const std::scoped_lock guard(wait::AlarmService::instance());
    return phase_ == Phase::started || phase_ == Phase::ended;
  }

  /// Was it started before a fork, by the parent?
  [[nodiscard]] bool is_of_parent() const noexcept {
    return epoch_ != wait::AlarmService::instance().epoch();
  }

  [[nodiscard]] bool join_before(wait::Deadline deadline) {
    require_joinable();
    if (!is_over() && !ended_.wait_before(deadline, {})) return false;
    rethrow_failure();
    return true;
  }

  void require_joinable() const {
    if (is_in_callback()) throw Error("Timer::join: the callback cannot wait for itself");
    if (!was_started()) throw Error("Timer::join: it was not started");
  }

  /// Is there nothing to wait for? (It was started.)
  [[nodiscard]] bool is_over() const noexcept { return ended_.is_set() || is_of_parent(); }

  void rethrow_failure() const {
    if (failure_) std::rethrow_exception(failure_);
  }

  /// Waits for the end without blocking.
  template <wait::Asked asked>
  class Joining : public Event::Waiting<asked> {
   public:
    using Base = Event::Waiting<asked>;
    using typename Base::Result;
    explicit Joining(Timer& timer) noexcept : Base(timer.ended_), timer_(&timer) {}

    void prepare(const wait::Context&) const { timer_->require_joinable(); }
    [[nodiscard]] bool try_now() noexcept { return timer_->was_started() && timer_->is_over(); }
    Result finish_at_once() {
      timer_->rethrow_failure();
      return Base::finish_at_once();
    }
    Result finish(wait::Fate fate, wait::Waiter& waiter) {
      if (fate == wait::Fate::granted) timer_->rethrow_failure();
      return Base::finish(fate, waiter);
    }

   private:
    Timer* timer_;
  };

  /// Calls the callback, on a thread of the service.
  void fire() noexcept {
    bool destroyed = false;
    destroyed_ = &destroyed;
    caller_.store(os::this_thread(), std::memory_order_relaxed);
    std::exception_ptr failure;
    try {
      Callback callback = std::move(callback_);
      callback();
    } catch (...) {
      failure = std::current_exception();
    }
    if (destroyed) return;
    caller_.store(0, std::memory_order_relaxed);
    failure_ = std::move(failure);
    {
      const std::scoped_lock guard(wait::AlarmService::instance());
      phase_ = Phase::ended;
    }
    ended_.set();
  }

  std::int64_t interval_;
  Callback callback_;
  Phase phase_ = Phase::created;
  std::uint32_t epoch_ = 0;
  Event ended_;
  std::exception_ptr failure_;             // written before ended_ is set
  std::atomic<std::uintptr_t> caller_{0};  // the thread that calls the callback now
  bool* destroyed_ = nullptr;              // for its destructor, on that thread
};

}  // namespace lockstep
