// A ticket lock orders three threads. 6 = 3! orders of their tickets; who waits sees the one write it waits for.
// expect: status 0, executions 6
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_uint next, served;
static int count;

static void* use(void* unused) {
  const unsigned mine = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed);
  while (atomic_load_explicit(&served, memory_order_acquire) != mine) {
  }
  ++count;
  atomic_store_explicit(&served, mine + 1, memory_order_release);
  return unused;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, use, NULL);
  use(NULL);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  assert(count == 3);
  return 0;
}
