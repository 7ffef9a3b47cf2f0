// Two semaphores hand a plain variable to and fro: ping, pong. 1 = each step waits for the one before.
// expect: status 0, executions 1
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static sem_t ping, pong;
static int ball;

static void* return_it(void* unused) {
  for (int i = 0; i < 2; ++i) {
    sem_wait(&ping);
    ++ball;
    sem_post(&pong);
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  sem_init(&ping, 0, 0);
  sem_init(&pong, 0, 0);
  pthread_create(&thread, NULL, return_it, NULL);
  for (int i = 0; i < 2; ++i) {
    ++ball;
    sem_post(&ping);
    sem_wait(&pong);
  }
  pthread_join(thread, NULL);
  assert(ball == 4);
  return 0;
}
