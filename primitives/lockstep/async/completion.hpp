// lockstep/async/completion.hpp: something that will be done one day: a running task, a future.
//
// State
//   pending -> claimed -> done   [whoever claims it writes the outcome, and publishes that]
// Of several who want to end it (a result, an exception, a cancellation), the one that claims it
// does. Threads and coroutines wait for an Event; callbacks are in a stack that is closed in the
// end.
//
// No callback is forgotten: it is pushed only onto a stack that is open, and whoever closes it
// calls all that are in it; who finds it closed calls his own.
//
// Orders
//   (1) release, notify   pairs with (2): the callback's fields
//   (2) acquire, publish  pairs with (1)
//   (3) release, publish  pairs with (4): the outcome, for one who comes late
//   (4) acquire, notify   pairs with (3)
//
// Everybody else sees the outcome by way of the Event. Claiming needs no order: who does not get it
// looks at nothing.
//
// Checked by: tests/unit/future_test.cpp, tests/unit/task_test.cpp, tests/scenarios/async.hpp
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <type_traits>
#include <utility>

#include "lockstep/async/outcome.hpp"
#include "lockstep/async/shared.hpp"
#include "lockstep/error.hpp"
#include "lockstep/event.hpp"

namespace lockstep::async {

/// Is it told once that something is done, by the thread that did it; or that it will never be.
class DoneCallback {
 public:
  DoneCallback(const DoneCallback&) = delete;
  DoneCallback& operator=(const DoneCallback&) = delete;

 protected:
  DoneCallback() noexcept = default;
  ~DoneCallback() = default;

 private:
  friend class Completion;
  virtual void on_done() noexcept = 0;
  virtual void on_never() noexcept = 0;

  DoneCallback* next_ = nullptr;
};

class Completion : public Shared {
 public:
  [[nodiscard]] bool is_done() const noexcept { return done_.is_set(); }

  /// Was it cancelled, or did it end by a CancelledError? Only once it is done.
  [[nodiscard]] bool is_cancelled() const noexcept { return cancelled_; }

  /// Set when it is done.
  [[nodiscard]] Event& done() noexcept { return done_; }

  /// Asks it to end. False: it is done already.
  virtual bool cancel() = 0;

  /// Tells `callback` when it is done; at once, if it is.
  void notify(DoneCallback& callback) noexcept {
    DoneCallback* first = callbacks_.load(std::memory_order_acquire);  // (4)
    do {
      if (first == closed()) return callback.on_done();
      callback.next_ = first;
    } while (!callbacks_.compare_exchange_weak(first, &callback,
                                               std::memory_order_release,  // (1)
                                               std::memory_order_acquire));  // (4)
  }

  /// May the caller take the outcome, which cannot be copied? Only one may.
  [[nodiscard]] bool take() noexcept { return !taken_.exchange(true, std::memory_order_relaxed); }

 protected:
  Completion() noexcept = default;
  ~Completion() override {
    for (DoneCallback* each = callbacks_.load(std::memory_order_relaxed);
         each != nullptr && each != closed();) {
      std::exchange(each, each->next_)->on_never();
    }
  }

  /// May the caller write the outcome and publish it?
  [[nodiscard]] bool claim() noexcept {
    return !claimed_.exchange(true, std::memory_order_relaxed);
  }

  /// The outcome is there. The caller has a reference.
  void publish(const std::exception_ptr& exception) noexcept {
    cancelled_ = exception != nullptr && is_cancellation(exception);
    done_.set();
    DoneCallback* first = callbacks_.exchange(closed(), std::memory_order_acq_rel);  // (2, 3)
    DoneCallback* oldest = nullptr;
    while (first != nullptr) {
      DoneCallback* const next = std::exchange(first->next_, oldest);
      oldest = std::exchange(first, next);
    }
    while (oldest != nullptr) std::exchange(oldest, oldest->next_)->on_done();
  }

 private:
  static DoneCallback* closed() noexcept { return reinterpret_cast<DoneCallback*>(1); }

  static bool is_cancellation(const std::exception_ptr& exception) noexcept {
    try {
      std::rethrow_exception(exception);
    } catch (const CancelledError&) {
      return true;
    } catch (...) {
      return false;
    }
  }

  Event done_;
  std::atomic<DoneCallback*> callbacks_{nullptr};
  std::atomic<bool> claimed_{false};
  std::atomic<bool> taken_{false};
  bool cancelled_ = false;
};

/// One with an outcome. Base is Completion, or derived from it.
template <class T, class Base = Completion>
class Completing : public Base {
 public:
  using Base::Base;
  Outcome<T> outcome;
};

/// A reference to what will have an outcome, whatever else it is.
template <class T>
class ToCome {
 public:
  ToCome() noexcept = default;
  template <class Base>
  explicit ToCome(Ref<Base> completing) noexcept
      : outcome_(&completing->outcome), completion_(std::move(completing)) {}

  [[nodiscard]] Completion& completion() const noexcept { return *completion_; }
  [[nodiscard]] const Outcome<T>& outcome() const noexcept { return *outcome_; }

  /// The outcome, which must be there: a copy. What cannot be copied is moved out, and can be had
  /// once.
  T result() const { return get(false); }

  /// The same, for one who gives up this reference: moved out if there is no other.
  T last_result() const { return get(completion_->is_sole()); }

 private:
  T get([[maybe_unused]] bool moves) const {
    if constexpr (!std::is_void_v<T> && !std::is_reference_v<T>) {
      if constexpr (std::is_copy_constructible_v<T>) {
        if (!moves) return std::as_const(*outcome_).value();
      } else if (outcome_->has_value() && !completion_->take()) {
        throw InvalidStateError("the result was taken before");
      }
    }
    return std::move(*outcome_).value();
  }

  Outcome<T>* outcome_ = nullptr;
  Ref<Completion> completion_;
};

}  // namespace lockstep::async
