// lockstep/async/task.hpp: a coroutine that computes a result for whoever awaits it.
//
// State of a handle
//   empty    moved from, or awaited
//   lazy     a coroutine that has not begun                       [a call of it]
//   running  it belongs to an event loop, or has ended there      [EventLoop::create_task]
//   lazy -> empty      [co_await, which runs it as part of the awaiting task; the destructor]
//   lazy -> running    [create_task]
//   running -> empty   [the destructor, or co_await of an rvalue: the task goes on by itself]
// One type for both because that is how they are used: `task = loop.create_task(work())` is still
// the thing to await, and where a task is passed along it does not matter what it is.
//
// A lazy task that is awaited has its result put right into the awaiting frame; creating, awaiting
// and destroying it is one allocation, that of its own frame.
//
// Checked by: tests/unit/task_test.cpp, tests/unit/cancel_test.cpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <chrono>
#include <coroutine>
#include <exception>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "lockstep/async/completion.hpp"
#include "lockstep/async/join.hpp"
#include "lockstep/async/outcome.hpp"
#include "lockstep/async/promise.hpp"
#include "lockstep/async/running_task.hpp"
#include "lockstep/async/shared.hpp"
#include "lockstep/error.hpp"
#include "lockstep/wait/deadline.hpp"

namespace lockstep {

template <class T = void>
class Task;

namespace async {

template <class T>
class TaskPromiseOf : public TaskPromise {
 public:
  [[nodiscard]] Task<T> get_return_object() noexcept;

  template <class Value = T>
    requires std::is_constructible_v<T, Value&&>
  void return_value(Value&& value) {
    outcome_->emplace(std::forward<Value>(value));
  }
  void unhandled_exception() noexcept { outcome_->fail(std::current_exception()); }

  /// Where the result is to be put.
  void report_to(Outcome<T>& outcome) noexcept { outcome_ = &outcome; }

 private:
  Outcome<T>* outcome_ = nullptr;
};

template <>
class TaskPromiseOf<void> : public TaskPromise {
 public:
  [[nodiscard]] Task<void> get_return_object() noexcept;
  void return_void() noexcept { outcome_->emplace(); }
  void unhandled_exception() noexcept { outcome_->fail(std::current_exception()); }
  void report_to(Outcome<void>& outcome) noexcept { outcome_ = &outcome; }

 private:
  Outcome<void>* outcome_ = nullptr;
};

/// What `co_await` of a task does: runs one that is lazy, waits for one that is running.
template <class T>
class [[nodiscard]] TaskAwaiter {
  using Coroutine = std::coroutine_handle<TaskPromiseOf<T>>;

 public:
  explicit TaskAwaiter(Coroutine lazy) noexcept : child_(lazy) {
    std::construct_at(&outcome_);
    child_.promise().report_to(outcome_);
  }
  explicit TaskAwaiter(ToCome<T> running) noexcept {
    std::construct_at(&join_, std::move(running));
  }
  TaskAwaiter(const TaskAwaiter&) = delete;
  TaskAwaiter& operator=(const TaskAwaiter&) = delete;
  ~TaskAwaiter() {
    if (!child_) {
      join_.~Join();
      return;
    }
    child_.destroy();
    outcome_.~Outcome();
  }

  [[nodiscard]] bool await_ready() const noexcept { return !child_ && join_.await_ready(); }

  /// With tail calls what is to be resumed next, without them whether the awaiting coroutine stays
  /// suspended.
  template <class Promise, bool symmetric = makes_tail_calls>
  std::conditional_t<symmetric, std::coroutine_handle<>, bool> await_suspend(
      std::coroutine_handle<Promise> awaiting) {
    bool suspends = true;
    if (!child_) {
      suspends = join_.await_suspend(awaiting);
    } else {
      TaskPromise& child = child_.promise();
      child.continue_with(awaiting);
      if constexpr (symmetric) {
        if (!child.is_somebody_itself()) [[likely]] {
          return child_;
        }
      }
      suspends = !child.resume_nested(child_);
    }
    if constexpr (symmetric) {
      if (suspends) return std::noop_coroutine();
      return awaiting;
    } else {
      return suspends;
    }
  }

  T await_resume() {
    if (!child_) return join_.await_resume();
    return std::move(outcome_).value();
  }

 private:
  Coroutine child_;  // null: it is running already
  union {
    Outcome<T> outcome_;
    Join<T> join_;
  };
};

}  // namespace async

/// A coroutine that gives a T (which may be void, a reference, or movable only), or throws. It does
/// not begin before it is awaited, or given to an event loop (asyncio's coroutine and asyncio's
/// Task are one type here). Movable.
///
/// - `co_await task` in a coroutine of any type: its result, or what it threw. A task that had not
///   begun runs as part of the one that awaits, with its scheduler, cancellation and identity; it
///   can be awaited once. A running one can be awaited by any number of coroutines on any thread;
///   each gets a copy of the result; if that cannot be copied, the first one gets it, others
///   InvalidStateError. Of an rvalue that nobody else awaits the result is moved.
/// - Destroying the handle destroys a task that has not begun; one that is running goes on. What it
///   throws then is lost.
/// - An empty handle (moved from, or awaited) throws InvalidStateError from everything but valid().
/// - Memory order: all that the task did happens before whoever sees it done goes on.
template <class T>
class [[nodiscard("a task does nothing until it is awaited, or given to create_task")]] Task {
 public:
  /// What the compiler asks of a coroutine that is a task.
  using promise_type = async::TaskPromiseOf<T>;

  /// Empty.
  Task() noexcept = default;
  /// Takes over `other`, which is then empty.
  Task(Task&& other) noexcept
      : lazy_(std::exchange(other.lazy_, nullptr)), running_(std::move(other.running_)) {}
  /// The same; a task of this handle that has not begun is destroyed.
  Task& operator=(Task&& other) noexcept {
    Task before(std::move(*this));
    lazy_ = std::exchange(other.lazy_, nullptr);
    running_ = std::move(other.running_);
    return *this;
  }
  ~Task() {
    if (lazy_) lazy_.destroy();
  }

  /// Is it anything but empty?
  [[nodiscard]] bool valid() const noexcept { return lazy_ || running_; }

  /// Was it given to an event loop?
  [[nodiscard]] bool is_running_task() const noexcept { return static_cast<bool>(running_); }

  /// `co_await` gives the result, or throws what the task threw. Throws InvalidStateError if it is empty.
  [[nodiscard]] async::TaskAwaiter<T> operator co_await() & {
    if (running_) return async::TaskAwaiter<T>(async::ToCome<T>(running_));
    return run_lazy();
  }
  /// The same; the result is moved if nobody else awaits it.
  [[nodiscard]] async::TaskAwaiter<T> operator co_await() && {
    if (running_) return async::TaskAwaiter<T>(async::ToCome<T>(std::move(running_)));
    return run_lazy();
  }

  // Of a running task; of one that was not given to a loop they throw InvalidStateError.

  /// Has it ended? From any thread.
  [[nodiscard]] bool done() const { return running("Task::done").is_done(); }

  /// Has it ended by a CancelledError? From any thread.
  [[nodiscard]] bool cancelled() const {
    const auto& task = running("Task::cancelled");
    return task.is_done() && task.is_cancelled();
  }

  /// What it gave, as from `co_await`; throws what it threw, CancelledError if it was cancelled,
  /// InvalidStateError if it has not ended. From any thread.
  T result() const {
    if (!running("Task::result").is_done()) throw InvalidStateError("Task::result: it is not done");
    return async::ToCome<T>(running_).result();
  }

  /// What it threw, or null. Throws InvalidStateError if it has not ended, CancelledError if it was
  /// cancelled.
  [[nodiscard]] std::exception_ptr exception() const {
    const auto& task = running("Task::exception");
    if (!task.is_done()) throw InvalidStateError("Task::exception: it is not done");
    if (task.is_cancelled()) throw CancelledError();
    return running_->outcome.exception();
  }

  /// Lets its present wait, or else the next, throw CancelledError; if it has not begun, it never
  /// will. It may clean up, or go on all the same. If it waits for a task or a future, that is
  /// cancelled instead. False: it has ended before. From any thread: from others than the loop's it
  /// takes effect when that comes to it (and allocates); the loop must exist. While that does not
  /// run, only if no other thread is about to run it.
  bool cancel() { return running("Task::cancel").cancel(); }

  /// How often it was cancelled, less uncancel. On the loop's thread.
  [[nodiscard]] unsigned cancelling() const { return running("Task::cancelling").cancelling(); }

  /// Takes back one cancel; returns how many are left. On the loop's thread.
  unsigned uncancel() { return running("Task::uncancel").uncancel(); }

  /// Blocks the thread until it has ended. Not on the thread of its loop.
  void wait() const { running("Task::wait").done().wait(); }

  /// The same, for `duration`: has it ended?
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(std::chrono::duration<Rep, Period> duration) const {
    return running("Task::wait_for").done().wait_for(duration);
  }

  // For event loops.

  /// Makes a lazy task one of the loop's; of a running one does nothing.
  void start(async::Loop& loop) {
    if (running_) return;
    if (!lazy_) throw_invalid("create_task", "it is empty");
    if (loop.is_elsewhere()) throw Error("EventLoop::create_task: not on the loop's thread");
    running_ = async::Ref<Running>::adopt(new Running(loop));
    promise_type& promise = lazy_.promise();
    promise.belong_to(*running_);
    promise.report_to(running_->outcome);
    running_->start(std::exchange(lazy_, nullptr));
  }

  /// What will come of a running task.
  [[nodiscard]] async::ToCome<T> to_come() const { return async::ToCome<T>(running_); }
  /// The running task itself.
  [[nodiscard]] async::RunningTask& running() const { return running("Task"); }

 private:
  friend promise_type;
  using Running = async::RunningTaskOf<T>;
  using Coroutine = std::coroutine_handle<promise_type>;

  explicit Task(Coroutine coroutine) noexcept : lazy_(coroutine) {}

  [[nodiscard]] async::TaskAwaiter<T> run_lazy() {
    if (!lazy_) throw_invalid("co_await", "the task is empty; was it awaited before?");
    return async::TaskAwaiter<T>(std::exchange(lazy_, nullptr));
  }

  [[nodiscard]] Running& running(const char* call) const {
    if (!running_) throw_invalid(call, "it was not given to an event loop");
    return *running_;
  }

  [[noreturn]] static void throw_invalid(const char* call, const char* why) {
    throw InvalidStateError(std::string(call) + ": " + why);
  }

  Coroutine lazy_;
  async::Ref<Running> running_;
};

namespace async {

template <class T>
Task<T> TaskPromiseOf<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<TaskPromiseOf>::from_promise(*this));
}
inline Task<void> TaskPromiseOf<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<TaskPromiseOf>::from_promise(*this));
}

}  // namespace async
}  // namespace lockstep
