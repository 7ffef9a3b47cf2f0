// A seqlock as Boehm has it: relaxed data between two fences. A reader that sees one even version sees one state.
// 18, by the version that the reader begins with: 0 with no data yet, then any of 3 versions, or with some in 3 ways,
// then 2 versions: 9; 1: any data, then 2 versions: 8; 2: 1.
// expect: status 0, executions 18
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_uint version;
static atomic_int low, high;

static void* write_both(void* unused) {
  atomic_store_explicit(&version, 1, memory_order_relaxed);
  atomic_thread_fence(memory_order_release);
  atomic_store_explicit(&low, 1, memory_order_relaxed);
  atomic_store_explicit(&high, 1, memory_order_relaxed);
  atomic_store_explicit(&version, 2, memory_order_release);
  return unused;
}

int main(void) {
  pthread_t writer;
  pthread_create(&writer, NULL, write_both, NULL);
  const unsigned before = atomic_load_explicit(&version, memory_order_acquire);
  const int a = atomic_load_explicit(&low, memory_order_relaxed);
  const int b = atomic_load_explicit(&high, memory_order_relaxed);
  atomic_thread_fence(memory_order_acquire);
  const unsigned after = atomic_load_explicit(&version, memory_order_relaxed);
  if (before == after && before % 2 == 0) assert(a == b);
  pthread_join(writer, NULL);
  return 0;
}
