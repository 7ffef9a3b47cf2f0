// lockstep/wait/acquirable.hpp: every way to ask for a lock or a permit, written once.
//
// Lock, RLock, Condition, Semaphore and BoundedSemaphore derive from this and bring four things:
//   bool try_acquire()                                   takes it if that is possible at once
//   bool acquire_before(wait::Deadline, stop_token)      blocks; true: taken. Without deadline and stop
//                                                        false means a recursive lock at its last level
//   void release()
//   … taking()                                           what takes it for a coroutine (take.hpp)
// The rules of time (SEMANTICS T1-T10) are the same for all: what is free is taken, whatever the
// deadline and however many stops are requested; a duration that is zero or negative is one
// attempt; one that is too long to count is for ever; false never comes before its time.
#pragma once

#include <chrono>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "lockstep/wait/await.hpp"
#include "lockstep/wait/bounds.hpp"
#include "lockstep/wait/deadline.hpp"
#include "lockstep/wait/take.hpp"

namespace lockstep::wait {

/// Every way to ask for a lock or a permit, in threads and in coroutines. Lock, RLock, BasicCondition, Semaphore and
/// BoundedSemaphore have all of these.
template <class Derived>
class Acquirable {
 public:
  /// Blocks until it is taken.
  void acquire() {
    if (!self().try_acquire() && !self().acquire_before(Deadline::never(), {})) throw_too_deep();
  }

  /// Blocks until it is taken: true; or until a stop is requested: false. Where both could be, it
  /// is taken.
  [[nodiscard]] bool acquire(const std::stop_token& stop) {
    return self().try_acquire() || self().acquire_before(Deadline::never(), stop);
  }

  /// Blocks until it is taken: true; or for `duration`, by the steady clock: false.
  template <class Rep, class Period>
  [[nodiscard]] bool try_acquire_for(std::chrono::duration<Rep, Period> duration,
                                     const std::stop_token& stop = {}) {
    return self().try_acquire() || self().acquire_before(Deadline::after(duration), stop);
  }

  /// Blocks until it is taken: true; or until `point`, on its own clock, which may be set
  /// meanwhile: false.
  template <class Clock, class Duration>
  [[nodiscard]] bool try_acquire_until(std::chrono::time_point<Clock, Duration> point,
                                       const std::stop_token& stop = {}) {
    return self().try_acquire() || self().acquire_before(Deadline::at(point), stop);
  }

  // The same in coroutines, of any type (wait/context.hpp says what their promises may offer): they
  // are suspended instead of blocked, in the same queue. Uncontended they are not suspended; A1:
  // whatever is pending. All may throw CancelledError where they would have to wait.

  /// `co_await` it: suspends until it is taken.
  [[nodiscard]] auto async_acquire() noexcept { return awaiting<wait::Acquire>(Unbounded()); }

  /// `co_await` gives true: it is taken; false: a stop was requested before.
  [[nodiscard]] auto async_acquire(std::stop_token stop) noexcept {
    return awaiting<wait::TryAcquire>(Bounds(std::move(stop), Always()));
  }

  /// `co_await` gives true: it is taken; false: `duration` has passed, by the steady clock, counted
  /// from the `co_await`, or a stop was requested.
  template <class Rep, class Period>
  [[nodiscard]] auto async_try_acquire_for(std::chrono::duration<Rep, Period> duration,
                                           std::stop_token stop = {}) noexcept {
    return awaiting<wait::TryAcquire>(Bounds(std::move(stop), For<Rep, Period>(duration)));
  }

  /// `co_await` gives true: it is taken; false: `point` has come, on its own clock, or a stop was
  /// requested. That the system's clock was set is noticed when the time seems to have come.
  template <class Clock, class Duration>
  [[nodiscard]] auto async_try_acquire_until(std::chrono::time_point<Clock, Duration> point,
                                             std::stop_token stop = {}) noexcept {
    return awaiting<wait::TryAcquire>(Bounds(std::move(stop), Until<Clock, Duration>(point)));
  }

  /// `co_await` gives a Scoped, which holds it and releases it in the end.
  [[nodiscard]] auto async_scoped() noexcept { return awaiting<wait::AcquireScoped>(Unbounded()); }

  /// The same; one that holds nothing if a stop was requested before.
  [[nodiscard]] auto async_scoped(std::stop_token stop) noexcept {
    return awaiting<wait::AcquireScoped>(Bounds(std::move(stop), Always()));
  }

  // The same by the names that std::scoped_lock, std::unique_lock, std::lock and
  // std::condition_variable_any call.
  /// acquire(), for the standard's templates.
  void lock() { acquire(); }
  /// try_acquire(), for the standard's templates.
  [[nodiscard]] bool try_lock() noexcept { return self().try_acquire(); }
  /// try_acquire_for(), for the standard's templates.
  template <class Rep, class Period>
  [[nodiscard]] bool try_lock_for(std::chrono::duration<Rep, Period> duration) {
    return try_acquire_for(duration);
  }
  /// try_acquire_until(), for the standard's templates.
  template <class Clock, class Duration>
  [[nodiscard]] bool try_lock_until(std::chrono::time_point<Clock, Duration> point) {
    return try_acquire_until(point);
  }
  /// release(), for the standard's templates.
  void unlock() { self().release(); }

 protected:
  constexpr Acquirable() noexcept = default;
  ~Acquirable() = default;

  /// The awaitable in one of the forms of take.hpp.
  template <template <class, class> class Form, class Bounds>
  [[nodiscard]] auto awaiting(Bounds bounds) noexcept {
    return awaiting<Form>(self().taking(), std::move(bounds));
  }

  /// The same, taken by what the derived class says.
  template <template <class, class> class Form, class Taking, class Bounds>
  [[nodiscard]] auto awaiting(Taking taking, Bounds bounds) noexcept {
    auto& lockable = self().lockable();
    using Operation = Form<Taking, std::remove_reference_t<decltype(lockable)>>;
    return Await<Operation, Bounds>(Operation(taking, lockable), std::move(bounds));
  }

 private:
  /// What a guard of it guards.
  Derived& lockable() noexcept { return self(); }

  constexpr Derived& self() noexcept { return static_cast<Derived&>(*this); }
};

}  // namespace lockstep::wait
