// lockstep/async/event_loop.hpp: runs tasks, calls and alarms on one thread. How: loop.hpp.
//
// Checked by: tests/unit/event_loop_test.cpp
#pragma once

#include <utility>

#include "lockstep/async/loop.hpp"
#include "lockstep/async/task.hpp"
#include "lockstep/error.hpp"

namespace lockstep {

/// An event loop, as asyncio's: whoever runs it is its thread meanwhile.
///
/// - call_soon, call_soon_threadsafe, call_later, call_at, run_forever, stop, time: see
///   async::Loop.
/// - A coroutine of any type runs on it whose promise offers it as `scheduler()`.
/// - Fair: one pass runs what was ready when it began.
/// - It sleeps in one futex, and does not poll.
class EventLoop final : public async::Loop {
 public:
  /// The loop that the calling thread runs. Throws Error if there is none.
  [[nodiscard]] static EventLoop& running() {
    if (async::loop_of_this_thread == nullptr) {
      throw Error("EventLoop::running: this thread runs no loop");
    }
    return static_cast<EventLoop&>(*async::loop_of_this_thread);
  }

  /// Makes `task` one of this loop's, that begins in the next pass; one that is running already
  /// stays what it is. On the loop's thread, or while it does not run; else throws Error.
  template <class T>
  Task<T> create_task(Task<T> task) {
    task.start(*this);
    return task;
  }

  /// Runs until `task` has ended, and gives its result or throws what it threw. Throws what a call
  /// throws (the task is then still there, if its handle was an lvalue); Error if the loop is
  /// stopped before.
  template <class T>
  T run_until_complete(Task<T>&& task) {
    run_until_done(task);
    return task.result();
  }
  /// The same; the handle can still be used.
  template <class T>
  T run_until_complete(Task<T>& task) {
    run_until_done(task);
    return task.result();
  }

  /// Cancels all tasks, also those that these create, and runs until they have ended.
  using async::Loop::cancel_remaining;

  /// Runs until `task` has ended, whatever came of it. Throws as run_until_complete, but for what
  /// the task threw.
  template <class T>
  void run_until_done(Task<T>& task) {
    task.start(*this);
    Task<> other;
    async::Completion* until = &task.running();
    if (&task.running().loop() != this) {
      other = create_task(wait_for_other(task));
      until = &other.running();
    }
    if (!run_until(until->done())) {
      throw Error("EventLoop::run_until_complete: it was stopped before the task was done");
    }
  }

 private:
  template <class T>
  static Task<> wait_for_other(Task<T>& task) {
    co_await task.running().done().async_wait();
  }
};

/// Makes `task` one of the loop that this thread runs. Throws Error if there is none.
template <class T>
Task<T> create_task(Task<T> task) {
  return EventLoop::running().create_task(std::move(task));
}

/// Runs `task` on a loop of its own; then cancels what tasks are left, and runs until these have
/// ended. Gives the result of `task`, or throws what it threw; or, before, what a call threw.
template <class T>
T run(Task<T> task) {
  EventLoop loop;
  const EventLoop::KeptByThisThread kept(loop);
  task = loop.create_task(std::move(task));
  try {
    loop.run_until_done(task);
  } catch (...) {
    loop.cancel_remaining();
    throw;
  }
  loop.cancel_remaining();
  const async::ToCome<T> to_come = task.to_come();
  task = Task<T>();  // so that the result can be moved
  return to_come.last_result();
}

}  // namespace lockstep
