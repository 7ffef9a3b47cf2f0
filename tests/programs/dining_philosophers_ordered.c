// Dining philosophers who take the fork of the lower number first: there is no circle.
// 6 = each of three forks is taken by one neighbour or the other first, 2^3, less the two circles.
// expect: status 0, executions 6
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

enum { seats = 3 };
static pthread_mutex_t forks[seats] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                       PTHREAD_MUTEX_INITIALIZER};

static void* eat(void* argument) {
  const int seat = (int)(intptr_t)argument;
  int first = seat, second = (seat + 1) % seats;
  if (second < first) {
    first = second;
    second = seat;
  }
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
