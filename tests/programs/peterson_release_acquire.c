// Peterson's lock with release and acquire does not exclude: each may miss that the other wants to enter.
// expect: status 1, "data race on count"
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int wants[2], turn;
static int count;

static void enter_and_leave(int me) {
  atomic_store_explicit(&wants[me], 1, memory_order_release);
  atomic_store_explicit(&turn, 1 - me, memory_order_release);
  while (atomic_load_explicit(&wants[1 - me], memory_order_acquire) &&
         atomic_load_explicit(&turn, memory_order_acquire) == 1 - me) {
  }
  ++count;
  atomic_store_explicit(&wants[me], 0, memory_order_release);
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
