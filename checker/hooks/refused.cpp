// checker/hooks/refused.cpp: calls that would block the one operating system thread that all modelled
// threads run on, or that reach outside. They are not modelled yet, and never run for real.
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdarg>
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

bool wakes(long futex_operation) {
  const long operation = futex_operation & FUTEX_CMD_MASK;
  return operation == FUTEX_WAKE || operation == FUTEX_WAKE_BITSET;
}

}  // namespace

#define REFUSE(result, name, parameters, arguments)                 \
  LOCKSTEP_EXPORT result name parameters {                          \
    refuse_to_program(#name, __builtin_return_address(0));          \
    static const auto real = check::real<result parameters>(#name); \
    return real arguments;                                          \
  }

REFUSE(int, pthread_mutex_lock, (pthread_mutex_t * m), (m))
REFUSE(int, pthread_mutex_trylock, (pthread_mutex_t * m), (m))
REFUSE(int, pthread_mutex_timedlock, (pthread_mutex_t * m, const timespec* t), (m, t))
REFUSE(int, pthread_mutex_clocklock, (pthread_mutex_t * m, clockid_t c, const timespec* t),
       (m, c, t))
REFUSE(int, pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t* m), (c, m))
REFUSE(int, pthread_cond_timedwait, (pthread_cond_t * c, pthread_mutex_t* m, const timespec* t),
       (c, m, t))
REFUSE(int, pthread_cond_clockwait,
       (pthread_cond_t * c, pthread_mutex_t* m, clockid_t k, const timespec* t), (c, m, k, t))
REFUSE(int, pthread_cond_signal, (pthread_cond_t * c), (c))
REFUSE(int, pthread_cond_broadcast, (pthread_cond_t * c), (c))
REFUSE(int, pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l))
REFUSE(int, pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l))
REFUSE(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t * l), (l))
REFUSE(int, pthread_rwlock_trywrlock, (pthread_rwlock_t * l), (l))
REFUSE(int, pthread_rwlock_timedrdlock, (pthread_rwlock_t * l, const timespec* t), (l, t))
REFUSE(int, pthread_rwlock_timedwrlock, (pthread_rwlock_t * l, const timespec* t), (l, t))
REFUSE(int, pthread_barrier_wait, (pthread_barrier_t * b), (b))
REFUSE(int, pthread_spin_lock, (pthread_spinlock_t * l), (l))
REFUSE(int, pthread_spin_trylock, (pthread_spinlock_t * l), (l))
REFUSE(int, pthread_once, (pthread_once_t * o, void (*f)()), (o, f))
REFUSE(int, pthread_cancel, (pthread_t t), (t))
REFUSE(int, pthread_kill, (pthread_t t, int s), (t, s))
REFUSE(int, sem_wait, (sem_t * s), (s))
REFUSE(int, sem_trywait, (sem_t * s), (s))
REFUSE(int, sem_timedwait, (sem_t * s, const timespec* t), (s, t))
REFUSE(int, sem_clockwait, (sem_t * s, clockid_t c, const timespec* t), (s, c, t))
REFUSE(int, sem_post, (sem_t * s), (s))
REFUSE(int, nanosleep, (const timespec* t, timespec* left), (t, left))
REFUSE(int, clock_nanosleep, (clockid_t c, int f, const timespec* t, timespec* left),
       (c, f, t, left))
REFUSE(int, usleep, (useconds_t t), (t))
REFUSE(unsigned, sleep, (unsigned t), (t))
REFUSE(int, pause, (), ())
REFUSE(pid_t, fork, (), ())
REFUSE(pid_t, waitpid, (pid_t p, int* s, int o), (p, s, o))
#undef REFUSE

LOCKSTEP_EXPORT long syscall(long number, ...) {
  static const auto real = check::real<long(long, ...)>("syscall");
  va_list arguments;
  va_start(arguments, number);
  long a[6];
  for (long& argument : a) argument = va_arg(arguments, long);
  va_end(arguments);
  if (check::modelled() != nullptr) {
    if (number == SYS_futex && wakes(a[1])) return 0;  // nobody: to sleep is refused
    const std::string name =
        number == SYS_futex ? "waiting for a futex" : "syscall " + std::to_string(number);
    refuse_to_program(name.c_str(), __builtin_return_address(0));
  }
  return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
