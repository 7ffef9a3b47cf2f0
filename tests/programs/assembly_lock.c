// A lock of which the compare-exchange is inline assembly: run, it would be invisible, and the lock seem always free.
// expect: status 2, "atomic instruction that is not instrumented", "assembly_lock.c:12"
#include <pthread.h>

static int locked = 0;
static int count = 0;

static void* work(void* unused) {
  for (int seen = 1; seen != 0;) {
    seen = 1;
#ifdef __x86_64__
    __asm__ volatile("xchgl %0, %1" : "+r"(seen), "+m"(locked) : : "memory");
#else
    __asm__ volatile("swpa %w0, %w0, %1" : "+r"(seen), "+Q"(locked) : : "memory");
#endif
  }
  ++count;
  __atomic_store_n(&locked, 0, __ATOMIC_RELEASE);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  work(NULL);
  return pthread_join(thread, NULL);
}
