// lockstep/async/timeout.hpp: a limit to how long something may take.
//
// As asyncio.timeout: when the time has come, the task that waits is cancelled; if that ends it by
// a CancelledError, and nobody else had cancelled it, it becomes a TimeoutError. What was got in
// time is given even if the time came right after; the cancellation is then taken back. If somebody
// else cancelled the task too, it stays cancelled (SEMANTICS W7).
//
// Checked by: tests/unit/timeout_test.cpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "lockstep/async/task.hpp"
#include "lockstep/error.hpp"
#include "lockstep/wait/alarm_clock.hpp"
#include "lockstep/wait/alarm_heap.hpp"
#include "lockstep/wait/context.hpp"
#include "lockstep/wait/deadline.hpp"

namespace lockstep {

namespace async {

/// `co_await` it: the context of the awaiting coroutine. Does not suspend.
class ContextHere {
 public:
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  [[nodiscard]] bool await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    context_ = wait::Context::of(coroutine);
    return false;
  }
  [[nodiscard]] wait::Context await_resume() const noexcept { return context_; }

 private:
  wait::Context context_;
};

/// While it lives, cancels a task at a time. On the thread of the task's loop.
class CancelWhenDue : private wait::Alarm {
 public:
  CancelWhenDue(const wait::Context& task, wait::Deadline deadline)
      : Alarm(&CancelWhenDue::ring),
        cancellation_(task.cancellation()),
        clock_(task.alarm_clock()) {
    if (cancellation_ == nullptr || clock_ == nullptr) {
      throw Error("with_timeout: not in a task of an EventLoop");
    }
    requests_before_ = cancellation_->requests() - (cancellation_->is_pending() ? 1 : 0);
    if (deadline.is_never()) return;
    clock_->prepare();
    clock_->start(*this, deadline.steady_nanoseconds());
  }
  ~CancelWhenDue() { static_cast<void>(clock_->stop(*this)); }

  /// The end of what was limited. True: it was cancelled by this, and by nobody else; a wish that was
  /// not heard is taken back.
  [[nodiscard]] bool end() noexcept {
    static_cast<void>(clock_->stop(*this));
    if (!rung_) return false;
    rung_ = false;
    const bool only_this = cancellation_->withdraw() <= requests_before_;
    if (only_this) cancellation_->deliver();
    return only_this;
  }

 private:
  static void ring(Alarm& alarm) noexcept {
    auto& self = static_cast<CancelWhenDue&>(alarm);
    self.rung_ = true;
    self.cancellation_->request();
  }

  wait::Cancellation* cancellation_;
  wait::AlarmClock* clock_;
  unsigned requests_before_ = 0;  // those that were heard: one that was not is still to be
  bool rung_ = false;
};

/// What `co_await` gives of it.
template <class Awaitable>
decltype(auto) awaiter_of(Awaitable&& awaitable) {
  if constexpr (requires { std::forward<Awaitable>(awaitable).operator co_await(); }) {
    return std::forward<Awaitable>(awaitable).operator co_await();
  } else if constexpr (requires { operator co_await(std::forward<Awaitable>(awaitable)); }) {
    return operator co_await(std::forward<Awaitable>(awaitable));
  } else {
    return std::forward<Awaitable>(awaitable);
  }
}
template <class Awaitable>
using AwaitResult =
    decltype(std::declval<
                 std::add_lvalue_reference_t<decltype(awaiter_of(std::declval<Awaitable>()))>>()
                 .await_resume());

/// An awaiter that stays where it is. (g++ 12 copies one that `co_await` finds behind a function's
/// result.)
template <class Awaiter>
class ThereAwaiter {
 public:
  explicit ThereAwaiter(Awaiter& awaiter) noexcept : awaiter_(awaiter) {}
  [[nodiscard]] bool await_ready() { return awaiter_.await_ready(); }
  template <class Promise>
  auto await_suspend(std::coroutine_handle<Promise> coroutine) {
    return awaiter_.await_suspend(coroutine);
  }
  decltype(auto) await_resume() { return awaiter_.await_resume(); }

 private:
  Awaiter& awaiter_;
};

/// `awaitable` as it is to be awaited.
template <class Awaitable>
decltype(auto) to_await(std::remove_reference_t<Awaitable>& awaitable) noexcept {
  if constexpr (requires { awaitable.await_ready(); }) {
    return ThereAwaiter(awaitable);
  } else {
    return std::forward<Awaitable>(awaitable);
  }
}

/// What is to be limited: kept, if it can be moved; else whoever passes it awaits at once.
template <class Awaitable>
using Kept =
    std::conditional_t<std::is_move_constructible_v<Awaitable> || std::is_reference_v<Awaitable>,
                       Awaitable, Awaitable&&>;

template <class Awaitable, class Limit>
Task<AwaitResult<Awaitable>> await_within(Limit limit, Awaitable awaitable) {
  const wait::Context task = co_await ContextHere();
  CancelWhenDue timer(task, limit.deadline());
  try {
    if constexpr (std::is_void_v<AwaitResult<Awaitable>>) {
      co_await to_await<Awaitable>(awaitable);
      static_cast<void>(timer.end());
      co_return;
    } else {
      decltype(auto) result = co_await to_await<Awaitable>(awaitable);
      static_cast<void>(timer.end());
      co_return std::forward<decltype(result)>(result);
    }
  } catch (const CancelledError&) {
    if (!timer.end()) throw;
  } catch (...) {
    static_cast<void>(timer.end());
    throw;
  }
  throw TimeoutError("with_timeout: it took too long");
}

}  // namespace async

/// `co_await` it, in a task of an EventLoop: as `co_await awaitable` (a Task, a Future, whatever a
/// coroutine can await), but if that has not come after `duration` (from the `co_await`), it is
/// cancelled and, when it has ended, TimeoutError thrown. Nothing that was got is lost: if it came
/// in time, however closely, it is given. Throws Error outside of an EventLoop's tasks. What cannot
/// be moved must be awaited in the expression that makes it.
template <class Rep, class Period, class Awaitable>
[[nodiscard]] auto with_timeout(std::chrono::duration<Rep, Period> duration,
                                Awaitable&& awaitable) {
  return async::await_within<async::Kept<Awaitable>>(wait::For<Rep, Period>{duration},
                                                     std::forward<Awaitable>(awaitable));
}

/// The same, with a point in time, on any clock of which the steady clock's time can be told.
template <class Clock, class Duration, class Awaitable>
[[nodiscard]] auto with_timeout_at(std::chrono::time_point<Clock, Duration> point,
                                   Awaitable&& awaitable) {
  return async::await_within<async::Kept<Awaitable>>(wait::Until<Clock, Duration>{point},
                                                     std::forward<Awaitable>(awaitable));
}

}  // namespace lockstep
