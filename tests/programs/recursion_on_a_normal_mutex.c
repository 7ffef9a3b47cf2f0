// The same with a mutex of the normal kind: the thread waits for itself.
// expect: status 1, "a thread locks a mutex that it has: it waits for itself"
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t mutex;
static int balance;

static void deposit(int amount) {
  pthread_mutex_lock(&mutex);
  balance += amount;
  pthread_mutex_unlock(&mutex);
}

static void* deposit_twice(void* unused) {
  pthread_mutex_lock(&mutex);
  deposit(1);
  deposit(2);
  pthread_mutex_unlock(&mutex);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_NORMAL);
  pthread_mutex_init(&mutex, &attributes);
  pthread_create(&thread, NULL, deposit_twice, NULL);
  deposit_twice(NULL);
  pthread_join(thread, NULL);
  assert(balance == 6);
  return 0;
}
