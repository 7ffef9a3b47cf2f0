// pthread_once: whoever comes first initializes, and all see it done. 2 = which of the two it is.
// expect: status 0, executions 2
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int table[2], times;

static void fill(void) {
  ++times;
  table[0] = table[1] = 7;
}

static void* use(void* unused) {
  pthread_once(&once, fill);
  assert(times == 1 && table[0] + table[1] == 14);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, use, NULL);
  use(NULL);
  pthread_join(thread, NULL);
  return 0;
}
