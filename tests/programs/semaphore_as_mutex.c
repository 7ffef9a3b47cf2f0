// A POSIX semaphore taken for a mutex, but begun with 2: it lets both in.
// expect: status 1, "data race on count"
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static sem_t permits;
static int count;

static void* use(void* unused) {
  sem_wait(&permits);
  ++count;
  sem_post(&permits);
  return unused;
}

int main(void) {
  pthread_t thread;
  sem_init(&permits, 0, 2);
  pthread_create(&thread, NULL, use, NULL);
  use(NULL);
  pthread_join(thread, NULL);
  assert(count == 2);
  return 0;
}
