// tests/unit/running_timer.hpp: a timer whose callback runs for as long as the test likes.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <utility>

#include "lockstep/event.hpp"
#include "lockstep/timer.hpp"

namespace lockstep::test {

/// A timer that was started, in the midst of its callback, which ends when the test says so.
class RunningTimer {
 public:
  RunningTimer() {
    timer->start();
    begun_.wait();
  }
  ~RunningTimer() { end(); }
  void end() { end_.set(); }
  [[nodiscard]] bool has_ended() const { return ended_; }

 private:
  Event begun_;
  Event end_;
  std::atomic<bool> ended_{false};

 public:
  std::optional<Timer> timer{std::in_place, std::chrono::seconds(0), [this] {
                               begun_.set();
                               end_.wait();
                               ended_ = true;
                             }};
};

}  // namespace lockstep::test
