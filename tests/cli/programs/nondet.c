/* As many executions as __VERIFIER_nondet_int() has values, less those that the assumption leaves out; and twice as
   many for the bool. */
#include <lockstep/check.h>
#include <stdbool.h>

extern int __VERIFIER_nondet_int(void);
extern bool __VERIFIER_nondet_bool(void);
extern void __VERIFIER_assume(int holds);

int main(void) {
  const int value = __VERIFIER_nondet_int();
  __VERIFIER_assume(value != 1);
  lockstep_outcome(value == 0 ? "none" : "some");
  lockstep_outcome(__VERIFIER_nondet_bool() ? "true" : "false");
  lockstep_require(value >= 0);
  return lockstep_choose(1);
}
