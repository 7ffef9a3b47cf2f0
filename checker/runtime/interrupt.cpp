#include "checker/runtime/interrupt.hpp"

namespace lockstep::check {
namespace {

volatile std::sig_atomic_t interrupted = 0;
bool was_interrupted = false;  // in an exploration before

void note(int) { interrupted = 1; }

}  // namespace

InterruptHandler::InterruptHandler() {
  interrupted = 0;
  sigaction(SIGINT, nullptr, &old_);
  const bool is_default = (old_.sa_flags & SA_SIGINFO) == 0 && old_.sa_handler == SIG_DFL;
  if (was_interrupted || !is_default) return;
  struct sigaction action{};
  action.sa_handler = &note;
  action.sa_flags = SA_ONSTACK | SA_RESTART | SA_RESETHAND;  // a modelled thread's stack is its own
  is_installed_ = sigaction(SIGINT, &action, nullptr) == 0;
}

InterruptHandler::~InterruptHandler() {
  was_interrupted = was_interrupted || is_interrupted();
  interrupted = 0;
  if (is_installed_) sigaction(SIGINT, &old_, nullptr);
}

bool InterruptHandler::is_interrupted() noexcept { return interrupted != 0; }

}  // namespace lockstep::check
