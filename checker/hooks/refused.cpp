// checker/hooks/refused.cpp: calls that would block the one operating system thread that all modelled
// threads run on, or that reach outside. They are not modelled, and never run for real.
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "checker/hooks/caller.hpp"
#include "checker/hooks/hook.hpp"
#include "checker/hooks/real.hpp"

namespace {

namespace check = lockstep::check;

/// Ends the execution, if it is the program that called: what the system's libraries do for themselves is
/// their own affair.
void refuse_to_program(const char* name, void* call) {
  check::Thread* const me = check::modelled();
  if (me == nullptr) return;
  const check::Hook hook(*me, call);
  if (check::is_in_c_library(call) || check::is_in_cxx_library(call)) return;
  hook->fail(*me, check::Wrong::unsupported, std::string(name) + " is not modelled");
}

}  // namespace

#define REFUSE(result, name, parameters, arguments)                 \
  LOCKSTEP_EXPORT result name parameters {                          \
    refuse_to_program(#name, __builtin_return_address(0));          \
    static const auto real = check::real<result parameters>(#name); \
    return real arguments;                                          \
  }

REFUSE(int, pthread_cancel, (pthread_t t), (t))
REFUSE(int, pthread_kill, (pthread_t t, int s), (t, s))
REFUSE(int, pause, (), ())
REFUSE(pid_t, fork, (), ())
REFUSE(pid_t, waitpid, (pid_t p, int* s, int o), (p, s, o))
#undef REFUSE
