// checker/hooks/pthread.cpp: POSIX mutexes, condition variables, read-write locks, barriers, spin locks, once and
// keys: what std::mutex and its family are built on.
#include <pthread.h>

#include <cerrno>
#include <cstring>

#include "checker/hooks/model.hpp"
#include "checker/system/barrier.hpp"
#include "checker/system/condition.hpp"
#include "checker/system/mutex.hpp"
#include "checker/system/once.hpp"
#include "checker/system/rwlock.hpp"

namespace check = lockstep::check;
using check::system::Barrier;
using check::system::Call;
using check::system::Condition;
using check::system::Deadline;
using check::system::Mutex;
using check::system::RwLock;
using check::system::SpinLock;

#define MODEL(name, parameters, arguments, object, model) \
  LOCKSTEP_MODEL(int, name, parameters, arguments, object, model)

namespace {

/// With a deadline, or EINVAL: after `first`, which needs none, has failed.
template <class First, class Timed>
int timed(clockid_t clock, const timespec* time, First first, Timed wait) {
  if (!check::system::is_valid(*time)) return first() == 0 ? 0 : EINVAL;
  return wait(Deadline::at(clock, *time));
}

int lock_before(const Call& call, pthread_mutex_t* m, clockid_t clock, const timespec* time) {
  Mutex mutex(call, m);
  return timed(
      clock, time, [&] { return mutex.try_lock(); },
      [&](const Deadline& deadline) { return mutex.lock_before(deadline); });
}

int lock_before(const Call& call, pthread_rwlock_t* l, bool is_shared, clockid_t clock,
                const timespec* time) {
  RwLock lock(call, l);
  return timed(
      clock, time, [&] { return lock.try_lock(is_shared); },
      [&](const Deadline& deadline) { return lock.lock_before(is_shared, deadline); });
}

int wait(const Call& call, pthread_cond_t* c, pthread_mutex_t* m, const Deadline& deadline) {
  Mutex mutex(call, m);
  return Condition(call, c).wait(mutex, deadline);
}

int wait_before(const Call& call, pthread_cond_t* c, pthread_mutex_t* m, clockid_t clock,
                const timespec* time) {
  if (!check::system::is_valid(*time)) return EINVAL;
  return wait(call, c, m, Deadline::at(clock, *time));
}

/// What the C library writes is noted as the program's doing.
int begin(const Call& call, pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) {
  call.overwrite(mutex, sizeof *mutex);
  static const auto real =
      check::real<int(pthread_mutex_t*, const pthread_mutexattr_t*)>("pthread_mutex_init");
  return real(mutex, attributes);
}

int begin(const Call& call, pthread_cond_t* condition, const pthread_condattr_t* attributes) {
  clockid_t clock = CLOCK_REALTIME;
  if (attributes != nullptr) pthread_condattr_getclock(attributes, &clock);
  Condition(call, condition).begin(clock);
  return 0;
}

template <class Change>
int done(Change change) {
  change();
  return 0;
}

}  // namespace

// Mutexes
MODEL(pthread_mutex_init, (pthread_mutex_t * m, const pthread_mutexattr_t* a), (m, a), m,
      begin(call, m, a))
MODEL(pthread_mutex_destroy, (pthread_mutex_t * m), (m), m, done([&] { Mutex(call, m).end(); }))
MODEL(pthread_mutex_lock, (pthread_mutex_t * m), (m), m, Mutex(call, m).lock())
MODEL(pthread_mutex_trylock, (pthread_mutex_t * m), (m), m, Mutex(call, m).try_lock())
MODEL(pthread_mutex_timedlock, (pthread_mutex_t * m, const timespec* t), (m, t), m,
      lock_before(call, m, CLOCK_REALTIME, t))
MODEL(pthread_mutex_clocklock, (pthread_mutex_t * m, clockid_t c, const timespec* t), (m, c, t), m,
      lock_before(call, m, c, t))
MODEL(pthread_mutex_unlock, (pthread_mutex_t * m), (m), m, Mutex(call, m).unlock())

// Condition variables
MODEL(pthread_cond_init, (pthread_cond_t * c, const pthread_condattr_t* a), (c, a), c,
      begin(call, c, a))
MODEL(pthread_cond_destroy, (pthread_cond_t * c), (c), c, done([&] { Condition(call, c).end(); }))
MODEL(pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t* m), (c, m), c, wait(call, c, m, {}))
MODEL(pthread_cond_timedwait, (pthread_cond_t * c, pthread_mutex_t* m, const timespec* t),
      (c, m, t), c, wait_before(call, c, m, Condition(call, c).clock(), t))
MODEL(pthread_cond_clockwait,
      (pthread_cond_t * c, pthread_mutex_t* m, clockid_t k, const timespec* t), (c, m, k, t), c,
      wait_before(call, c, m, k, t))
MODEL(pthread_cond_signal, (pthread_cond_t * c), (c), c, done([&] { Condition(call, c).signal(); }))
MODEL(pthread_cond_broadcast, (pthread_cond_t * c), (c), c,
      done([&] { Condition(call, c).broadcast(); }))

// Read-write locks
MODEL(pthread_rwlock_init, (pthread_rwlock_t * l, const pthread_rwlockattr_t* a), (l, a), l,
      done([&] { RwLock(call, l).begin(); }))
MODEL(pthread_rwlock_destroy, (pthread_rwlock_t * l), (l), l, done([&] { RwLock(call, l).end(); }))
MODEL(pthread_rwlock_rdlock, (pthread_rwlock_t * l), (l), l, RwLock(call, l).lock(true))
MODEL(pthread_rwlock_wrlock, (pthread_rwlock_t * l), (l), l, RwLock(call, l).lock(false))
MODEL(pthread_rwlock_tryrdlock, (pthread_rwlock_t * l), (l), l, RwLock(call, l).try_lock(true))
MODEL(pthread_rwlock_trywrlock, (pthread_rwlock_t * l), (l), l, RwLock(call, l).try_lock(false))
MODEL(pthread_rwlock_timedrdlock, (pthread_rwlock_t * l, const timespec* t), (l, t), l,
      lock_before(call, l, true, CLOCK_REALTIME, t))
MODEL(pthread_rwlock_timedwrlock, (pthread_rwlock_t * l, const timespec* t), (l, t), l,
      lock_before(call, l, false, CLOCK_REALTIME, t))
MODEL(pthread_rwlock_clockrdlock, (pthread_rwlock_t * l, clockid_t c, const timespec* t), (l, c, t),
      l, lock_before(call, l, true, c, t))
MODEL(pthread_rwlock_clockwrlock, (pthread_rwlock_t * l, clockid_t c, const timespec* t), (l, c, t),
      l, lock_before(call, l, false, c, t))
MODEL(pthread_rwlock_unlock, (pthread_rwlock_t * l), (l), l, RwLock(call, l).unlock())

// Barriers
MODEL(pthread_barrier_init, (pthread_barrier_t * b, const pthread_barrierattr_t* a, unsigned n),
      (b, a, n), b, Barrier(call, b).begin(n))
MODEL(pthread_barrier_destroy, (pthread_barrier_t * b), (b), b,
      done([&] { Barrier(call, b).end(); }))
MODEL(pthread_barrier_wait, (pthread_barrier_t * b), (b), b, Barrier(call, b).wait())

// Spin locks: one is free when it holds 0, which on some processors is not so for glibc's.
LOCKSTEP_EXPORT int pthread_spin_init(pthread_spinlock_t* lock, int) {
  if (check::Thread* const me = check::modelled()) {
    const check::Hook hook(*me, __builtin_return_address(0));
    Call{*hook, *me}.overwrite(const_cast<int*>(lock), sizeof *lock);
  }
  *lock = 0;
  return 0;
}
LOCKSTEP_EXPORT int pthread_spin_destroy(pthread_spinlock_t* lock) {
  return pthread_spin_init(lock, 0);
}
LOCKSTEP_EXPORT int pthread_spin_trylock(pthread_spinlock_t* lock) {
  if (check::Thread* const me = check::modelled()) {
    const check::Hook hook(*me, __builtin_return_address(0));
    return SpinLock({*hook, *me}, lock).try_lock();
  }
  return __atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE) == 0 ? 0 : EBUSY;
}
LOCKSTEP_EXPORT int pthread_spin_lock(pthread_spinlock_t* lock) {
  if (check::Thread* const me = check::modelled()) {
    const check::Hook hook(*me, __builtin_return_address(0));
    SpinLock({*hook, *me}, lock).lock();
    return 0;
  }
  while (pthread_spin_trylock(lock) != 0) {
  }
  return 0;
}
LOCKSTEP_EXPORT int pthread_spin_unlock(pthread_spinlock_t* lock) {
  if (check::Thread* const me = check::modelled()) {
    const check::Hook hook(*me, __builtin_return_address(0));
    SpinLock({*hook, *me}, lock).unlock();
    return 0;
  }
  __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
  return 0;
}

// Once. The numbers are glibc's.
namespace {

check::system::Once once(const check::Hook& hook, pthread_once_t* control) {
  constexpr unsigned under_way = 1, done = 2;
  const check::Object state{reinterpret_cast<std::uintptr_t>(control), sizeof *control};
  return {{*hook, hook.me}, state, done, under_way, "waits for what another thread does once"};
}

}  // namespace

LOCKSTEP_EXPORT int pthread_once(pthread_once_t* control, void (*initialize)()) {
  void* const from = __builtin_return_address(0);
  check::Thread* const me = check::calling(from, control);
  if (me == nullptr) {
    static const auto real = check::real<int(pthread_once_t*, void (*)())>("pthread_once");
    return real(control, initialize);
  }
  {
    const check::Hook hook(*me, from);
    if (!once(hook, control).begin()) return 0;
  }
  try {
    initialize();
  } catch (...) {
    const check::Hook hook(*me, from);
    once(hook, control).give_up();
    throw;
  }
  const check::Hook hook(*me, from);
  once(hook, control).finish();
  return 0;
}

// Keys
LOCKSTEP_EXPORT int pthread_key_create(pthread_key_t* key, void (*destroy)(void*)) {
  void* const from = __builtin_return_address(0);
  if (check::Thread* const me = check::calling(from, key)) {
    const check::Hook hook(*me, from);
    Call{*hook, *me}.overwrite(key, sizeof *key);
    *key = hook->keys().create(*me, destroy);
    return 0;
  }
  static const auto real = check::real<int(pthread_key_t*, void (*)(void*))>("pthread_key_create");
  const int error = real(key, destroy);
  if (error == 0) check::Keys::note_native(*key, destroy);
  return error;
}
MODEL(pthread_key_delete, (pthread_key_t k), (k), nullptr, hook->keys().remove(k) ? 0 : EINVAL)
MODEL(pthread_setspecific, (pthread_key_t k, const void* v), (k, v), nullptr,
      done([&] { me->specific[k] = const_cast<void*>(v); }))
LOCKSTEP_MODEL(void*, pthread_getspecific, (pthread_key_t k), (k), nullptr, me->specific[k])
