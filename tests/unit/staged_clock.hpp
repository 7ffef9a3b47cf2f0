// tests/unit/staged_clock.hpp: a clock on which a deadline comes when the test says so, not when
// time has passed.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace lockstep::test {

/// One who waits until `deadline` looks at this clock every millisecond, and waits on until the
/// test calls `let_it_come`.
struct StagedClock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<StagedClock>;
  static constexpr bool is_steady = false;

  static constexpr time_point deadline{duration{1}};

  static time_point now() noexcept {
    if (!come_) return time_point{};
    seen_ = true;
    return deadline;
  }

  /// The deadline lies ahead. (For the beginning of a test.)
  static void put_off() { seen_ = come_ = false; }
  static void let_it_come() { come_ = true; }

  /// Returns when somebody has seen that the deadline has come.
  static void await_seen() {
    while (!seen_) std::this_thread::yield();
  }

 private:
  static inline std::atomic<bool> come_{false};
  static inline std::atomic<bool> seen_{false};
};

}  // namespace lockstep::test
