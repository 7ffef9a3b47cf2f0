// A message and a flag. The flag is stored relaxed, so the reader may see it and not the message.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static int message;
static atomic_int ready;

static void* writer(void* unused) {
  message = 42;
  atomic_store_explicit(&ready, 1, memory_order_relaxed);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, writer, NULL);
  if (atomic_load_explicit(&ready, memory_order_acquire)) assert(message == 42);
  pthread_join(thread, NULL);
}
