// checker/hooks/verifier.cpp: lockstep/check.h for C, and the names that programs written for SV-COMP use.
//
// All of the latter are weak: a program may bring its own, as those of SV-COMP bring reach_error(). A value that is
// not determined is one of a few: Options::nondet_values says how many, from 0 up; of bool both. All else could
// not be enumerated. What a program concludes from values that are left out is not explored.
#include <cstddef>
#include <cstdlib>
#include <string>

#include "checker/hooks/hook.hpp"
#include "lockstep/check.h"

namespace check = lockstep::check;
using check::Hook;
using check::Thread;
using check::Wrong;

#define CALL __builtin_return_address(0)
#define LOCKSTEP_WEAK LOCKSTEP_EXPORT __attribute__((weak))

namespace {

int choose(int n, void* call) {
  Thread* const me = check::modelled();
  if (me == nullptr || n <= 1) return 0;
  const Hook hook(*me, call);
  return hook->choose(*me, n);
}

int nondeterministic(void* call) {
  if (check::modelled() == nullptr) return 0;
  check::Execution::instance().note_limited_values();
  return choose(check::Execution::instance().options().nondet_values, call);
}

void assume(bool holds, void* call) {
  Thread* const me = check::modelled();
  if (holds || me == nullptr) return;
  const Hook hook(*me, call);
  hook->discard(*me);
}

void fail(const std::string& what, void* call) {
  if (Thread* const me = check::modelled()) {
    const Hook hook(*me, call);
    hook->fail(*me, Wrong::requirement, what);
  }
  std::abort();
}

}  // namespace

LOCKSTEP_EXPORT void lockstep_requirement_failed(const char* claim, const char*, int) {
  fail(std::string("requirement not met: ") + claim, CALL);
}
LOCKSTEP_EXPORT void lockstep_assume(int holds) { assume(holds != 0, CALL); }
LOCKSTEP_EXPORT int lockstep_choose(int n) { return choose(n, CALL); }
LOCKSTEP_EXPORT void lockstep_outcome(const char* text) { check::outcome(text); }

LOCKSTEP_WEAK void __VERIFIER_assume(int holds) { assume(holds != 0, CALL); }
LOCKSTEP_WEAK void __VERIFIER_error() { fail("__VERIFIER_error was called", CALL); }
LOCKSTEP_WEAK void reach_error() { fail("reach_error was called", CALL); }
LOCKSTEP_WEAK bool __VERIFIER_nondet_bool() { return choose(2, CALL) != 0; }

#define NONDET(name, type)                            \
  LOCKSTEP_WEAK type __VERIFIER_nondet_##name() {     \
    return static_cast<type>(nondeterministic(CALL)); \
  }
NONDET(char, char)
NONDET(uchar, unsigned char)
NONDET(short, short)
NONDET(ushort, unsigned short)
NONDET(int, int)
NONDET(uint, unsigned)
NONDET(unsigned, unsigned)
NONDET(long, long)
NONDET(ulong, unsigned long)
NONDET(longlong, long long)
NONDET(ulonglong, unsigned long long)
NONDET(size_t, std::size_t)
NONDET(float, float)
NONDET(double, double)
#undef NONDET
