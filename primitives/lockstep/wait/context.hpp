// lockstep/wait/context.hpp: what a coroutine's promise says about where it runs and when it stops.
//
// Every member is optional, and any coroutine type can have them:
//   scheduler()     something with schedule(std::coroutine_handle<>): the coroutine resumes there.
//                   Without it, wherever it was woken (ready.hpp)
//   stop_token()    a std::stop_token: a wait that it ends throws CancelledError in the coroutine
//   owner()         an Owner, so that the coroutine can own an RLock
//   context()       all of these at once, as a Context: of a coroutine that belongs to another, which has
//                   them (a Task that is awaited, an asynchronous generator)
// `schedule` only puts into line, it resumes nothing itself, and throws nothing: whoever calls it may
// be in the middle of something. A scheduler may also take a Ready, which needs no memory of its own:
//   schedule(wait::Ready&) noexcept     from any thread
//   unschedule(wait::Ready&) noexcept   takes it back: its coroutine is being destroyed. Only on the
//                                       thread that it would be run by; another may be just about to
//                                       schedule it, and that is waited for
//
// Checked by: tests/unit/await_test.cpp
#pragma once

#include "lockstep/os/requirements.hpp"

#include <concepts>
#include <coroutine>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "lockstep/wait/owner.hpp"
#include "lockstep/wait/ready.hpp"

namespace lockstep::wait {

class AlarmClock;

/// The wish that a task be cancelled. It is heard once: by the wait that the task is in, or else by
/// the next in which it has to wait. All of this happens on the thread that runs the task.
class Cancellation {
 public:
  /// A wait that hears it.
  class Hearer {
   public:
    Hearer() = default;
    Hearer(const Hearer&) = delete;
    Hearer& operator=(const Hearer&) = delete;
  };
  /// Ends the wait because of it: true. False: too late, the wait has got what it waits for.
  using Hear = bool (*)(Hearer&) noexcept;

  /// Wishes it (once more).
  void request() noexcept {
    ++requests_;
    if (hearer_ == nullptr || !hear_(*hearer_)) pending_ = true;
  }

  /// Takes one wish back; returns how many are left. If none is, and it was not heard yet, it never
  /// will be.
  unsigned withdraw() noexcept {
    if (requests_ > 0 && --requests_ == 0) pending_ = false;
    return requests_;
  }

  /// How many wishes were not taken back.
  [[nodiscard]] unsigned requests() const noexcept { return requests_; }

  /// Is there one that was not heard?
  [[nodiscard]] bool is_pending() const noexcept { return pending_; }

  /// It has been heard.
  void deliver() noexcept { pending_ = false; }

  // A wait calls these around the time in which it can hear.
  void listen(Hearer& hearer, Hear hear) noexcept {
    hearer_ = &hearer;
    hear_ = hear;
  }
  void listen_no_more() noexcept { hearer_ = nullptr; }

 private:
  Hearer* hearer_ = nullptr;
  Hear hear_ = nullptr;  // of that one
  unsigned requests_ = 0;
  bool pending_ = false;
};

/// How to ask a promise for what it offers; what is null it does not.
struct Offer {
  void (*schedule)(void* subject, Ready& ready) noexcept = nullptr;
  void (*unschedule)(void* subject, Ready& ready) noexcept = nullptr;
  std::stop_token (*stop_token)(void* subject) noexcept = nullptr;
  Owner (*owner)(void* subject) noexcept = nullptr;
  Cancellation* (*cancellation)(void* subject) noexcept = nullptr;
  AlarmClock* (*alarm_clock)(void* subject) noexcept = nullptr;
};

/// What a promise offers, without its type. It refers to it.
class Context {
 public:
  /// Nothing is offered.
  constexpr Context() noexcept : Context(nothing_, nullptr) {}
  constexpr Context(const Offer& offer, void* subject) noexcept
      : offer_(&offer), subject_(subject) {}

  /// The context of a suspended coroutine.
  template <class Promise>
  [[nodiscard]] static Context of(std::coroutine_handle<Promise> coroutine) noexcept;

  /// Lets it go on where it belongs.
  void schedule(Ready& ready) const noexcept {
    if (offer_->schedule == nullptr) return run_here(ready);
    offer_->schedule(subject_, ready);
  }

  /// It was scheduled, or is just being: takes it back.
  void unschedule(Ready& ready) const noexcept {
    if (offer_->schedule == nullptr) return do_not_run_here(ready);
    if (offer_->unschedule != nullptr) offer_->unschedule(subject_, ready);
  }

  [[nodiscard]] std::stop_token stop_token() const noexcept {
    return offer_->stop_token == nullptr ? std::stop_token() : offer_->stop_token(subject_);
  }
  [[nodiscard]] Owner owner() const noexcept {
    return offer_->owner == nullptr ? Owner() : offer_->owner(subject_);
  }
  [[nodiscard]] Cancellation* cancellation() const noexcept {
    return offer_->cancellation == nullptr ? nullptr : offer_->cancellation(subject_);
  }
  [[nodiscard]] AlarmClock* alarm_clock() const noexcept {
    return offer_->alarm_clock == nullptr ? nullptr : offer_->alarm_clock(subject_);
  }

 private:
  static constexpr Offer nothing_{};

  const Offer* offer_;
  void* subject_;
};

namespace offers {

template <class Promise>
concept AContext = requires(Promise& promise) {
  { promise.context() } -> std::convertible_to<Context>;
};
template <class Promise>
concept AScheduler = requires(Promise& promise) { promise.scheduler(); };
template <class Promise>
concept AStopToken = requires(Promise& promise) {
  { promise.stop_token() } -> std::convertible_to<std::stop_token>;
};
template <class Promise>
concept AnOwner = requires(Promise& promise) {
  { promise.owner() } -> std::convertible_to<Owner>;
};

template <class Promise>
Promise& promise_at(void* coroutine) noexcept {
  return std::coroutine_handle<Promise>::from_address(coroutine).promise();
}

/// `promise.scheduler()`, which may be the thing itself or point to it, passed to `use`.
template <class Promise, class Use>
void with_scheduler(void* coroutine, Use use) noexcept {
  auto&& scheduler = promise_at<Promise>(coroutine).scheduler();
  if constexpr (requires { scheduler.operator->(); } ||
                std::is_pointer_v<std::remove_reference_t<decltype(scheduler)>>) {
    use(*scheduler);
  } else {
    use(scheduler);
  }
}

/// Does the scheduler take a Ready?
template <class Promise>
inline constexpr bool schedules_ready = false;
template <AScheduler Promise>
inline constexpr bool schedules_ready<Promise> = requires(Promise& promise, Ready& ready) {
  promise.scheduler().schedule(ready);
} || requires(Promise& promise, Ready& ready) { promise.scheduler()->schedule(ready); };

template <class Promise>
constexpr Offer all_of() noexcept {
  Offer offer;
  if constexpr (AScheduler<Promise>) {
    offer.schedule = [](void* coroutine, Ready& ready) noexcept {
      with_scheduler<Promise>(coroutine, [&](auto& scheduler) {
        if constexpr (requires { scheduler.schedule(ready); }) {
          scheduler.schedule(ready);
        } else {
          scheduler.schedule(ready.handle());
        }
      });
    };
    offer.unschedule = [](void* coroutine, Ready& ready) noexcept {
      with_scheduler<Promise>(coroutine, [&](auto& scheduler) {
        if constexpr (requires { scheduler.unschedule(ready); }) scheduler.unschedule(ready);
      });
    };
  }
  if constexpr (AStopToken<Promise>) {
    offer.stop_token = [](void* coroutine) noexcept -> std::stop_token {
      return promise_at<Promise>(coroutine).stop_token();
    };
  }
  if constexpr (AnOwner<Promise>) {
    offer.owner = [](void* coroutine) noexcept -> Owner {
      return promise_at<Promise>(coroutine).owner();
    };
  }
  return offer;
}

template <class Promise>
inline constexpr Offer of_promise = all_of<Promise>();

}  // namespace offers

template <class Promise>
Context Context::of(std::coroutine_handle<Promise> coroutine) noexcept {
  if constexpr (offers::AContext<Promise>) {
    return coroutine.promise().context();
  } else if constexpr (offers::AScheduler<Promise> || offers::AStopToken<Promise> ||
                       offers::AnOwner<Promise>) {
    return {offers::of_promise<Promise>, coroutine.address()};
  } else {
    return {};
  }
}

}  // namespace lockstep::wait
