// Independent reads of independent writes, all seq_cst: both readers see the writes in one order.
// 15 = the 2^4 values that four loads may see, less those in which the readers disagree.
// expect: status 0, executions 15
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int x, y;
static int seen[4];

static void* write_it(void* what) {
  atomic_store_explicit((atomic_int*)what, 1, memory_order_seq_cst);
  return NULL;
}

static void* read_x_then_y(void* unused) {
  seen[0] = atomic_load_explicit(&x, memory_order_seq_cst);
  seen[1] = atomic_load_explicit(&y, memory_order_seq_cst);
  return unused;
}

int main(void) {
  pthread_t threads[3];
  pthread_create(&threads[0], NULL, write_it, &x);
  pthread_create(&threads[1], NULL, write_it, &y);
  pthread_create(&threads[2], NULL, read_x_then_y, NULL);
  seen[2] = atomic_load_explicit(&y, memory_order_seq_cst);
  seen[3] = atomic_load_explicit(&x, memory_order_seq_cst);
  for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
  assert(!(seen[0] == 1 && seen[1] == 0 && seen[2] == 1 && seen[3] == 0));
  return 0;
}
