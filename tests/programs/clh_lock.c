// The lock of Craig, Landin and Hagersten: each waits at the node of the one before. 2 = orders of the exchanges.
// expect: status 0, executions 2
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

struct Node {
  atomic_int is_held;
};

static struct Node first, nodes[2];
static struct Node* _Atomic tail = &first;
static int count;

static void use(struct Node* mine) {
  atomic_store_explicit(&mine->is_held, 1, memory_order_relaxed);
  struct Node* before = atomic_exchange_explicit(&tail, mine, memory_order_acq_rel);
  while (atomic_load_explicit(&before->is_held, memory_order_acquire)) {
  }
  ++count;
  atomic_store_explicit(&mine->is_held, 0, memory_order_release);
}

static void* other(void* unused) {
  use(&nodes[1]);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, other, NULL);
  use(&nodes[0]);
  pthread_join(thread, NULL);
  assert(count == 2);
  return 0;
}
