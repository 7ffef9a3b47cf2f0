// Thread-specific data: each thread has its own, and its destructor has run when the thread is joined.
// 2 = the orders in which two destructors count.
// expect: status 0, executions 2
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static pthread_key_t key;
static atomic_int destroyed;

static void destroy(void* value) {
  free(value);
  atomic_fetch_add_explicit(&destroyed, 1, memory_order_relaxed);
}

static void* own(void* number) {
  assert(pthread_getspecific(key) == NULL);
  int* mine = malloc(sizeof *mine);
  *mine = *(int*)number;
  pthread_setspecific(key, mine);
  assert(*(int*)pthread_getspecific(key) == *(int*)number);
  return NULL;
}

int main(void) {
  pthread_t threads[2];
  int numbers[2] = {1, 2};
  pthread_key_create(&key, destroy);
  for (int i = 0; i < 2; ++i) pthread_create(&threads[i], NULL, own, &numbers[i]);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  assert(atomic_load(&destroyed) == 2);
  return 0;
}
