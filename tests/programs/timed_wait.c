// Who waits with a deadline looks at the state afterwards, not only at the result: right however the race ends.
// expect: status 0
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
  int result = 0;
  while (!is_ready && result == 0) result = pthread_cond_timedwait(&changed, &mutex, &deadline);
  assert(is_ready || result == ETIMEDOUT);
  pthread_mutex_unlock(&mutex);
  pthread_join(thread, NULL);
  return 0;
}
