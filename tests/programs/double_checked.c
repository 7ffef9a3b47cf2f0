// Double-checked locking as it is right: the first check acquires what the store releases.
// 4 = either thread makes it; the other then sees that at once, or only under the mutex.
// expect: status 0, executions 4
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

struct Config {
  int value;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct Config* _Atomic config;

static struct Config* get(void) {
  struct Config* it = atomic_load_explicit(&config, memory_order_acquire);
  if (it == NULL) {
    pthread_mutex_lock(&mutex);
    it = atomic_load_explicit(&config, memory_order_relaxed);
    if (it == NULL) {
      it = malloc(sizeof *it);
      it->value = 42;
      atomic_store_explicit(&config, it, memory_order_release);
    }
    pthread_mutex_unlock(&mutex);
  }
  return it;
}

static void* use(void* unused) {
  assert(get()->value == 42);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, use, NULL);
  use(NULL);
  pthread_join(thread, NULL);
  return 0;
}
