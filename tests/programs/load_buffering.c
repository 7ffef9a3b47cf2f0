// Load buffering: each thread loads what the other stores afterwards. C11 lets both see 1; RC11, the model
// here, does not, for po and rf would make a circle. 3 = the 2 x 2 pairs of values without that one.
// expect: status 0, executions 3
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int x, y;
static int seen;

static void* other(void* unused) {
  seen = atomic_load_explicit(&x, memory_order_relaxed);
  atomic_store_explicit(&y, 1, memory_order_relaxed);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, other, NULL);
  const int mine = atomic_load_explicit(&y, memory_order_relaxed);
  atomic_store_explicit(&x, 1, memory_order_relaxed);
  pthread_join(thread, NULL);
  assert(mine + seen != 2);
  return 0;
}
