// lockstep/async/promise.hpp: the part of a Task's coroutine that does not depend on its result; also that of an
// asynchronous generator, which for the one who awaits its next value ends with that, and then begins again.
//
// A task that is awaited runs at once and, when it ends, the awaiting coroutine goes on, by
// symmetric transfer: neither is resumed on top of the other, and a chain of any length needs no
// stack. That takes tail calls, which g++ does not always make (see LOCKSTEP_TAIL_CALLS). There
// (and where the awaiting coroutine is nobody, see below) the child is resumed on top of the
// awaiting coroutine, which, if the child ends before that returns, goes on without having
// suspended: a loop awaits what is ready in constant stack either way.
//
// State of a child that is resumed that way
//   nested -> ended   [end: the awaiting coroutine finds that and goes on]
//   nested -> left    [leave: it has suspended, the child resumes it when it ends]
// One that is destroyed while it is nested was suspended, and has just woken, by a lock that it gave
// up, the one that destroys it (and the awaiting coroutine), on top of the resume that is to return.
// That is told so.
//
// Orders
//   (1) release, leave  pairs with (4): the awaiting coroutine has suspended
//   (2) acquire, leave  pairs with (3)
//   (3) release, end    pairs with (2): the outcome
//   (4) acquire, end    pairs with (1)
//
// Identity: all coroutines of a task of an EventLoop are one owner. If the one that awaits has no
// owner, the child is one by itself: within it an RLock works. The thread is told so while the
// child runs, and not any more when it goes on with the other.
//
// Checked by: tests/unit/task_test.cpp, tests/unit/async_generator_test.cpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <type_traits>

#include "lockstep/async/running_task.hpp"
#include "lockstep/wait/context.hpp"
#include "lockstep/wait/owner.hpp"
#include "lockstep/wait/ready.hpp"

namespace lockstep::async {

// Does the compiler make tail calls of symmetric transfers? g++ from -O2 on, but not where a
// sanitizer has something to do before a function returns. At -O1 (which cannot be told from -O2)
// it wants -foptimize-sibling-calls, or this defined as 0.
#ifndef LOCKSTEP_TAIL_CALLS
#if defined(__clang__) || \
    (defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__))
#define LOCKSTEP_TAIL_CALLS 1
#else
#define LOCKSTEP_TAIL_CALLS 0
#endif
#endif
inline constexpr bool makes_tail_calls = LOCKSTEP_TAIL_CALLS != 0;

class TaskPromise {
 public:
  TaskPromise(const TaskPromise&) = delete;
  TaskPromise& operator=(const TaskPromise&) = delete;

  /// For the waits in it.
  [[nodiscard]] wait::Context context() noexcept {
    return is_somebody_itself_ ? wait::Context(as_owner_, this) : outer_;
  }

  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] auto final_suspend() const noexcept { return Final(); }

  /// It is the coroutine of a task that a loop runs.
  void belong_to(RunningTask& task) noexcept {
    task_ = &task;
    outer_ = task.context();
  }

  /// `awaiting` awaits it.
  template <class Promise>
  void continue_with(std::coroutine_handle<Promise> awaiting) noexcept {
    outer_ = wait::Context::of(awaiting);
    continuation_ = awaiting;
    is_somebody_itself_ = !std::is_base_of_v<TaskPromise, Promise> && !outer_.owner();
  }

  /// Is the one who awaits it nobody?
  [[nodiscard]] bool is_somebody_itself() const noexcept { return is_somebody_itself_; }

  /// Resumes it, of which this is the promise. True: it has ended. False: it will resume the
  /// awaiting coroutine, and may have done so.
  [[nodiscard, gnu::noinline]] bool resume_nested(std::coroutine_handle<> self) noexcept {
    bool destroyed = false;
    destroyed_ = &destroyed;
    nesting_.store(Nesting::nested, std::memory_order_relaxed);
    if (is_somebody_itself_) {
      const wait::ActingFor acting{Owner(this)};
      self.resume();
    } else {
      self.resume();
    }
    if (destroyed) return false;
    return nesting_.exchange(Nesting::left, std::memory_order_acq_rel) == Nesting::ended;  // (1, 2)
  }

 protected:
  TaskPromise() noexcept = default;
  ~TaskPromise() {
    if (nesting_.load(std::memory_order_relaxed) == Nesting::nested) *destroyed_ = true;
  }

  /// What goes on when it has ended. This may be gone by then.
  [[nodiscard]] std::coroutine_handle<> end() noexcept {
    if (nesting_.load(std::memory_order_relaxed) == Nesting::none && task_ == nullptr) {
      return continuation_;
    }
    return end_otherwise();
  }

 private:
  enum class Nesting : std::uint8_t { none, nested, ended, left };

  struct Final {
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    template <class Promise>
    [[nodiscard]] std::coroutine_handle<> await_suspend(
        std::coroutine_handle<Promise> ended) const noexcept {
      return static_cast<TaskPromise&>(ended.promise()).end();
    }
    void await_resume() const noexcept {}
  };

  [[nodiscard, gnu::noinline]] std::coroutine_handle<> end_otherwise() noexcept {
    if (task_ != nullptr) {
      task_->ended();
      return std::noop_coroutine();
    }
    const std::coroutine_handle<> continuation = continuation_;
    const bool awaited_by_nobody = is_somebody_itself_;
    if (nesting_.exchange(Nesting::ended, std::memory_order_acq_rel) ==
        Nesting::nested) {  // (3, 4)
      return std::noop_coroutine();
    }
    if (!awaited_by_nobody) return continuation;
    const wait::ActingFor nobody{Owner()};
    continuation.resume();
    return std::noop_coroutine();
  }

  static const wait::Context& outer(void* that) noexcept {
    return static_cast<TaskPromise*>(that)->outer_;
  }

  static constexpr wait::Offer as_owner_{
      .schedule = [](void* that, wait::Ready& ready) noexcept { outer(that).schedule(ready); },
      .unschedule = [](void* that, wait::Ready& ready) noexcept { outer(that).unschedule(ready); },
      .stop_token = [](void* that) noexcept { return outer(that).stop_token(); },
      .owner = [](void* that) noexcept { return Owner(that); },
      .cancellation = [](void* that) noexcept { return outer(that).cancellation(); },
      .alarm_clock = [](void* that) noexcept { return outer(that).alarm_clock(); }};

  wait::Context outer_;                   // of whoever awaits it
  std::coroutine_handle<> continuation_;  // who awaits it
  RunningTask* task_ = nullptr;           // if it is the coroutine of that
  bool* destroyed_ = nullptr;             // for resume_nested, which that is in
  std::atomic<Nesting> nesting_{Nesting::none};
  bool is_somebody_itself_ = false;
};

}  // namespace lockstep::async
