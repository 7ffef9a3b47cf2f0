// lockstep/wait/await.hpp: what `co_await` is applied to, in a coroutine of any type.
//
// What can be had at once is had without suspending, and then nothing else here is touched: the
// wait itself (async_wait.hpp) is only made, in place, once the coroutine has suspended. It is in the
// coroutine's frame, so no wait allocates.
//
// Checked by: tests/unit/await_test.cpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <coroutine>
#include <new>
#include <utility>

#include "lockstep/wait/async_wait.hpp"
#include "lockstep/wait/bounds.hpp"
#include "lockstep/wait/context.hpp"
#include "lockstep/wait/owner.hpp"
#include "lockstep/wait/ready.hpp"
#include "lockstep/wait/scoped.hpp"

namespace lockstep::wait {

/// A coroutine that goes on, as the task that it belongs to.
class Resumption : public Ready {
 public:
  Resumption() noexcept : Ready(&Resumption::resume_as_task) {}

  void set(std::coroutine_handle<> coroutine, Owner task) noexcept {
    set_handle(coroutine);
    task_ = task;
  }

 private:
  static void resume_as_task(Ready& ready) noexcept {
    if (not_held != nullptr) [[unlikely]]
      expect_no_guards();
    const ActingFor task(static_cast<Resumption&>(ready).task_);
    ready.handle().resume();
  }

  Owner task_;
};

/// May a coroutine with this promise await it?
template <class Operation, class Promise>
concept AwaitableFrom =
    !Operation::needs_owner || offers::AnOwner<Promise> || offers::AContext<Promise>;

/// The awaitable of all primitives. To be awaited once, where it is.
///
/// - Whoever awaits it must not be destroyed while another thread is about to resume it; while it
///   only waits, it may be destroyed (its frame with it), and is then as if it had never waited.
/// - CancelledError comes out of `co_await` if the coroutine's task is to end (context.hpp): the
///   grant wins where both happened.
template <class Operation, class Bounds = Unbounded>
class [[nodiscard("it waits only when it is awaited: co_await")]] Await {
 public:
  explicit Await(Operation operation, Bounds bounds = {}) noexcept
      : operation_(std::move(operation)), bounds_(std::move(bounds)) {}
  Await(const Await&) = delete;
  Await& operator=(const Await&) = delete;
  ~Await() {
    if (suspended_) wait_.~AsyncWait();
  }

  [[nodiscard]] bool await_ready() noexcept { return operation_.try_now(); }

  template <class Promise>
    requires AwaitableFrom<Operation, Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) {
    const Context context = Context::of(coroutine);
    if constexpr (Operation::needs_owner) {
      if (operation_.try_as(context)) return false;
    }
    ::new (static_cast<void*>(&resumption_)) Resumption;
    resumption_.set(coroutine, context.owner());
    ::new (static_cast<void*>(&wait_)) Wait(operation_, bounds_, resumption_);
    suspended_ = true;
    return wait_.suspend(context);
  }

  typename Operation::Result await_resume() {
    return suspended_ ? wait_.result() : operation_.finish_at_once();
  }

  /// What is awaited, for those who wait for it in other ways.
  [[nodiscard]] Operation& operation() noexcept { return operation_; }
  [[nodiscard]] const Bounds& bounds() const noexcept { return bounds_; }

 private:
  using Wait = AsyncWait<Operation, Bounds>;

  Operation operation_;
  [[no_unique_address]] Bounds bounds_;
  bool suspended_ = false;
  union {
    Resumption resumption_;
  };
  union {
    Wait wait_;
  };
};

}  // namespace lockstep::wait
