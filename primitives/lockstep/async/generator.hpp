// lockstep/async/generator.hpp: a function that hands out one value after the other, each when it
// is asked for, as Python's generators do.
//
// State
//   not started -> suspended    [next: it runs up to its first co_yield]
//   suspended   -> suspended    [next, send: up to another one]
//   suspended   -> ended        [next, send: it returns or throws]
//   any of them -> closed       [close, the destructor, a move to another Generator]
// Meanwhile it is executing, and whoever calls it then, calls it from inside: that is refused.
//
// How `co_yield from(...)` makes one of many coroutine frames: generator_frame.hpp.
//
// A value is not copied on its way: `next` moves it out of the temporary that the generator yielded
// (a copy only where it yields an object that it keeps), an iterator refers to it where it is.
//
// Checked by: tests/unit/generator_test.cpp, tests/unit/generator_delegation_test.cpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <coroutine>
#include <cstddef>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "lockstep/async/generator_frame.hpp"
#include "lockstep/error.hpp"

namespace lockstep {

template <class Yielded, class Sent = void, class Returned = void>
class Generator;

namespace async {

/// The awaiter of `co_yield from(...)`; owns the inner generator.
template <class Yielded, class Sent, class Returned>
class [[nodiscard]] Delegation {
 public:
  explicit Delegation(Generator<Yielded, Sent, Returned> inner) noexcept
      : inner_(std::move(inner)) {}

  [[nodiscard]] bool await_ready() const noexcept { return inner_.ended(); }

  template <class Outer>
  void await_suspend(std::coroutine_handle<Outer> outer) noexcept {
    outer.promise().delegate_to(inner_.frame_);
  }

  Returned await_resume() {
    if (inner_.frame_ != nullptr) inner_.frame_->rethrow_failure();
    if constexpr (!std::is_void_v<Returned>) return std::move(inner_.result());
  }

 private:
  Generator<Yielded, Sent, Returned> inner_;
};

/// The part of a promise that depends on what is returned.
template <class Returned>
class Result {
 public:
  void return_value(Returned value) { value_.emplace(std::move(value)); }

  /// Null: it has not returned.
  [[nodiscard]] Returned* result() noexcept { return value_ ? std::addressof(*value_) : nullptr; }

 private:
  std::optional<Returned> value_;
};

template <>
class Result<void> {
 public:
  void return_void() const noexcept {}
};

}  // namespace async

/// What a coroutine function returns that computes one `Yielded` after the other:
///
///     lockstep::Generator<int> count_to(int last) {
///       for (int i = 1; i <= last; ++i) co_yield i;
///     }
///
/// - `Yielded`: an object type, move-only if you like, or an lvalue reference.
/// - `Sent`: what `send` takes. A `co_yield` then evaluates to a std::optional<Sent>, empty unless
///   the consumer went on by sending. void: it evaluates to nothing.
/// - `Returned`: what `co_return` takes.
/// - Lifetime: what the function takes by reference has to outlive the generator, and so has a
///   lambda with captures. A generator destroyed where it is suspended destroys its local
///   variables, those of a generator that it delegates to first. One that destroys itself while it
///   executes ends the program (std::terminate).
/// - g++ 12 miscompiles a coroutine that tests a `co_yield` in the condition of an if, while or
///   switch and has no local variable: declare one for what it evaluates to.
/// - Moved, not copied. What was moved from behaves as if closed.
/// - Not thread-safe: calls on one generator, from whatever threads, must not overlap. They block
///   only if the function does.
template <class Yielded, class Sent, class Returned>
class [[nodiscard]] Generator {
  static_assert(std::is_object_v<Yielded> || std::is_lvalue_reference_v<Yielded>);
  static_assert(std::is_object_v<Sent> || std::is_void_v<Sent>);
  static_assert(std::is_object_v<Returned> || std::is_void_v<Returned>);

  using Frame = async::GeneratorFrame<Yielded, Sent>;
  using Value = typename Frame::Value;
  using Message = std::conditional_t<std::is_void_v<Sent>, async::Nothing, Sent>;

 public:
  class promise_type;
  class Iterator;

  /// A value or none: a std::optional; of a reference, a pointer.
  using Item = std::conditional_t<std::is_reference_v<Yielded>, Value*, std::optional<Yielded>>;

  /// Takes over `other`, which is then as if closed.
  Generator(Generator&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  /// The same; what this was is destroyed.
  Generator& operator=(Generator other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~Generator() {
    if (frame_ == nullptr) return;
    if (frame_->executing()) std::terminate();
    std::exchange(frame_, nullptr)->destroy();
  }

  /// Executes up to the next value and returns it; empty: the generator has ended, now or before.
  /// What the function throws comes out of here, and the generator has ended. What a pointer points
  /// to, the function may change as soon as it goes on. Throws Error if the generator is executing.
  Item next() { return frame_ == nullptr ? Item{} : item(frame_->go_on()); }

  /// The same, and the `co_yield` where the generator is suspended (the innermost, if it delegates)
  /// evaluates to `value`. Throws Error if the generator has not started, as no `co_yield` is there
  /// to receive anything. One that has ended ignores the value.
  Item send(Message value)
    requires(!std::is_void_v<Sent>)
  {
    if (ended()) return Item{};
    if (frame_->executing()) throw Error("Generator::send: generator already executing");
    if (!frame_->started()) {
      throw Error("Generator::send: cannot send a value to a generator that has not started");
    }
    frame_->send(std::move(value));
    return next();
  }

  /// The same as next(), as Python's send(None).
  Item send(std::nullopt_t) { return next(); }

  /// What the function returned; it remains the generator's. Throws Error if the function has not
  /// returned: it goes on, or ended by an exception, or was closed before.
  [[nodiscard]] std::add_lvalue_reference_t<Returned> result()
    requires(!std::is_void_v<Returned>)
  {
    if (!ended()) throw Error("Generator::result: the generator has not ended");
    if (frame_ != nullptr) {
      if (Returned* const result = static_cast<promise_type*>(frame_)->result()) return *result;
    }
    throw Error("Generator::result: the generator ended without a result");
  }

  /// Ends the generator where it is suspended: destroys its local variables and arguments, as the
  /// destructor does. One that has ended stays as it is, with its result. Throws Error if the
  /// generator is executing.
  void close() {
    if (ended()) return;
    if (frame_->executing()) throw Error("Generator::close: generator already executing");
    std::exchange(frame_, nullptr)->destroy();
  }

  /// Begins a loop over the values to come; earlier ones are gone. The generator executes no further
  /// than the loop looks: `std::views::take(5)` makes it compute five values. What comes out of
  /// next() may come out of comparing or dereferencing an iterator.
  [[nodiscard]] Iterator begin() noexcept {
    if (frame_ != nullptr) frame_->ask();
    return Iterator(*this);
  }
  /// What an iterator is compared with.
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  friend async::Delegation<Yielded, Sent, Returned>;
  template <class Y, class S, class R>
  friend async::Delegation<Y, S, R> from(Generator<Y, S, R>&& inner);

  explicit Generator(Frame& frame) noexcept : frame_(&frame) {}

  [[nodiscard]] bool ended() const noexcept { return frame_ == nullptr || frame_->ended(); }

  [[nodiscard]] static Item item(Value* value) {
    if constexpr (std::is_reference_v<Yielded>) {
      return value;
    } else {
      return value == nullptr ? Item{} : Item(std::move(*value));
    }
  }

  Frame* frame_;
};

/// The promise: what the compiler asks of a coroutine that is a generator.
template <class Yielded, class Sent, class Returned>
class Generator<Yielded, Sent, Returned>::promise_type : public Frame,
                                                         public async::Result<Returned> {
 public:
  promise_type() noexcept : Frame(std::coroutine_handle<promise_type>::from_promise(*this)) {}

  [[nodiscard]] Generator get_return_object() noexcept { return Generator(*this); }
  [[nodiscard]] std::suspend_always initial_suspend() const noexcept { return {}; }
  [[nodiscard]] std::suspend_always final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { this->fail(std::current_exception()); }

  /// What is not an lvalue (or what a reference refers to) stays where it is until the consumer
  /// goes on.
  [[nodiscard]] async::Yielding<Yielded, Sent> yield_value(Yielded&& value) noexcept {
    return {*this, std::addressof(value)};
  }
  [[nodiscard]] async::YieldCopy<Yielded, Sent> yield_value(const Yielded& value)
    requires(!std::is_reference_v<Yielded> && std::is_copy_constructible_v<Yielded>)
  {
    return {*this, value};
  }
  template <class R>
  async::Delegation<Yielded, Sent, R> yield_value(
      async::Delegation<Yielded, Sent, R> inner) noexcept {
    return inner;
  }

  /// A generator is not asynchronous: nobody would resume it.
  template <class Awaited>
  void await_transform(Awaited&&) = delete;
};

/// Moves over the values; a std::input_iterator. It refers to the Generator that it came from, which
/// has to stay where it is. Two of one generator are at the same value.
template <class Yielded, class Sent, class Returned>
class Generator<Yielded, Sent, Returned>::Iterator {
 public:
  /// What it is at, without reference.
  using value_type = std::remove_cvref_t<Yielded>;
  /// Asked for by std::input_iterator.
  using difference_type = std::ptrdiff_t;
  /// One pass only.
  using iterator_concept = std::input_iterator_tag;

  /// At the value that `generator` was asked for.
  explicit Iterator(Generator& generator) noexcept : generator_(&generator) {}

  /// The value; the generator executes up to it if it has not yet. Throws what next() throws.
  [[nodiscard]] Value& operator*() const { return *generator_->frame_->look(); }
  /// Asks for the value after this one.
  Iterator& operator++() {
    // Looks first, so that two steps are two values; finds an end if the loop closed the generator.
    if (!at_end()) generator_->frame_->ask();
    return *this;
  }
  /// The same.
  void operator++(int) { ++*this; }

  /// Has the generator ended?
  [[nodiscard]] friend bool operator==(const Iterator& self, std::default_sentinel_t) {
    return self.at_end();
  }

 private:
  [[nodiscard]] bool at_end() const {
    Frame* const frame = generator_->frame_;
    return frame == nullptr || frame->look() == nullptr;
  }

  Generator* generator_;
};

/// `co_yield from(std::move(inner))`, in a generator of the same `Yielded` and `Sent`: as Python's
/// `yield from`. Until `inner` ends, its values go to the consumer and what is sent comes to it,
/// both past all generators in between, in constant time and stack, however many. The expression
/// evaluates to what `inner` returned, or throws what it threw. Takes `inner` over; one that was
/// begun goes on where it was, one that has ended yields nothing. Throws Error if `inner` is executing,
/// that is, delegates to itself.
template <class Yielded, class Sent, class Returned>
async::Delegation<Yielded, Sent, Returned> from(Generator<Yielded, Sent, Returned>&& inner) {
  if (inner.frame_ != nullptr && inner.frame_->executing()) {
    throw Error("lockstep::from: generator already executing");
  }
  return async::Delegation<Yielded, Sent, Returned>(std::move(inner));
}

}  // namespace lockstep
