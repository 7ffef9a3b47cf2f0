// checker/hooks/signals.cpp: which signals a thread blocks. None ever comes in an execution (outside.cpp refuses
// to send and to handle them), so blocking them has no other effect than that it can be asked for.
// Checked by: tests/checker/signals_test.cpp
#include <signal.h>

#include <cerrno>

#include "checker/hooks/model.hpp"

namespace check = lockstep::check;
using check::system::Call;

#define MODEL(name, parameters, arguments, model) \
  LOCKSTEP_MODEL(int, name, parameters, arguments, nullptr, model)

namespace {

/// Returns EINVAL for a `how` that there is not.
int change(sigset_t& blocked, int how, const sigset_t& set) {
  const sigset_t before = blocked;
  switch (how) {
    case SIG_SETMASK:
      blocked = set;
      return 0;
    case SIG_BLOCK:
      return sigorset(&blocked, &before, &set);
    case SIG_UNBLOCK:
      for (int signal = 1; signal < NSIG; ++signal) {
        if (sigismember(&set, signal) == 1) sigdelset(&blocked, signal);
      }
      return 0;
    default:
      return EINVAL;
  }
}

int change_mask(const Call& call, int how, const sigset_t* set, sigset_t* before) {
  const sigset_t blocked = call.me.blocked_signals;
  if (set != nullptr) {
    call.use(set, sizeof *set);
    if (const int error = change(call.me.blocked_signals, how, *set); error != 0) return error;
  }
  if (before != nullptr) {
    call.overwrite(before, sizeof *before);
    *before = blocked;
  }
  return 0;
}

}  // namespace

MODEL(pthread_sigmask, (int how, const sigset_t* set, sigset_t* before), (how, set, before),
      change_mask(call, how, set, before))
