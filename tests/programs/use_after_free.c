// A node is freed as soon as it is out of the list, though a reader may have come to it before.
// expect: status 1, "use after free", "node->value"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct Node {
  int value;
};

static struct Node* _Atomic head;

static void* read_first(void* unused) {
  const struct Node* node = atomic_load_explicit(&head, memory_order_acquire);
  if (node != NULL && node->value != 1) abort();
  return unused;
}

int main(void) {
  pthread_t reader;
  struct Node* node = malloc(sizeof *node);
  node->value = 1;
  atomic_store_explicit(&head, node, memory_order_release);
  pthread_create(&reader, NULL, read_first, NULL);
  free(atomic_exchange_explicit(&head, NULL, memory_order_acq_rel));
  pthread_join(reader, NULL);
  return 0;
}
