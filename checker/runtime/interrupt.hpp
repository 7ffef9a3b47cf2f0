// checker/runtime/interrupt.hpp: the first Ctrl-C ends an exploration in good order, the second ends the process.
//
// A program that has a handler of its own for SIGINT keeps it. After the first signal the system does again what it does by
// default, also in explorations to come: whoever presses the keys twice is obeyed. Worker processes inherit all of this, and
// get the signal from the terminal too.
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
