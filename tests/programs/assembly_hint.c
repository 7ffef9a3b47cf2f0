// Assembly that reads and writes nothing is let through: a barrier for the compiler, a hint for the processor.
// expect: status 0
#include <pthread.h>
#include <stddef.h>

static int flag = 0;

static void* set(void* unused) {
  __asm__ volatile("" : : : "memory");
  __atomic_store_n(&flag, 1, __ATOMIC_RELEASE);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, set, NULL);
  while (__atomic_load_n(&flag, __ATOMIC_ACQUIRE) == 0) {
#ifdef __x86_64__
    __asm__ volatile("pause");
#else
    __asm__ volatile("yield");
#endif
  }
  return pthread_join(thread, NULL);
}
