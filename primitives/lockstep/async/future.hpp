// lockstep/async/future.hpp: a result that somebody will provide.
//
// State
//   pending -> done       [set_result, set_exception]
//   pending -> cancelled  [cancel; set_exception with a CancelledError]
// Who of several comes first, and who is told: completion.hpp.
//
// Checked by: tests/unit/future_test.cpp, tests/scenarios/async.hpp
#pragma once

#include <chrono>
#include <exception>
#include <string>
#include <type_traits>
#include <utility>

#include "lockstep/async/completion.hpp"
#include "lockstep/async/join.hpp"
#include "lockstep/async/loop.hpp"
#include "lockstep/async/outcome.hpp"
#include "lockstep/async/shared.hpp"
#include "lockstep/error.hpp"

namespace lockstep {

namespace async {

template <class T>
class FutureState : public Completing<T> {
 public:
  FutureState() noexcept = default;

  /// Gives it a value; if that throws, the exception. False: it is done already.
  template <class... Args>
  bool succeed(Args&&... args) {
    if (!this->claim()) return false;
    try {
      this->outcome.emplace(std::forward<Args>(args)...);
    } catch (...) {
      this->outcome.fail(std::current_exception());
    }
    publish();
    return true;
  }

  bool fail(std::exception_ptr exception) noexcept {
    if (!this->claim()) return false;
    this->outcome.fail(std::move(exception));
    publish();
    return true;
  }

  bool cancel() override { return fail(std::make_exception_ptr(CancelledError())); }

 private:
  void publish() noexcept {
    const Ref<FutureState> keep(*this);
    Completion::publish(this->outcome.exception());
  }
};

/// Calls a function once something is done: in the loop that ran when it was asked for, or at once.
template <class Function>
class CallWhenDone final : public DoneCallback {
 public:
  CallWhenDone(Completion& done, Function function)
      : done_(&done), loop_(loop_of_this_thread), function_(std::move(function)) {}

 private:
  void on_done() noexcept override {
    const Ref<Completion> keep(*done_);
    if (loop_ == nullptr) {
      function_();
    } else {
      loop_->call_soon([keep, function = std::move(function_)]() mutable { function(); });
    }
    delete this;
  }
  void on_never() noexcept override { delete this; }

  Completion* done_;
  Loop* loop_;
  Function function_;
};

}  // namespace async

/// A result that is set from anywhere, and awaited by any number of coroutines of any type. All
/// copies of it are the same future. 8 bytes.
///
/// - `co_await future`, `result`: the result (a copy; what cannot be copied can be had once, others
///   get InvalidStateError), or what was set as exception, CancelledError if it was cancelled.
/// - Cancelling a task that awaits it cancels the future.
/// - Every call may be made on any thread.
/// - Memory order: all before set_result, set_exception or cancel happens before all after it was
///   seen done.
template <class T = void>
class Future {
 public:
  /// Pending.
  Future() : Future(async::Ref<State>::adopt(new State)) {}

  /// For what provides one by its own means.
  explicit Future(async::Ref<async::FutureState<T>> state) noexcept : state_(std::move(state)) {}

  /// Does it have a result, or an exception, or was it cancelled?
  [[nodiscard]] bool done() const noexcept { return state_->is_done(); }
  /// Was it cancelled?
  [[nodiscard]] bool cancelled() const noexcept { return done() && state_->is_cancelled(); }

  /// Makes it done, with a value made from `args` (none, if T is void). Throws InvalidStateError if
  /// it is done already.
  template <class... Args>
    requires(std::is_void_v<T> ? sizeof...(Args) == 0 : sizeof...(Args) == 1)
  void set_result(Args&&... args) {
    if (!state_->succeed(std::forward<Args>(args)...)) throw_done("Future::set_result");
  }

  /// Makes it done, with an exception, which must not be null. Throws InvalidStateError if it is done
  /// already.
  void set_exception(std::exception_ptr exception) {
    if (!state_->fail(std::move(exception))) throw_done("Future::set_exception");
  }
  /// The same, with a copy of `exception`.
  template <class E>
    requires(!std::is_same_v<std::decay_t<E>, std::exception_ptr>)
  void set_exception(E&& exception) {
    set_exception(std::make_exception_ptr(std::forward<E>(exception)));
  }

  /// Makes it done, and who waits for it gets CancelledError. False: it is done already.
  bool cancel() { return state_->cancel(); }

  /// The result, if it is done; else throws InvalidStateError.
  T result() const {
    require_done("Future::result");
    return to_come().result();
  }

  /// What was set as exception, or null. Throws InvalidStateError if it is not done, CancelledError
  /// if it was cancelled.
  [[nodiscard]] std::exception_ptr exception() const {
    require_done("Future::exception");
    if (cancelled()) throw CancelledError();
    return state_->outcome.exception();
  }

  /// Calls `function(future)` once it is done: soon, in the loop that the calling thread runs,
  /// which must exist then (what the function throws comes out of that as from call_soon); if there
  /// is none, at once, on the thread that makes it done, and it must not throw.
  template <class F>
  void add_done_callback(F function) {
    // It must not keep the future: one that nobody can make done any more is to go.
    auto call = [function = std::move(function), state = state_.get()]() mutable {
      function(Future(async::Ref<State>(*state)));
    };
    state_->notify(*new async::CallWhenDone<decltype(call)>(*state_, std::move(call)));
  }

  /// Blocks the thread until it is done.
  void wait() const noexcept { state_->done().wait(); }

  /// The same, for `duration`: is it done?
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(std::chrono::duration<Rep, Period> duration) const noexcept {
    return state_->done().wait_for(duration);
  }

  /// `co_await` gives the result, or throws what was set as exception, once it is done.
  [[nodiscard]] async::Join<T> operator co_await() const& noexcept {
    return async::Join<T>(to_come());
  }
  /// The same; the result is moved if nobody else has the future.
  [[nodiscard]] async::Join<T> operator co_await() && noexcept {
    return async::Join<T>(async::ToCome<T>(std::move(state_)));
  }

  /// For what waits for it by its own means.
  [[nodiscard]] async::ToCome<T> to_come() const noexcept { return async::ToCome<T>(state_); }

  /// Are they the same future?
  friend bool operator==(const Future& a, const Future& b) noexcept {
    return a.state_.get() == b.state_.get();
  }

 private:
  using State = async::FutureState<T>;

  void require_done(const char* call) const {
    if (!done()) throw InvalidStateError(std::string(call) + ": it is not done");
  }
  [[noreturn]] static void throw_done(const char* call) {
    throw InvalidStateError(std::string(call) + ": it is done already");
  }

  async::Ref<State> state_;
};

}  // namespace lockstep
