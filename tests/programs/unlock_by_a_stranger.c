// A mutex used as a signal: one thread unlocks what another locked, which POSIX leaves undefined.
// expect: status 1, "a thread unlocks a mutex that it does not have"
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t working = PTHREAD_MUTEX_INITIALIZER;
static int result;

static void* work(void* unused) {
  result = 42;
  pthread_mutex_unlock(&working);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_mutex_lock(&working);
  pthread_create(&thread, NULL, work, NULL);
  pthread_join(thread, NULL);
  assert(result == 42);
  return 0;
}
