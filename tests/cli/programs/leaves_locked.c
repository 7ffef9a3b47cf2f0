/* main() returns with a mutex that another thread waits for: no deadlock, for the program is over. */
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void* wait_for_it(void* unused) {
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, wait_for_it, NULL);
  pthread_mutex_lock(&mutex);
#ifdef JOIN
  pthread_join(thread, NULL);
#endif
  return 0;
}
