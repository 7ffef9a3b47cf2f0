// The state changes, and is signalled, without the mutex: the signal may come between check and wait, and is lost.
// expect: status 1, "deadlock", "condition"
// options: --spurious-wakes 0
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static atomic_int is_ready;

static void* announce(void* unused) {
  atomic_store(&is_ready, 1);
  pthread_cond_signal(&changed);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, announce, NULL);
  pthread_mutex_lock(&mutex);
  while (!atomic_load(&is_ready)) pthread_cond_wait(&changed, &mutex);
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, NULL);
  return 0;
}
