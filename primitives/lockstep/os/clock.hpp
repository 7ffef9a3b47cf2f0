// lockstep/os/clock.hpp: a point in time as the kernel takes it.
#pragma once

#include <time.h>

#include <cstdint>
#include <limits>

namespace lockstep::os {

/// A point in time, in nanoseconds, on a clock that a futex can sleep on; or no point at all:
/// `never`.
struct Instant {
  enum class Clock : std::uint8_t { monotonic, realtime };

  std::int64_t nanoseconds = never_;
  Clock clock = Clock::monotonic;

  static constexpr std::int64_t never_ = std::numeric_limits<std::int64_t>::max();

  [[nodiscard]] constexpr bool is_never() const noexcept { return nanoseconds == never_; }
  [[nodiscard]] constexpr clockid_t id() const noexcept {
    return clock == Clock::monotonic ? CLOCK_MONOTONIC : CLOCK_REALTIME;
  }
};

/// What `clock` shows now, in nanoseconds.
[[nodiscard]] inline std::int64_t nanoseconds_now(Instant::Clock clock) noexcept {
  timespec now{};
  ::clock_gettime(Instant{0, clock}.id(), &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// Of the monotonic clock, in nanoseconds, what it was when it last ticked, some milliseconds ago at most. Takes a fifth of the
/// time that nanoseconds_now takes.
[[nodiscard]] inline std::int64_t ticks_now() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// Has the instant come? Never, for `never`.
[[nodiscard]] inline bool has_come(Instant instant) noexcept {
  return !instant.is_never() && nanoseconds_now(instant.clock) >= instant.nanoseconds;
}

}  // namespace lockstep::os
