#include "checker/system/time.hpp"

#include <cerrno>

namespace lockstep::check::system {

using std::chrono::nanoseconds;
using std::chrono::seconds;

Clock::Time beginning_of(clockid_t clock) noexcept {
  constexpr seconds real(1'800'000'000), others(1'000);  // in January 2027; since the system began
  return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI ? real
                                                                                         : others;
}

bool is_valid(const timespec& time) noexcept {
  return time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < 1'000'000'000;
}

/// What is too far off to be counted is as far off as can be.
Clock::Time duration_of(const timespec& time) noexcept {
  constexpr long farthest = 8'000'000'000;  // seconds, 250 years
  return seconds(std::min<long>(time.tv_sec, farthest)) + nanoseconds(time.tv_nsec);
}

timespec timespec_of(Clock::Time time) noexcept {
  const auto whole = std::chrono::floor<seconds>(time);
  return {static_cast<time_t>(whole.count()), static_cast<long>((time - whole).count())};
}

timespec read_clock(const Call& call, clockid_t clock) {
  return timespec_of(beginning_of(clock) + call.execution.look_at_clock(call.me));
}

// A loop that looks again after each sleep waits for what it looks at: that it is later then changes nothing
// that it could see (runtime/spin.hpp), unless it looks at the clock, too.
int sleep_for(const Call& call, const timespec& time) {
  if (!is_valid(time)) return EINVAL;
  call.execution.reach(call.me, call.execution.now(call.me) + duration_of(time));
  return 0;
}

int sleep_until(const Call& call, clockid_t clock, const timespec& time) {
  if (!is_valid(time)) return EINVAL;
  Deadline::at(clock, time).come(call);
  return 0;
}

}  // namespace lockstep::check::system
