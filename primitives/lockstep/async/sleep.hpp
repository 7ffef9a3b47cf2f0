// lockstep/async/sleep.hpp: letting time pass in a coroutine of any type.
//
// The clock is that of the loop that the coroutine runs on, if there is one, else the service of
// the process. A sleep whose time has come already still lets others have a turn: it yields.
//
// Checked by: tests/unit/sleep_test.cpp, tests/scenarios/loop.hpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <atomic>
#include <chrono>
#include <coroutine>

#include "lockstep/error.hpp"
#include "lockstep/wait/async_wait.hpp"
#include "lockstep/wait/await.hpp"
#include "lockstep/wait/bounds.hpp"
#include "lockstep/wait/context.hpp"
#include "lockstep/wait/waiter.hpp"

namespace lockstep {

namespace async {

/// Waits for nothing, in no queue: only its bounds end it. Whichever ends it first has decided;
/// that needs no order, since the coroutine is scheduled by the same.
class Nap {
 public:
  using Result = void;
  static constexpr wait::Fate expired = wait::Fate::timed_out;
  static constexpr bool needs_owner = false;
  static constexpr bool changes_queues = false;

  Nap() noexcept = default;
  Nap(Nap&&) noexcept {}  // before it has begun

  [[nodiscard]] bool try_now() const noexcept { return false; }
  void prepare(const wait::Context&) noexcept {}
  [[nodiscard]] wait::Fate queue_up(wait::Waiter&) const noexcept { return wait::Fate::undecided; }
  [[nodiscard]] bool withdraw(wait::Waiter&) noexcept {
    return !ended_.exchange(true, std::memory_order_relaxed);
  }
  [[nodiscard]] bool expire(wait::Waiter& waiter) noexcept { return withdraw(waiter); }
  void withdrawn(wait::Waiter& waiter, wait::Fate fate) noexcept { waiter.wake(fate); }
  [[nodiscard]] bool remove(wait::Waiter& waiter) noexcept { return withdraw(waiter); }
  void abandon(wait::Fate) noexcept {}
  void finish_at_once() const noexcept {}
  void finish(wait::Fate, wait::Waiter&) const noexcept {}
  void finish_interrupted() const noexcept {}

 private:
  std::atomic<bool> ended_{false};
};

/// Lets all others that are ready have a turn.
class Yield {
 public:
  Yield() noexcept = default;
  Yield(const Yield&) = delete;
  Yield& operator=(const Yield&) = delete;
  ~Yield() {
    if (waits_) context_.unschedule(resumption_);
  }

  template <class Promise>
  void suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    context_ = wait::Context::of(coroutine);
    resumption_.set(coroutine, context_.owner());
    waits_ = true;
    const wait::Context context = context_;
    context.schedule(resumption_);
  }

  /// In the coroutine, which goes on. Throws CancelledError if its task is to end.
  void resume() {
    waits_ = false;
    wait::Cancellation* const cancellation = context_.cancellation();
    if (cancellation != nullptr && cancellation->is_pending()) {
      cancellation->deliver();
      throw CancelledError();
    }
    if (context_.stop_token().stop_requested()) throw CancelledError();
  }

 private:
  wait::Context context_;
  wait::Resumption resumption_;
  bool waits_ = false;
};

/// The awaitable of sleep_for and sleep_until.
template <class End>
class [[nodiscard("it sleeps only when it is awaited: co_await")]] Sleep {
 public:
  explicit Sleep(End end) noexcept : end_(end), nap_(Nap(), wait::Bounds<End>({}, end)) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) {
    wait::Deadline deadline = end_.deadline();
    const bool only_yields = deadline.instant().nanoseconds <= 0;  // without a look at the clock
    if (!only_yields && !deadline.has_come()) {
      naps_ = true;
      if (nap_.await_suspend(coroutine)) return true;
      naps_ = false;
      nap_.await_resume();  // throws if it was the task's cancellation, not the time, that came first
    }
    yields_ = true;
    yield_.suspend(coroutine);
    return true;
  }

  void await_resume() {
    if (naps_) nap_.await_resume();
    if (yields_) yield_.resume();
  }

 private:
  End end_;
  wait::Await<Nap, wait::Bounds<End>> nap_;
  Yield yield_;
  bool naps_ = false;
  bool yields_ = false;
};

}  // namespace async

/// `co_await` it: suspends for `duration`, by the steady clock, counted from the `co_await`. Zero
/// or less: until all others that are ready have had a turn. May throw CancelledError. Allocates
/// nothing.
template <class Rep, class Period>
[[nodiscard]] auto sleep_for(std::chrono::duration<Rep, Period> duration) noexcept {
  return async::Sleep<wait::For<Rep, Period>>({duration});
}

/// `co_await` it: suspends until `point`, on its own clock.
template <class Clock, class Duration>
[[nodiscard]] auto sleep_until(std::chrono::time_point<Clock, Duration> point) noexcept {
  return async::Sleep<wait::Until<Clock, Duration>>({point});
}

}  // namespace lockstep
