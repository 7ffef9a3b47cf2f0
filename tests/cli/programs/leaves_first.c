/* main() returns while another thread spins for ever, or before it has asserted what does not hold. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int never;

static void* spin(void* unused) {
#ifdef ASSERT
  assert(atomic_load(&never) == 1);
#endif
  while (atomic_load(&never) == 0) {
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, spin, NULL);
  return 1;
}
