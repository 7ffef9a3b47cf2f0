// A test-and-set lock of C11's atomic_flag, with the loop that only reads left out. 6 = 3! orders of the holders.
// expect: status 0, executions 6
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_flag held = ATOMIC_FLAG_INIT;
static int count;

static void* use(void* unused) {
  while (atomic_flag_test_and_set_explicit(&held, memory_order_acquire)) {
  }
  ++count;
  atomic_flag_clear_explicit(&held, memory_order_release);
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
