// Peterson's lock with seq_cst accesses excludes.
// 4 = who yields the turn first, times what lets that one in: the other does not want yet, or yields too.
// expect: status 0, executions 4
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int wants[2], turn;
static int count;

static void enter_and_leave(int me) {
  atomic_store_explicit(&wants[me], 1, memory_order_seq_cst);
  atomic_store_explicit(&turn, 1 - me, memory_order_seq_cst);
  while (atomic_load_explicit(&wants[1 - me], memory_order_seq_cst) &&
         atomic_load_explicit(&turn, memory_order_seq_cst) == 1 - me) {
  }
  ++count;
  atomic_store_explicit(&wants[me], 0, memory_order_seq_cst);
}

static void* other(void* unused) {
  enter_and_leave(1);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, other, NULL);
  enter_and_leave(0);
  pthread_join(thread, NULL);
  assert(count == 2);
  return 0;
}
