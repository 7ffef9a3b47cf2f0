// checker/hooks/semaphore.cpp: POSIX semaphores without a name.
#include "checker/system/semaphore.hpp"

#include <semaphore.h>

#include <cerrno>

#include "checker/hooks/model.hpp"

namespace check = lockstep::check;
using check::system::Call;
using check::system::Deadline;
using check::system::Semaphore;

#define MODEL(name, parameters, arguments, model) \
  LOCKSTEP_MODEL(int, name, parameters, arguments, s, result_of(model))

namespace {

/// These functions return -1 and set errno.
int result_of(int error) {
  if (error == 0) return 0;
  errno = error;
  return -1;
}

int wait_before(const Call& call, sem_t* s, clockid_t clock, const timespec* time) {
  Semaphore semaphore(call, s);
  if (check::system::is_valid(*time)) return semaphore.wait_before(Deadline::at(clock, *time));
  return semaphore.try_wait() == 0 ? 0 : EINVAL;
}

int value(const Call& call, sem_t* s, int* value) {
  const int found = Semaphore(call, s).value();
  call.overwrite(value, sizeof *value);
  *value = found;
  return 0;
}

}  // namespace

MODEL(sem_init, (sem_t * s, int shared, unsigned n), (s, shared, n), Semaphore(call, s).begin(n))
MODEL(sem_destroy, (sem_t * s), (s), Semaphore(call, s).end())
MODEL(sem_wait, (sem_t * s), (s), Semaphore(call, s).wait())
MODEL(sem_trywait, (sem_t * s), (s), Semaphore(call, s).try_wait())
MODEL(sem_timedwait, (sem_t * s, const timespec* t), (s, t),
      wait_before(call, s, CLOCK_REALTIME, t))
MODEL(sem_clockwait, (sem_t * s, clockid_t c, const timespec* t), (s, c, t),
      wait_before(call, s, c, t))
MODEL(sem_post, (sem_t * s), (s), Semaphore(call, s).post())
MODEL(sem_getvalue, (sem_t * s, int* v), (s, v), value(call, s, v))
