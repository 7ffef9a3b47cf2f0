// In the manner of SV-COMP: an account is overdrawn if two withdrawals check before either pays.
// expect: status 1, "reach_error was called"
// options: --nondet 4
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

extern int __VERIFIER_nondet_int(void);
extern void __VERIFIER_assume(int holds);
extern void reach_error(void);

static atomic_int balance;

static void* withdraw(void* unused) {
  if (atomic_load(&balance) >= 2) atomic_fetch_sub(&balance, 2);
  return unused;
}

int main(void) {
  pthread_t thread;
  const int initial = __VERIFIER_nondet_int();
  __VERIFIER_assume(initial >= 2);
  atomic_store(&balance, initial);
  pthread_create(&thread, NULL, withdraw, NULL);
  withdraw(NULL);
  pthread_join(thread, NULL);
  if (atomic_load(&balance) < 0) reach_error();
  return 0;
}
