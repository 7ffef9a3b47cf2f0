// checker/runtime/interrupt.hpp: the first Ctrl-C ends an exploration in good order, the second ends the process.
//
// A program that has a handler of its own for SIGINT keeps it. The second signal does what the system does by default, also in
// explorations to come: whoever presses the keys twice is obeyed. Worker processes inherit all of this, and get the signal
// from the terminal too.
//
// What another process sends within a second of the first is the same request: `timeout` sends it to the process that it
// started and then to that one's group, and `lockstep check`, which gets both, passes each of them on.
// Checked by: tests/checker/resume_test.cpp, tests/cli/signals.sh
#pragma once

#include <csignal>

namespace lockstep::check {

/// While one exists, SIGINT is noted.
class InterruptHandler {
 public:
  InterruptHandler();
  ~InterruptHandler();
  InterruptHandler(const InterruptHandler&) = delete;
  InterruptHandler& operator=(const InterruptHandler&) = delete;

  [[nodiscard]] static bool is_interrupted() noexcept;

 private:
  bool is_installed_ = false;
  struct sigaction old_{};
};

}  // namespace lockstep::check
