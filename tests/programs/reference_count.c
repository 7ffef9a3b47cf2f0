// The last one of two frees the block, as the result of the decrement says. 2 = which one that is.
// expect: status 0, executions 2
// options: --leaks
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int users = 2;
static int* block;

static void* leave(void* unused) {
  if (*block != 5) abort();
  if (atomic_fetch_sub_explicit(&users, 1, memory_order_acq_rel) == 1) free(block);
  return unused;
}

int main(void) {
  pthread_t thread;
  block = malloc(sizeof *block);
  *block = 5;
  pthread_create(&thread, NULL, leave, NULL);
  leave(NULL);
  pthread_join(thread, NULL);
  return 0;
}
