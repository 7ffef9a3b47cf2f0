// Each thread sees what the other's variable held before: store buffering.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int x, y;
static int seen;

static void* other(void* unused) {
  atomic_store_explicit(&x, 1, memory_order_release);
  seen = atomic_load_explicit(&y, memory_order_acquire);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, other, NULL);
  atomic_store_explicit(&y, 1, memory_order_release);
  const int mine = atomic_load_explicit(&x, memory_order_acquire);
  pthread_join(thread, NULL);
  assert(mine + seen != 0);
  return 0;
}
