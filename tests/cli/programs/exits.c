/* A thread ends the program while the first one waits for ever: no deadlock, and no error, whatever the status. */
#include <pthread.h>
#include <stddef.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int never;

static void* leave(void* unused) {
  exit(3);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, leave, NULL);
  while (atomic_load(&never) == 0) {
  }
  return 0;
}
