// Coherence: relaxed loads of one variable never go back. 6 = the pairs (a, b) of 0, 1, 2 with a <= b.
// expect: status 0, executions 6
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int x;

static void* count(void* unused) {
  atomic_store_explicit(&x, 1, memory_order_relaxed);
  atomic_store_explicit(&x, 2, memory_order_relaxed);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, count, NULL);
  const int first = atomic_load_explicit(&x, memory_order_relaxed);
  const int second = atomic_load_explicit(&x, memory_order_relaxed);
  pthread_join(thread, NULL);
  assert(first <= second);
  return 0;
}
