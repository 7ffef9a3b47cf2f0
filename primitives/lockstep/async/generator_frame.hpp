// lockstep/async/generator_frame.hpp: the chain of coroutine frames behind a Generator.
//
// State: each generator is a frame. Frames that delegate form a chain
//   outermost -> ... -> innermost    one delegates to the next [delegate_to]
// outer_ leads up the chain, inner_ to the owner of the next frame down; only the outermost knows
// the innermost_, and only the innermost has a value or receives one. Flags of the outermost:
//   suspended -> executing    [go_on]
//   executing -> suspended    [go_on: the innermost yields, or the outermost has ended]
// A frame below the innermost ends, and the one above it goes on; or it delegates, and the one
// below begins: the chain executes throughout.
//
// Constant time, constant stack: `go_on` resumes the innermost directly, so a value does not pass
// through the frames above. Each frame suspends back into that loop, which resumes the next one,
// where symmetric transfer would jump: g++ makes it a jump only if it optimizes and sanitizes
// nothing, and otherwise the stack grows with the chain. `destroy` is a loop for the same reason.
//
// A frame has one owner: a Generator, which may be part of the frame that delegates to it, and is
// destroyed with it. `destroy` therefore takes each frame away from its owner, before that dies
// too. A frame that has ended is alone again (no outer_, innermost_ itself): destroying it touches
// no other.
//
// One thread at a time: nothing here is atomic.
// Checked by: tests/unit/generator_test.cpp, tests/unit/generator_delegation_test.cpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "lockstep/error.hpp"

namespace lockstep::async {

/// Stands for a value where there is none to be had.
struct Nothing {};

/// What each frame of a chain has, whatever it returns: a base of its promise.
template <class Yielded, class Sent>
class GeneratorFrame {
 public:
  using Value = std::remove_reference_t<Yielded>;
  using Received = std::conditional_t<std::is_void_v<Sent>, Nothing, std::optional<Sent>>;

  explicit GeneratorFrame(std::coroutine_handle<> self) noexcept : self_(self) {}
  GeneratorFrame(const GeneratorFrame&) = delete;
  GeneratorFrame& operator=(const GeneratorFrame&) = delete;

  // Calls from inside the frame

  /// The frame suspends next, with this value, which lives until it is resumed.
  void yield(Value* value) noexcept { value_ = value; }

  /// What was sent to the suspended frame.
  [[nodiscard]] Received receive() { return std::exchange(received_, Received{}); }

  /// The frame suspends next, and `inner` runs in its place until it has ended. Its owner stays
  /// where it is meanwhile.
  void delegate_to(GeneratorFrame*& inner) noexcept {
    inner->outer_ = this;
    inner_ = &inner;
  }

  /// The frame ends next, by this exception.
  void fail(std::exception_ptr error) noexcept { error_ = std::move(error); }

  // Calls to one that has ended

  /// Throws what it ended by, if it was an exception; once.
  void rethrow_failure() {
    if (error_ != nullptr) std::rethrow_exception(std::exchange(error_, nullptr));
  }

  // Calls to the outermost

  [[nodiscard]] bool executing() const noexcept { return executing_; }
  [[nodiscard]] bool started() const noexcept { return started_; }
  [[nodiscard]] bool ended() const noexcept { return !executing_ && self_.done(); }

  /// For the innermost, when it is resumed.
  void send(Received received) { innermost_->received_ = std::move(received); }

  /// Executes up to the next value and returns it; null: it has ended, now or before.
  Value* go_on() {
    if (executing_) throw Error("Generator::next: generator already executing");
    asked_ = false;
    if (self_.done()) return nullptr;
    started_ = executing_ = true;
    while (GeneratorFrame* const then = innermost_->run()) innermost_ = then;
    executing_ = false;
    rethrow_failure();
    return innermost_->value_;
  }

  /// Makes the next `look` go on first.
  void ask() noexcept { asked_ = true; }

  /// The value at which it is suspended; null: it has ended.
  Value* look() { return asked_ ? go_on() : innermost_->value_; }

  /// Destroys the chain, from the innermost frame to this one.
  void destroy() noexcept {
    for (GeneratorFrame* frame = innermost_; frame != nullptr;) {
      GeneratorFrame* const outer = frame->outer_;
      if (outer != nullptr) *outer->inner_ = nullptr;
      frame->self_.destroy();
      frame = outer;
    }
  }

 private:
  /// Resumes this frame. Returns which one has to run then; null: this one has yielded a value, or
  /// was the outermost and has ended.
  GeneratorFrame* run() noexcept {
    value_ = nullptr;
    inner_ = nullptr;
    self_.resume();
    if (value_ != nullptr) return nullptr;
    if (inner_ != nullptr) return (*inner_)->innermost_;
    innermost_ = this;
    return std::exchange(outer_, nullptr);
  }

  std::coroutine_handle<> self_;
  GeneratorFrame* outer_ = nullptr;
  GeneratorFrame** inner_ = nullptr;
  GeneratorFrame* innermost_ = this;
  Value* value_ = nullptr;
  std::exception_ptr error_;
  [[no_unique_address]] Received received_{};
  bool started_ = false;
  bool executing_ = false;
  bool asked_ = false;
};

/// The awaiter of `co_yield value`, where the value outlives the suspension: as a temporary of the
/// same expression does, and what a reference refers to.
template <class Yielded, class Sent>
class Yielding {
 public:
  using Frame = GeneratorFrame<Yielded, Sent>;

  Yielding(Frame& frame, typename Frame::Value* value) noexcept : frame_(frame), value_(value) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) noexcept { frame_.yield(value_); }
  auto await_resume() {
    if constexpr (!std::is_void_v<Sent>) return frame_.receive();
  }

 private:
  Frame& frame_;
  typename Frame::Value* value_;
};

/// The same, where the value is the generator's own: the consumer gets a copy.
template <class Yielded, class Sent>
class YieldCopy {
 public:
  using Frame = GeneratorFrame<Yielded, Sent>;

  YieldCopy(Frame& frame, const Yielded& value) : frame_(frame), copy_(value) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<>) noexcept { frame_.yield(std::addressof(copy_)); }
  auto await_resume() {
    if constexpr (!std::is_void_v<Sent>) return frame_.receive();
  }

 private:
  Frame& frame_;
  Yielded copy_;
};

}  // namespace lockstep::async
