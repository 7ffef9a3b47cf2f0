/* In the manner of SV-COMP: the error is reached in one of the executions. */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

extern void reach_error(void);
extern unsigned __VERIFIER_nondet_uint(void);

static atomic_uint value;

static void* change(void* unused) {
  atomic_store(&value, __VERIFIER_nondet_uint());
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, change, NULL);
  if (atomic_load(&value) == 2) reach_error();
  pthread_join(thread, NULL);
  return 0;
}
