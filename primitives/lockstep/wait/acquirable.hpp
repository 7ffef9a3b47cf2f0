// lockstep/wait/acquirable.hpp: every way to ask for a lock or a permit, written once.
//
// Lock, RLock, Condition, Semaphore and BoundedSemaphore derive from this and bring three things:
//   bool try_acquire()                                   takes it if that is possible at once
//   bool acquire_before(wait::Deadline, stop_token)      blocks; true: taken. Without deadline and stop
//                                                        false means a recursive lock at its last level
//   void release()
// The rules of time (SEMANTICS T1-T10) are the same for all: what is free is taken, whatever the
// deadline and however many stops are requested; a duration that is zero or negative is one
// attempt; one that is too long to count is for ever; false never comes before its time.
#pragma once

#include <chrono>
#include <stop_token>
#include <system_error>

#include "lockstep/wait/deadline.hpp"

namespace lockstep::wait {

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

  // The same by the names that std::scoped_lock, std::unique_lock, std::lock and
  // std::condition_variable_any call.
  void lock() { acquire(); }
  [[nodiscard]] bool try_lock() noexcept { return self().try_acquire(); }
  template <class Rep, class Period>
  [[nodiscard]] bool try_lock_for(std::chrono::duration<Rep, Period> duration) {
    return try_acquire_for(duration);
  }
  template <class Clock, class Duration>
  [[nodiscard]] bool try_lock_until(std::chrono::time_point<Clock, Duration> point) {
    return try_acquire_until(point);
  }
  void unlock() { self().release(); }

 protected:
  constexpr Acquirable() noexcept = default;
  ~Acquirable() = default;

 private:
  [[noreturn, gnu::noinline]] static void throw_too_deep() {
    throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again),
                            "RLock::acquire: too many levels");
  }

  constexpr Derived& self() noexcept { return static_cast<Derived&>(*this); }
};

}  // namespace lockstep::wait
