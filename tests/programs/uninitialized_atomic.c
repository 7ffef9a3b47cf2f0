// An atomic that malloc returned and nobody initialized is read: its value is indeterminate.
// expect: status 1, "atomic read of an object that was never initialized"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct Counter {
  atomic_int hits;
};

static void* hit(void* counter) {
  atomic_fetch_add(&((struct Counter*)counter)->hits, 1);
  return NULL;
}

int main(void) {
  pthread_t thread;
  struct Counter* counter = malloc(sizeof *counter);
  pthread_create(&thread, NULL, hit, counter);
  pthread_join(thread, NULL);
  free(counter);
  return 0;
}
