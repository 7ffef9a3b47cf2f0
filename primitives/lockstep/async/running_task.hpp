// lockstep/async/running_task.hpp: a task that a loop runs: its outcome, its wish to end, and the
// first step.
//
// State, changed on the loop's thread only
//   new     -> begun       [begin, unless it is to end already]
//   new     -> done        [begin: it was cancelled, the body never runs; end_with_loop]
//   begun   -> done        [ended, by the coroutine's end; end_with_loop]
// The coroutine's frame is destroyed on the way to `done`, before anybody hears of that. The
// outcome is here, so that it stays as long as somebody has the task's handle.
//
// Lifetime: the loop has a reference until it is done, the handle another. Other threads may only
// ask whether it is done, wait, look at the outcome, and cancel (which is posted to the loop).
//
// Checked by: tests/unit/task_test.cpp, tests/unit/cancel_test.cpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <coroutine>
#include <exception>
#include <utility>

#include "lockstep/async/completion.hpp"
#include "lockstep/async/loop.hpp"
#include "lockstep/async/shared.hpp"
#include "lockstep/error.hpp"
#include "lockstep/wait/context.hpp"
#include "lockstep/wait/owner.hpp"
#include "lockstep/wait/ready.hpp"
#include "lockstep/wait/scoped.hpp"

namespace lockstep::async {

class RunningTask : public Completion, public LoopTask, private wait::Ready {
 public:
  /// What its coroutines know of where they run.
  [[nodiscard]] wait::Context context() noexcept { return {offer_, this}; }

  /// Lets the loop begin it. `coroutine` will call `ended`.
  void start(std::coroutine_handle<> coroutine) noexcept {
    set_handle(coroutine);
    add_reference();
    loop_.add(*this);
    loop_.schedule(*this);
  }

  /// The coroutine has come to its end, and the outcome is there.
  void ended() noexcept { become_done(); }

  /// Wishes that it end. False: it is done already.
  bool cancel() override {
    if (is_done()) return false;
    if (loop_.is_elsewhere()) {
      loop_.call_soon([task = Ref<RunningTask>(*this)] { task->cancel_here(); });
    } else {
      cancel_here();
    }
    return true;
  }

  /// How many wishes there are, and one less of them.
  [[nodiscard]] unsigned cancelling() const noexcept { return cancellation_.requests(); }
  unsigned uncancel() noexcept { return cancellation_.withdraw(); }

  [[nodiscard]] Loop& loop() const noexcept { return loop_; }

 protected:
  explicit RunningTask(Loop& loop) noexcept : Ready(&RunningTask::begin), loop_(loop) {}

 private:
  virtual void fail(std::exception_ptr exception) noexcept = 0;
  [[nodiscard]] virtual std::exception_ptr exception() const noexcept = 0;

  static RunningTask& at(void* subject) noexcept { return *static_cast<RunningTask*>(subject); }

  static const wait::Offer offer_;

  static void begin(Ready& ready) noexcept {
    auto& task = static_cast<RunningTask&>(ready);
    if (task.cancellation_.is_pending()) return task.end_cancelled();
    const wait::ActingFor acting(Owner(static_cast<void*>(&task)));
    task.handle().resume();
  }

  void cancel_here() noexcept {
    if (!is_done()) cancellation_.request();
  }

  void cancel_with_loop() override { cancel_here(); }

  void end_with_loop() noexcept override {
    if (is_listed()) loop_.unschedule(*this);
    const wait::ActingFor acting(Owner(static_cast<void*>(this)));  // its guards may be std's
    end_cancelled();
  }

  void end_cancelled() noexcept {
    fail(std::make_exception_ptr(CancelledError()));
    become_done();
  }

  void become_done() noexcept {
    const Ref<RunningTask> loops = Ref<RunningTask>::adopt(this);
    Loop::remove(*this);
    destroy_coroutine();
    publish(exception());
  }

  void destroy_coroutine() noexcept {
    const wait::GuardsOfOne its_own;
    handle().destroy();
  }

  Loop& loop_;
  wait::Cancellation cancellation_;
};

inline constexpr wait::Offer RunningTask::offer_{
    .schedule = [](void* task, wait::Ready& ready) noexcept { at(task).loop_.schedule(ready); },
    .unschedule = [](void* task, wait::Ready& ready) noexcept { at(task).loop_.unschedule(ready); },
    .stop_token = nullptr,
    .owner = [](void* task) noexcept { return Owner(task); },
    .cancellation = [](void* task) noexcept { return &at(task).cancellation_; },
    .alarm_clock = [](void* task) noexcept { return &at(task).loop_.alarm_clock(); }};

/// With its outcome.
template <class T>
class RunningTaskOf final : public Completing<T, RunningTask> {
 public:
  explicit RunningTaskOf(Loop& loop) noexcept : Completing<T, RunningTask>(loop) {}

 private:
  void fail(std::exception_ptr exception) noexcept override {
    this->outcome.fail(std::move(exception));
  }
  [[nodiscard]] std::exception_ptr exception() const noexcept override {
    return this->outcome.exception();
  }
};

}  // namespace lockstep::async
