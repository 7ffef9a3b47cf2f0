// Store buffering (Dekker's core) with seq_cst accesses: one of the two sees the other's store.
// 3 = of the 2 x 2 pairs of values, all but the one where both see 0.
// expect: status 0, executions 3
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int x, y;
static int seen;

static void* other(void* unused) {
  atomic_store(&x, 1);
  seen = atomic_load(&y);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, other, NULL);
  atomic_store(&y, 1);
  const int mine = atomic_load(&x);
  pthread_join(thread, NULL);
  assert(mine + seen != 0);
  return 0;
}
