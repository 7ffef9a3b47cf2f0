// lockstep/async/call.hpp: a function that an event loop is to call, and what one can do about
// that.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <utility>

#include "lockstep/async/shared.hpp"
#include "lockstep/callback.hpp"
#include "lockstep/wait/alarm_heap.hpp"
#include "lockstep/wait/ready.hpp"

namespace lockstep {

namespace async {

class Loop;

/// One call, at once or at a time. The loop has a reference as long as it is to come. All but the
/// constructor happens on the loop's thread.
class Call final : public Shared, private wait::Ready, private wait::Alarm {
 public:
  Call(Loop& loop, Callback function) noexcept
      : Ready(&Call::run), Alarm(&Call::ring_this), loop_(loop), function_(std::move(function)) {}

  /// The loop is given a reference.
  [[nodiscard]] wait::Ready& ready() noexcept { return *this; }
  [[nodiscard]] wait::Alarm& alarm() noexcept { return *this; }

  /// It will not be called, if it was not yet.
  inline void cancel() noexcept;
  [[nodiscard]] bool is_cancelled() const noexcept { return cancelled_; }

 private:
  inline static void run(Ready& ready) noexcept;
  inline static void ring_this(Alarm& alarm) noexcept;

  Loop& loop_;
  Callback function_;
  bool cancelled_ = false;
  bool called_ = false;
};

}  // namespace async

/// A call that was asked of an EventLoop. Whoever does not need it drops it: the call stays. To be
/// used on the loop's thread, or when the loop is gone.
class ScheduledCall {
 public:
  /// For event loops.
  explicit ScheduledCall(async::Ref<async::Call> call) noexcept : call_(std::move(call)) {}

  /// It will not be called, if it was not yet. Never blocks.
  void cancel() noexcept { call_->cancel(); }

  /// Was it cancelled before it was called?
  [[nodiscard]] bool cancelled() const noexcept { return call_->is_cancelled(); }

  /// Of call_later and call_at: when.
  [[nodiscard]] std::chrono::steady_clock::time_point when() const noexcept {
    return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(call_->alarm().due()));
  }

 private:
  async::Ref<async::Call> call_;
};

}  // namespace lockstep

#include "lockstep/async/loop.hpp"  // has what of a Call needs to know its loop
