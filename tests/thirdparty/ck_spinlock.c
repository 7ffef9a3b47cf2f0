// Concurrency Kit: all of its atomics are inline assembly.
// expect: status 2, "atomic instruction that is not instrumented", "ck_pr.h"
#include <ck_spinlock.h>
#include <pthread.h>

static ck_spinlock_fas_t lock = CK_SPINLOCK_FAS_INITIALIZER;
static int count = 0;

static void* work(void* unused) {
  ck_spinlock_fas_lock(&lock);
  ++count;
  ck_spinlock_fas_unlock(&lock);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  work(NULL);
  return pthread_join(thread, NULL);
}
