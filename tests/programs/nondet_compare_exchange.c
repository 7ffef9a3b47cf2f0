// In the manner of SV-COMP: withdrawals by compare-exchange never overdraw, whatever the balance was.
// 10 = 1 each for 0 and 1, with which nobody pays; 4 each for 2 and 3: either pays, and the other sees that
// at once or by an exchange that fails.
// expect: status 0, executions 10
// options: --nondet 4
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

extern int __VERIFIER_nondet_int(void);
extern void reach_error(void);

static atomic_int balance;

static void* withdraw(void* unused) {
  int seen = atomic_load(&balance);
  while (seen >= 2 && !atomic_compare_exchange_strong(&balance, &seen, seen - 2)) {
  }
  return unused;
}

int main(void) {
  pthread_t thread;
  atomic_store(&balance, __VERIFIER_nondet_int());
  pthread_create(&thread, NULL, withdraw, NULL);
  withdraw(NULL);
  pthread_join(thread, NULL);
  if (atomic_load(&balance) < 0) reach_error();
  return 0;
}
