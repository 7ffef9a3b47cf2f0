// A mutex on a futex with two states, whose holder looks for waiters before it lets go: one may come in between.
// expect: status 1, "lost wake-up", "sleeps on the futex word"
// options: --spurious-wakes 0
#include <assert.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int word;
static int count;

static atomic_int waiters;

static void lock(void) {
  while (atomic_exchange(&word, 1) != 0) {
    atomic_fetch_add(&waiters, 1);
    syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
    atomic_fetch_sub(&waiters, 1);
  }
}

static void unlock(void) {
  const int must_wake = atomic_load(&waiters) != 0;
  atomic_store(&word, 0);
  if (must_wake) syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void* use(void* unused) {
  lock();
  ++count;
  unlock();
  return unused;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, use, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  assert(count == 2);
  return 0;
}
