// The last one of two is to free the block, but each asks in two steps whether it is the last: both may be.
// expect: status 1, "double free"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int users = 2;
static int* block;

static void leave(void) {
  atomic_fetch_sub(&users, 1);
  if (atomic_load(&users) == 0) free(block);
}

static void* use(void* unused) {
  leave();
  return unused;
}

int main(void) {
  pthread_t thread;
  block = malloc(sizeof *block);
  pthread_create(&thread, NULL, use, NULL);
  leave();
  pthread_join(thread, NULL);
  return 0;
}
