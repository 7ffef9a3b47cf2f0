// lockstep/async/async_generator.hpp: a generator that may wait between its values, as Python's
// asynchronous generators do.
//
// State
//   not started -> executing    [co_await next(): it runs as part of the coroutine that awaits]
//   suspended   -> executing    [the same]
//   executing   -> suspended    [it yields: the awaiting coroutine goes on with the value]
//   executing   -> ended        [it returns or throws, and the awaiting coroutine goes on]
//   executing   -> closed       [the awaiting coroutine is destroyed meanwhile]
//   all but executing -> closed [the destructor, a move to another AsyncGenerator]
//
// To the coroutine that awaits a value, the generator is a Task that ends with it (promise.hpp): so
// what the generator waits for it waits for in that one's name, whose scheduler, cancellation and
// identity may be others each time; and both go on by symmetric transfer, in constant stack.
//
// No frame outlives those who could resume it: while it is executing the awaiter of next() keeps it,
// which is destroyed with the awaiting coroutine, and destroys it. So it waits for nothing any more when
// there is nobody left to go on with what it yields.
//
// One call at a time: nothing here is atomic. Where the generator goes on by another thread than that of next(), what
// it waits for is what orders them, or promise.hpp.
//
// Checked by: tests/unit/async_generator_test.cpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "lockstep/async/promise.hpp"
#include "lockstep/error.hpp"

namespace lockstep {

template <class Yielded>
class AsyncGenerator;

namespace async {

/// The awaiter of `co_yield value`, where the value outlives the suspension. Whoever awaits it goes on.
template <class Value>
class HandOver {
 public:
  explicit HandOver(Value* value) noexcept : value_(value) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  [[nodiscard]] std::coroutine_handle<> await_suspend(
      std::coroutine_handle<Promise> generator) const noexcept {
    return generator.promise().hand_over(value_);
  }
  void await_resume() const noexcept {}

 private:
  Value* value_;
};

/// The same, where the value is the generator's own: the consumer gets a copy.
template <class Value>
class HandOverCopy {
 public:
  explicit HandOverCopy(const Value& value) : copy_(value) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  [[nodiscard]] std::coroutine_handle<> await_suspend(
      std::coroutine_handle<Promise> generator) noexcept {
    return generator.promise().hand_over(std::addressof(copy_));
  }
  void await_resume() const noexcept {}

 private:
  Value copy_;
};

/// The awaiter of next().
template <class Yielded>
class [[nodiscard("the generator goes on only when it is awaited: co_await")]] NextAwaiter {
 public:
  explicit NextAwaiter(AsyncGenerator<Yielded>& generator) noexcept : generator_(generator) {}
  NextAwaiter(const NextAwaiter&) = delete;
  NextAwaiter& operator=(const NextAwaiter&) = delete;
  ~NextAwaiter() {
    if (executes_) generator_.destroy();
  }

  [[nodiscard]] bool await_ready() const { return generator_.ended(); }

  /// As TaskAwaiter's.
  template <class Promise, bool symmetric = makes_tail_calls>
  std::conditional_t<symmetric, std::coroutine_handle<>, bool> await_suspend(
      std::coroutine_handle<Promise> awaiting) {
    const auto coroutine = generator_.coroutine_;
    auto& promise = coroutine.promise();
    promise.go_on_for(awaiting);
    executes_ = true;
    if constexpr (symmetric) {
      if (!promise.is_somebody_itself()) [[likely]] {
        return coroutine;
      }
      if (!promise.resume_nested(coroutine)) return std::noop_coroutine();
      return awaiting;
    } else {
      return !promise.resume_nested(coroutine);
    }
  }

  typename AsyncGenerator<Yielded>::Item await_resume() {
    if (!std::exchange(executes_, false)) return {};
    return generator_.take();
  }

 private:
  AsyncGenerator<Yielded>& generator_;
  bool executes_ = false;
};

}  // namespace async

/// What a coroutine function returns that computes one `Yielded` after the other, and awaits things in between:
///
///     lockstep::AsyncGenerator<int> count_slowly(int last) {
///       for (int i = 1; i <= last; ++i) {
///         co_await lockstep::sleep_for(1s);
///         co_yield i;
///       }
///     }
///
/// - `Yielded`: an object type, move-only if you like, or an lvalue reference.
/// - It can await whatever a Task can; in the name of the coroutine, of any type, that awaits the
///   value at that moment: it resumes where that one does, is cancelled with it, and owns what that one owns.
///   If that one is nobody, the generator is somebody by itself, as a Task is.
/// - Lifetime: what the function takes by reference has to outlive the generator, and so has a
///   lambda with captures. A generator destroyed at a `co_yield`, or before it has started, destroys
///   its local variables; nothing is awaited for that: what has to wait in the end belongs into an
///   async_with around it, or into the generator's own way to its end. If the coroutine that awaits a value is
///   destroyed, the generator is closed with it, at the `co_await` where it waits.
///   Destroying it, or moving from it, while a value is awaited ends the program (std::terminate).
/// - Moved, not copied. What was moved from behaves as if it had ended.
/// - Not thread-safe: one at a time may use it, on whatever thread.
template <class Yielded>
class [[nodiscard]] AsyncGenerator {
  static_assert(std::is_object_v<Yielded> || std::is_lvalue_reference_v<Yielded>);
  using Value = std::remove_reference_t<Yielded>;

 public:
  class promise_type;

  /// A value or none: a std::optional; of a reference, a pointer.
  using Item = std::conditional_t<std::is_reference_v<Yielded>, Value*, std::optional<Yielded>>;

  /// Takes over `other`, which is then as if it had ended.
  AsyncGenerator(AsyncGenerator&& other) noexcept : coroutine_(other.release()) {}
  /// The same; what this was is destroyed.
  AsyncGenerator& operator=(AsyncGenerator&& other) noexcept {
    AsyncGenerator before(std::move(*this));
    coroutine_ = other.release();
    return *this;
  }
  ~AsyncGenerator() {
    if (const auto coroutine = release()) coroutine.destroy();
  }

  /// `co_await` it: goes on up to the next value and gives it; empty: the generator has ended, now or before. What the
  /// function throws comes out of the `co_await`, and the generator has ended; so does CancelledError, if the
  /// awaiting task is cancelled and the function lets it pass. What a pointer points to, the function may change
  /// as soon as it goes on. Throws Error, and leaves all as it is, if a value is being awaited already, by
  /// whomever.
  ///
  /// A loop over all values (for_each.hpp has another):
  ///
  ///     while (auto value = co_await values.next()) use(*value);
  ///
  /// or `for (auto value = co_await values.next(); value; value = co_await values.next())`, but not without a
  /// variable: g++ 12 compiles a coroutine to nothing that declares none and has a `co_await` in the condition of a
  /// loop or branch.
  [[nodiscard]] async::NextAwaiter<Yielded> next() noexcept {
    return async::NextAwaiter<Yielded>(*this);
  }

 private:
  friend async::NextAwaiter<Yielded>;
  using Coroutine = std::coroutine_handle<promise_type>;

  explicit AsyncGenerator(Coroutine coroutine) noexcept : coroutine_(coroutine) {}

  [[nodiscard]] bool ended() const {
    if (!coroutine_) return true;
    if (coroutine_.promise().is_executing()) {
      throw Error("AsyncGenerator::next: generator already executing");
    }
    return coroutine_.done();
  }

  /// What it was suspended with. The awaiting coroutine has gone on.
  [[nodiscard]] Item take() {
    Value* const value = coroutine_.promise().take();
    if constexpr (std::is_reference_v<Yielded>) {
      return value;
    } else {
      return value == nullptr ? Item{} : Item(std::move(*value));
    }
  }

  [[nodiscard]] Coroutine release() noexcept {
    if (coroutine_ && coroutine_.promise().is_executing()) std::terminate();
    return std::exchange(coroutine_, nullptr);
  }

  void destroy() noexcept { std::exchange(coroutine_, nullptr).destroy(); }

  Coroutine coroutine_;
};

/// The promise: what the compiler asks of a coroutine that is an asynchronous generator.
template <class Yielded>
class AsyncGenerator<Yielded>::promise_type : public async::TaskPromise {
 public:
  [[nodiscard]] AsyncGenerator get_return_object() noexcept {
    return AsyncGenerator(Coroutine::from_promise(*this));
  }
  void return_void() const noexcept {}
  void unhandled_exception() noexcept { failure_ = std::current_exception(); }

  /// What is not an lvalue (or what a reference refers to) stays where it is until the consumer
  /// goes on.
  [[nodiscard]] async::HandOver<Value> yield_value(Yielded&& value) noexcept {
    return async::HandOver<Value>(std::addressof(value));
  }
  [[nodiscard]] async::HandOverCopy<Yielded> yield_value(const Yielded& value)
    requires(!std::is_reference_v<Yielded> && std::is_copy_constructible_v<Yielded>)
  {
    return async::HandOverCopy<Yielded>(value);
  }

  /// It suspends with this value, which lives until it is resumed. Returns what goes on.
  [[nodiscard]] std::coroutine_handle<> hand_over(Value* value) noexcept {
    value_ = value;
    return end();
  }

  /// It is about to be resumed, and `awaiting` to go on with what it yields.
  template <class Promise>
  void go_on_for(std::coroutine_handle<Promise> awaiting) noexcept {
    value_ = nullptr;
    executing_ = true;
    continue_with(awaiting);
  }

  /// Is a value being awaited?
  [[nodiscard]] bool is_executing() const noexcept { return executing_; }

  /// The value, which is awaited no more; null: it has ended. Throws what it ended by.
  [[nodiscard]] Value* take() {
    executing_ = false;
    if (failure_ != nullptr) std::rethrow_exception(std::exchange(failure_, nullptr));
    return value_;
  }

 private:
  Value* value_ = nullptr;
  std::exception_ptr failure_;
  bool executing_ = false;
};

}  // namespace lockstep
