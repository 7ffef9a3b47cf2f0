#include "checker/runtime/interrupt.hpp"

#include <chrono>

#include "checker/runtime/execution.hpp"

namespace lockstep::check {
namespace {

using Clock = std::chrono::steady_clock;

volatile std::sig_atomic_t interrupted = 0;      // in this exploration
volatile std::sig_atomic_t was_interrupted = 0;  // in this or one before
Clock::time_point first;                         // when

bool is_same_request(const siginfo_t& info) {
  constexpr std::chrono::seconds together{1};
  return info.si_code == SI_USER && Clock::now() - first < together;
}

void note(int signal, siginfo_t* info, void*) {
  const NativeScope native;  // what this calls, it calls for no modelled thread
  if (was_interrupted == 0) {
    first = Clock::now();
    was_interrupted = 1;
    interrupted = 1;
  } else if (!is_same_request(*info)) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);  // which comes when this has returned
  }
}

}  // namespace

InterruptHandler::InterruptHandler() {
  interrupted = 0;
  sigaction(SIGINT, nullptr, &old_);
  const bool is_default = (old_.sa_flags & SA_SIGINFO) == 0 && old_.sa_handler == SIG_DFL;
  if (was_interrupted != 0 || !is_default) return;
  struct sigaction action{};
  action.sa_sigaction = &note;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;  // a modelled thread's stack is its own
  is_installed_ = sigaction(SIGINT, &action, nullptr) == 0;
}

InterruptHandler::~InterruptHandler() {
  interrupted = 0;
  if (is_installed_ && was_interrupted == 0) sigaction(SIGINT, &old_, nullptr);
}

bool InterruptHandler::is_interrupted() noexcept { return interrupted != 0; }

}  // namespace lockstep::check
