// lockstep/wait/deadline.hpp: until when to wait, from any <chrono> duration or time point.
//
// Rules (SEMANTICS T1-T9): durations are measured by the steady clock, and the deadline counts from
// the call; what has passed already is zero, never an error; what is too far to count means for
// ever and never overflows; no wait ends before its deadline, whatever the unit was rounded to, and
// even if the clock is set meanwhile.
#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>
#include <type_traits>

#include "lockstep/os/clock.hpp"

namespace lockstep::wait {

/// The nanoseconds of a duration, rounded up, and kept within what 63 bits hold. NaN counts as
/// zero.
template <class Rep, class Period>
[[nodiscard]] constexpr std::int64_t saturated_nanoseconds(
    std::chrono::duration<Rep, Period> duration) noexcept {
  // 9.2e18 ns is 292 years. Compared in seconds of long double, which no duration overflows.
  constexpr long double limit = 9.2e9L;
  const auto seconds = std::chrono::duration<long double>(duration).count();
  if (seconds >= limit) return os::Instant::never_;
  if (seconds <= -limit) return -os::Instant::never_;
  if (!(seconds >= 0 || seconds < 0)) return 0;
  if constexpr (std::is_integral_v<Rep>) {
    // In 128 bits, because <chrono> multiplies before it divides, in 64.
    __extension__ using Wide = __int128;
    using Scale = std::ratio_divide<Period, std::nano>;
    const Wide scaled = static_cast<Wide>(duration.count()) * Scale::num;
    return static_cast<std::int64_t>(scaled / Scale::den + (scaled % Scale::den > 0 ? 1 : 0));
  } else {
    return std::chrono::ceil<std::chrono::nanoseconds>(duration).count();
  }
}

/// A point in time on any clock, or never.
class Deadline {
 public:
  /// No deadline at all.
  [[nodiscard]] static constexpr Deadline never() noexcept { return {}; }

  /// `duration` from now, by the steady clock.
  template <class Rep, class Period>
  [[nodiscard]] static Deadline after(std::chrono::duration<Rep, Period> duration) noexcept {
    return Deadline(steady_in(saturated_nanoseconds(duration)));
  }

  // All noexcept: a waiter that is queued could not survive a clock that throws.

  /// The given point. `steady_clock` and `system_clock` are slept on as they are: a wait until
  /// 12:00 ends when the system's clock shows 12:00, however it gets there. Of any other clock,
  /// `point` is looked at again whenever it seems to have come; it must outlive the deadline.
  template <class Clock, class Duration>
  [[nodiscard]] static Deadline at(const std::chrono::time_point<Clock, Duration>& point) noexcept {
    if constexpr (std::is_same_v<Clock, std::chrono::steady_clock>) {
      return Deadline(
          {saturated_nanoseconds(point.time_since_epoch()), os::Instant::Clock::monotonic});
    } else if constexpr (std::is_same_v<Clock, std::chrono::system_clock>) {
      return Deadline(
          {saturated_nanoseconds(point.time_since_epoch()), os::Instant::Clock::realtime});
    } else {
      Deadline deadline;
      deadline.point_ = &point;
      deadline.estimate_ = [](const void* that) {
        const auto& wanted = *static_cast<const std::chrono::time_point<Clock, Duration>*>(that);
        if (wanted == wanted.max()) return os::Instant{};
        // In long double, because `wanted - now()` may overflow.
        using Seconds = std::chrono::duration<long double>;
        const Seconds left =
            Seconds(wanted.time_since_epoch()) - Seconds(Clock::now().time_since_epoch());
        return steady_in(saturated_nanoseconds(left));
      };
      deadline.instant_ = deadline.estimate_(deadline.point_);
      return deadline;
    }
  }

  [[nodiscard]] constexpr bool is_never() const noexcept { return instant_.is_never(); }

  /// Until when to sleep. A sleep that lasted until then asks `has_come`.
  [[nodiscard]] constexpr os::Instant instant() const noexcept { return instant_; }

  /// The same on the steady clock, as the two clocks run at this moment. There must be one.
  [[nodiscard]] std::int64_t steady_nanoseconds() const noexcept {
    using Clock = os::Instant::Clock;
    if (instant_.clock == Clock::monotonic) return instant_.nanoseconds;
    const std::int64_t left = instant_.nanoseconds - os::nanoseconds_now(instant_.clock);
    return os::nanoseconds_now(Clock::monotonic) + left;
  }

  /// Has it come? If it has not on its own clock, `instant` is put off to when it should.
  [[nodiscard]] bool has_come() noexcept {
    if (!os::has_come(instant_)) return false;
    if (estimate_ == nullptr) return true;
    const std::int64_t now = os::nanoseconds_now(instant_.clock);
    instant_ = estimate_(point_);
    return !instant_.is_never() && instant_.nanoseconds <= now;
  }

 private:
  constexpr Deadline() noexcept = default;
  constexpr explicit Deadline(os::Instant instant) noexcept : instant_(instant) {}

  static os::Instant steady_in(std::int64_t nanoseconds) noexcept {
    if (nanoseconds == os::Instant::never_) return {};
    if (nanoseconds <= 0) return {0};  // has come, whatever the time
    const std::int64_t now = os::nanoseconds_now(os::Instant::Clock::monotonic);
    return {nanoseconds < os::Instant::never_ - now ? now + nanoseconds : os::Instant::never_};
  }

  os::Instant instant_{};
  const void* point_ = nullptr;  // only for a clock that no futex knows
  os::Instant (*estimate_)(const void* point) =
      nullptr;  // when, by the steady clock, that clock should show `point`
};

}  // namespace lockstep::wait
