// lockstep/wait/waitable.hpp: every way to wait for something in a coroutine, written once.
//
// Event, Condition and Barrier derive from this and bring
//   template <Asked> class Waiting     the operation (async_wait.hpp), made from the primitive
//   default_end()                      what bounds a wait that names no time, if anything does
// In the awaiting coroutine all may throw CancelledError where they would have to wait.
#pragma once

#include <chrono>
#include <stop_token>
#include <utility>

#include "lockstep/wait/await.hpp"
#include "lockstep/wait/bounds.hpp"

namespace lockstep::wait {

/// In what way one waits; what co_await gives follows from it.
enum class Asked { plainly, with_deadline, with_stop };

/// Every way to wait in a coroutine for an Event, a BasicCondition or a Barrier.
template <class Derived>
class Waitable {
 public:
  // In coroutines, of any type (wait/context.hpp says what their promises may offer): suspended
  // instead of blocked, in the same queue as the threads.

  /// `co_await` it: as wait().
  [[nodiscard]] auto async_wait() noexcept {
    if constexpr (requires(Derived& self) { self.default_end(); }) {
      return awaiting<Asked::plainly>(Bounds({}, self().default_end()));
    } else {
      return awaiting<Asked::plainly>(Unbounded());
    }
  }

  /// `co_await` it: as wait(stop).
  [[nodiscard]] auto async_wait(std::stop_token stop) noexcept {
    if constexpr (requires(Derived& self) { self.default_end(); }) {
      return awaiting<Asked::with_stop>(Bounds(std::move(stop), self().default_end()));
    } else {
      return awaiting<Asked::with_stop>(Bounds(std::move(stop), Always()));
    }
  }

  /// `co_await` it: as wait_for(duration), which counts from the `co_await`.
  template <class Rep, class Period>
  [[nodiscard]] auto async_wait_for(std::chrono::duration<Rep, Period> duration) noexcept {
    return awaiting<Asked::with_deadline>(Bounds({}, For<Rep, Period>{duration}));
  }

  /// `co_await` it: the same, until a stop is requested, as wait(stop).
  template <class Rep, class Period>
  [[nodiscard]] auto async_wait_for(std::chrono::duration<Rep, Period> duration,
                                    std::stop_token stop) noexcept {
    return awaiting<Asked::with_stop>(Bounds(std::move(stop), For<Rep, Period>{duration}));
  }

  /// `co_await` it: as wait_until(point). That the system's clock was set is noticed when the time
  /// seems to have come.
  template <class Clock, class Duration>
  [[nodiscard]] auto async_wait_until(std::chrono::time_point<Clock, Duration> point) noexcept {
    return awaiting<Asked::with_deadline>(Bounds({}, Until<Clock, Duration>{point}));
  }

 protected:
  constexpr Waitable() noexcept = default;
  ~Waitable() = default;

 private:
  template <Asked asked, class Bounds>
  [[nodiscard]] auto awaiting(Bounds bounds) noexcept {
    using Operation = typename Derived::template Waiting<asked>;
    return Await<Operation, Bounds>(Operation(self()), std::move(bounds));
  }

  Derived& self() noexcept { return static_cast<Derived&>(*this); }
};

}  // namespace lockstep::wait
