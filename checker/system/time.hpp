// checker/system/time.hpp: modelled time, by the clocks of the system.
#pragma once

#include <time.h>

#include <cerrno>
#include <optional>

#include "checker/system/call.hpp"

namespace lockstep::check::system {

/// What `clock` shows when the execution begins. All clocks go at the same pace.
[[nodiscard]] Clock::Time beginning_of(clockid_t clock) noexcept;

[[nodiscard]] bool is_valid(const timespec& time) noexcept;
[[nodiscard]] Clock::Time duration_of(const timespec& time) noexcept;
[[nodiscard]] timespec timespec_of(Clock::Time time) noexcept;

/// When a wait is to end.
class Deadline {
 public:
  Deadline() = default;  // never
  static Deadline at(clockid_t clock, const timespec& time) noexcept {
    return Deadline(duration_of(time) - beginning_of(clock));
  }
  static Deadline after(const Call& call, const timespec& time) {
    return Deadline(call.execution.now(call.me) + duration_of(time));
  }

  [[nodiscard]] bool exists() const noexcept { return time_.has_value(); }
  [[nodiscard]] bool has_passed(const Call& call) const {
    return exists() && *time_ <= call.execution.now(call.me);
  }
  /// The wait has ended by it.
  void come(const Call& call) const { call.execution.reach(call.me, *time_); }

 private:
  explicit Deadline(Clock::Time time) noexcept : time_(time) {}
  std::optional<Clock::Time> time_;
};

/// Takes something with a deadline: 0, or ETIMEDOUT if `take` fails, as it does when it sees that another has it. That
/// the thread might wait for that one instead is an execution in which it sees what comes later. If it has
/// timed out as often as it may, it waits (`wait`).
template <class Take, class Wait>
[[nodiscard]] int take_before(const Call& call, const Deadline& deadline, Take take, Wait wait) {
  if (!call.execution.may_time_out(call.me)) {
    wait();
    return 0;
  }
  if (take()) return 0;
  ++call.me.timeouts;
  deadline.come(call);
  return ETIMEDOUT;
}

/// What clock_gettime gives.
[[nodiscard]] timespec read_clock(const Call& call, clockid_t clock);
/// Goes on so much later, or then: 0 or EINVAL.
int sleep_for(const Call& call, const timespec& time);
int sleep_until(const Call& call, clockid_t clock, const timespec& time);

}  // namespace lockstep::check::system
