/* The first thread waits for what nobody does; with pthread_exit() the program would go on after its end. */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int never;

static void* spin(void* unused) {
  while (atomic_load(&never) == 0) {
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, spin, NULL);
  pthread_exit(NULL);
}
