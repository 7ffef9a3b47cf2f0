// A futex that is woken before it is slept on: the sleeper does not say which value it expects to find.
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int door;

static void* opener(void* unused) {
  atomic_store_explicit(&door, 1, memory_order_release);
  syscall(SYS_futex, &door, FUTEX_WAKE, 1);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, opener, NULL);
  if (atomic_load_explicit(&door, memory_order_acquire) == 0) {
    const int found = atomic_load_explicit(&door, memory_order_relaxed);  // and that may be 1 by now
    syscall(SYS_futex, &door, FUTEX_WAIT, found, NULL);
  }
  pthread_join(thread, NULL);
}
