// A barrier parts two rounds: what one writes in the first, the other reads in the second; one of each round is last.
// 16 = 2 orders in each round, of the arrivals and of what is counted after it.
// expect: status 0, executions 16
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static pthread_barrier_t barrier;
static int cells[2], results[2];
static atomic_int last;

static int wait_for_all(void) {
  return pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
}

static void take_part(int me) {
  cells[me] = me + 1;
  atomic_fetch_add_explicit(&last, wait_for_all(), memory_order_relaxed);
  results[me] = cells[0] + cells[1];
  atomic_fetch_add_explicit(&last, wait_for_all(), memory_order_relaxed);
  assert(results[0] == 3 && results[1] == 3);
}

static void* other(void* unused) {
  take_part(1);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_barrier_init(&barrier, NULL, 2);
  pthread_create(&thread, NULL, other, NULL);
  take_part(0);
  pthread_join(thread, NULL);
  assert(atomic_load(&last) == 2);
  pthread_barrier_destroy(&barrier);
  return 0;
}
