// lockstep/wait/await_until.hpp: a coroutine that waits for a condition until a predicate is true.
//
// The predicate is evaluated with the lock held, where and as the coroutine runs: before it suspends,
// and whenever it is woken, instead of resuming it. So one co_await is as many waits as it takes, all in
// the coroutine's frame, and none allocates.
//
// Checked by: tests/unit/async_predicate_test.cpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "lockstep/wait/async_wait.hpp"
#include "lockstep/wait/await.hpp"
#include "lockstep/wait/context.hpp"
#include "lockstep/wait/owner.hpp"
#include "lockstep/wait/ready.hpp"

namespace lockstep::wait {

/// Does what runs this coroutine run a Ready? What knows only handles could not evaluate anything.
template <class Promise>
concept RunsReady =
    offers::AContext<Promise> || !offers::AScheduler<Promise> || offers::schedules_ready<Promise>;

/// The awaitable. Operation waits once, and says whether it was notified; Result is void or bool. To
/// be awaited once, where it is.
template <class Operation, class Predicate, class Bounds, class Result>
class [[nodiscard("it waits only when it is awaited: co_await")]] AwaitUntil : private Ready {
 public:
  AwaitUntil(Operation operation, Predicate predicate, Bounds bounds)
      : Ready(&AwaitUntil::go_on),
        operation_(std::move(operation)),
        predicate_(std::move(predicate)),
        bounds_(std::move(bounds)) {}
  AwaitUntil(const AwaitUntil&) = delete;
  AwaitUntil& operator=(const AwaitUntil&) = delete;

  [[nodiscard]] bool await_ready() {
    holds_ = predicate_();
    return holds_;
  }

  template <class Promise>
    requires AwaitableFrom<Operation, Promise> && RunsReady<Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) {
    set_handle(coroutine);
    context_ = Context::of(coroutine);
    return wait_on();
  }

  Result await_resume() {
    wait_.reset();
    if (failure_) std::rethrow_exception(failure_);
    return Result(holds_);
  }

 private:
  /// Waits until there is something to tell the coroutine: false. True: it is suspended, and this may be
  /// gone.
  bool wait_on() {
    do {
      wait_.reset();
      current_.emplace(operation_);
      wait_.emplace(*current_, bounds_, static_cast<Ready&>(*this));
      if (wait_->suspend(context_)) return true;
    } while (!is_over());
    return false;
  }

  /// The lock is held again. Is that the end?
  [[nodiscard]] bool is_over() noexcept {
    try {
      const bool notified = wait_->result();
      holds_ = predicate_();
      return holds_ || !notified;
    } catch (...) {
      failure_ = std::current_exception();
      return true;
    }
  }

  static void go_on(Ready& ready) noexcept {
    auto& self = static_cast<AwaitUntil&>(ready);
    const ActingFor task(self.context_.owner());
    if (!self.waits_on()) self.handle().resume();
  }

  /// The same, unless it is over.
  [[nodiscard]] bool waits_on() noexcept {
    try {
      return !is_over() && wait_on();
    } catch (...) {  // it could not begin to wait: the predicate has given up the lock
      failure_ = std::current_exception();
      return false;
    }
  }

  Operation operation_;
  Predicate predicate_;
  Bounds bounds_;
  Context context_;
  std::optional<Operation> current_;
  std::optional<AsyncWait<Operation, Bounds>> wait_;
  std::exception_ptr failure_;
  bool holds_ = false;
};

}  // namespace lockstep::wait
