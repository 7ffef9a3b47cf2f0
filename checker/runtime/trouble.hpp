// checker/runtime/trouble.hpp: crashes and uncaught exceptions of the program become findings.
#pragma once

#include <csignal>
#include <exception>

namespace lockstep::check {

/// While one exists, a signal such as SIGSEGV that a modelled thread causes ends that execution, and
/// so does std::terminate. Those of other code do what they did before.
class TroubleHandlers {
 public:
  TroubleHandlers();
  ~TroubleHandlers();
  TroubleHandlers(const TroubleHandlers&) = delete;
  TroubleHandlers& operator=(const TroubleHandlers&) = delete;

 private:
  static constexpr int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};

  stack_t old_stack_{};
  struct sigaction old_actions_[5]{};
  std::terminate_handler old_terminate_ = nullptr;
};

}  // namespace lockstep::check
