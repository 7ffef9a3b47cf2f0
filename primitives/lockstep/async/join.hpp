// lockstep/async/join.hpp: waiting in a coroutine until something is done.
//
// Cancelling a task that waits for another, or for a future, cancels that instead; the waiting task
// ends (or goes on) as that has ended, when it has. So its wish to end is heard here, and the wait
// for the Event below knows nothing of it. A stop token of a coroutine that is no task just ends
// the wait.
//
// Checked by: tests/unit/cancel_test.cpp, tests/unit/future_test.cpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

#include "lockstep/async/completion.hpp"
#include "lockstep/event.hpp"
#include "lockstep/wait/async_wait.hpp"
#include "lockstep/wait/await.hpp"
#include "lockstep/wait/bounds.hpp"
#include "lockstep/wait/context.hpp"

namespace lockstep::async {

/// What another context offers, but for its cancellation.
class Uncancelled {
 public:
  explicit Uncancelled(wait::Context outer) noexcept : outer_(outer) {}

  /// Refers to this.
  [[nodiscard]] wait::Context context() noexcept { return {offer_, this}; }

 private:
  static const wait::Context& outer(void* that) noexcept {
    return static_cast<Uncancelled*>(that)->outer_;
  }

  static constexpr wait::Offer offer_{
      .schedule = [](void* that, wait::Ready& ready) noexcept { outer(that).schedule(ready); },
      .unschedule = [](void* that, wait::Ready& ready) noexcept { outer(that).unschedule(ready); },
      .stop_token = [](void* that) noexcept { return outer(that).stop_token(); },
      .owner = [](void* that) noexcept { return outer(that).owner(); },
      .cancellation = nullptr,
      .alarm_clock = [](void* that) noexcept { return outer(that).alarm_clock(); }};

  wait::Context outer_;
};

/// The awaiter of something to come. It must stay where it is.
template <class T>
class Join : private wait::Cancellation::Hearer {
 public:
  explicit Join(ToCome<T> to_come) noexcept : to_come_(std::move(to_come)) {}
  ~Join() { listen_no_more(); }

  [[nodiscard]] bool await_ready() const noexcept { return to_come_.completion().is_done(); }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> coroutine) {
    const wait::Context context = wait::Context::of(coroutine);
    resumption_.set(coroutine, context.owner());
    listen(context.cancellation());
    uncancelled_.emplace(context);
    return wait_.emplace(operation_, bounds_, resumption_).suspend(uncancelled_->context());
  }

  T await_resume() {
    listen_no_more();
    if (wait_) wait_->result();
    return to_come_.last_result();
  }

 private:
  using Operation =
      std::remove_reference_t<decltype(std::declval<Event&>().async_wait().operation())>;

  void listen(wait::Cancellation* cancellation) {
    if (cancellation == nullptr) return;
    if (cancellation->is_pending() && to_come_.completion().cancel()) cancellation->deliver();
    cancellation_ = cancellation;
    cancellation->listen(*this, &Join::hear);
  }

  void listen_no_more() noexcept {
    if (cancellation_ != nullptr) std::exchange(cancellation_, nullptr)->listen_no_more();
  }

  static bool hear(Hearer& hearer) noexcept {
    return static_cast<Join&>(hearer).to_come_.completion().cancel();
  }

  ToCome<T> to_come_;
  wait::Cancellation* cancellation_ = nullptr;
  std::optional<Uncancelled> uncancelled_;
  Operation operation_{to_come_.completion().done()};
  [[no_unique_address]] wait::Unbounded bounds_;
  wait::Resumption resumption_;
  std::optional<wait::AsyncWait<Operation>> wait_;
};

}  // namespace lockstep::async
