// checker/hooks/random.cpp: rand() and its like, which give the same numbers in each execution. The first
// thread's are those of a program that has just begun.
// Checked by: tests/checker/rand_test.cpp
#include <cstdlib>

#include "checker/hooks/outside.hpp"

namespace check = lockstep::check;
using check::Thread;

#define CALL __builtin_return_address(0)

namespace {

/// The random numbers of the modelled thread that calls, or null. To take one is to do something.
check::Random* numbers(const void* call) {
  Thread* const me = check::asking(call);
  if (me == nullptr) return nullptr;
  me->spin.changed();
  return &me->random;
}

}  // namespace

LOCKSTEP_EXPORT int rand() noexcept {
  if (check::Random* const random = numbers(CALL)) return random->next();
  static auto* const real = check::real<int()>("rand");
  return real();
}
LOCKSTEP_EXPORT long random() noexcept {
  if (check::Random* const random = numbers(CALL)) return random->next();
  static auto* const real = check::real<long()>("random");
  return real();
}
LOCKSTEP_EXPORT void srand(unsigned seed) noexcept {
  if (check::Random* const random = numbers(CALL)) return random->seed(seed);
  static auto* const real = check::real<void(unsigned)>("srand");
  real(seed);
}
LOCKSTEP_EXPORT void srandom(unsigned seed) noexcept {
  if (check::Random* const random = numbers(CALL)) return random->seed(seed);
  static auto* const real = check::real<void(unsigned)>("srandom");
  real(seed);
}

LOCKSTEP_EXPORT void srand48(long seed) noexcept {
  if (check::Random* const random = numbers(CALL)) return random->seed_48(seed);
  static auto* const real = check::real<void(long)>("srand48");
  real(seed);
}

#define GIVES(result, name)                                 \
  LOCKSTEP_EXPORT result name() noexcept {                  \
    if (check::Random* const random = numbers(CALL)) {      \
      result number = 0;                                    \
      name##_r(random->data_48(), &number);                 \
      return number;                                        \
    }                                                       \
    static auto* const real = check::real<result()>(#name); \
    return real();                                          \
  }
GIVES(double, drand48)
GIVES(long, lrand48)
GIVES(long, mrand48)

// The caller keeps the state, which may be a global: it is written for the caller.
LOCKSTEP_EXPORT int rand_r(unsigned* state) noexcept {
  if (Thread* const me = check::asking(CALL)) {
    const check::Hook hook(*me, CALL);
    const auto address = reinterpret_cast<std::uintptr_t>(state);
    hook->plain(*me, address, sizeof *state, false);
    hook->plain(*me, address, sizeof *state, true);
  }
  static auto* const real = check::real<int(unsigned*)>("rand_r");
  return real(state);
}
