// Taking a timeout to mean that nothing was announced: it may have been, while the waiter took the mutex again.
// expect: status 1, "assertion failed: !is_ready"
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int is_ready;

static void* announce(void* unused) {
  pthread_mutex_lock(&mutex);
  is_ready = 1;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  pthread_t thread;
  struct timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  ++deadline.tv_sec;
  pthread_create(&thread, NULL, announce, NULL);
  pthread_mutex_lock(&mutex);
  while (!is_ready) {
    if (pthread_cond_timedwait(&changed, &mutex, &deadline) == ETIMEDOUT) {
      assert(!is_ready);
      break;
    }
  }
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, NULL);
  return 0;
}
