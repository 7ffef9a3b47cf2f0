// Three dining philosophers who all take the left fork first: each may have one and wait for the next.
// expect: status 1, "deadlock", "waits for the mutex"
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

enum { seats = 3 };
static pthread_mutex_t forks[seats] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                       PTHREAD_MUTEX_INITIALIZER};

static void* eat(void* argument) {
  const int seat = (int)(intptr_t)argument;
  int first = seat, second = (seat + 1) % seats;
  pthread_mutex_lock(&forks[first]);
  pthread_mutex_lock(&forks[second]);
  pthread_mutex_unlock(&forks[second]);
  pthread_mutex_unlock(&forks[first]);
  return NULL;
}

int main(void) {
  pthread_t philosophers[seats];
  for (intptr_t i = 0; i < seats; ++i) pthread_create(&philosophers[i], NULL, eat, (void*)i);
  for (int i = 0; i < seats; ++i) pthread_join(philosophers[i], NULL);
  return 0;
}
