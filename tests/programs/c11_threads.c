// C11's own threads are not modelled, and never run for real.
// expect: status 2, "thrd_create is not modelled"
#include <stddef.h>
#include <threads.h>

static int run(void* unused) {
  (void)unused;
  return 0;
}

int main(void) {
  thrd_t thread;
  thrd_create(&thread, run, NULL);
  thrd_join(thread, NULL);
  return 0;
}
