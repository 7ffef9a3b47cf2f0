// checker/runtime/clock.hpp: the time that a modelled thread has.
//
// Nothing takes time but what waits for it: a sleep, and a wait that times out, which go on at their
// deadlines. A thread knows of the others' times what comes before in the execution (execution.hpp,
// `now`): who was woken, or saw a write, is not earlier than who woke, or wrote.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace lockstep::check {

class Clock {
 public:
  using Time = std::chrono::nanoseconds;  // since the execution began

  /// The time before the thread's event number `event`.
  [[nodiscard]] Time before(std::size_t event) const noexcept {
    const auto later = std::find_if(steps_.begin(), steps_.end(),
                                    [&](const Step& step) { return step.event >= event; });
    return later == steps_.begin() ? Time{0} : (later - 1)->time;
  }
  [[nodiscard]] Time now() const noexcept { return steps_.empty() ? Time{0} : steps_.back().time; }

  [[nodiscard]] bool is_new() const noexcept { return steps_.empty() && looks_ == 0; }

  /// It is at least that time when the thread has done so many events.
  void reach(Time time, std::size_t events) {
    if (time > now()) steps_.push_back({events, time});
  }

  /// How much later it is when a thread looks at the clock once more. Time passes for one that does so
  /// again and again, ever faster, so that it need not long wait for a deadline.
  [[nodiscard]] Time tick() noexcept {
    constexpr unsigned slow = 16, fastest = 20;
    const unsigned doublings = looks_ < slow ? 0 : std::min(looks_ - slow, fastest);
    ++looks_;
    return std::chrono::microseconds(1) * (1U << doublings);
  }

 private:
  struct Step {
    std::size_t event;  // from which on
    Time time;
  };
  std::vector<Step> steps_;
  unsigned looks_ = 0;
};

}  // namespace lockstep::check
