// The same buffer, with `if` for `while`: a wait that ends though nobody woke it finds the slot as it was.
// expect: status 1, "assertion failed: slot == i"
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int slot, is_full;

static void* produce(void* unused) {
  for (int i = 1; i <= 2; ++i) {
    pthread_mutex_lock(&mutex);
    if (is_full) pthread_cond_wait(&changed, &mutex);
    slot = i;
    is_full = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
  }
  return unused;
}

int main(void) {
  pthread_t producer;
  pthread_create(&producer, NULL, produce, NULL);
  for (int i = 1; i <= 2; ++i) {
    pthread_mutex_lock(&mutex);
    if (!is_full) pthread_cond_wait(&changed, &mutex);
    assert(slot == i);
    is_full = 0;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
  }
  pthread_join(producer, NULL);
  return 0;
}
