/* lockstep/check.h: what a C program under exploration may say to the checker. In C++ there is lockstep/check.hpp,
   and for whole programs of either language the names of SV-COMP work as well, without a header:
   __VERIFIER_assume(), __VERIFIER_nondet_int() and its like, __VERIFIER_error(), reach_error(). */
#ifndef LOCKSTEP_CHECK_H
#define LOCKSTEP_CHECK_H

#ifdef __cplusplus
extern "C" {
#endif

/** States a claim. An execution in which it does not hold is wrong. */
#define lockstep_require(holds) \
  ((holds) ? (void)0 : lockstep_requirement_failed(#holds, __FILE__, __LINE__))
void lockstep_requirement_failed(const char* claim, const char* file, int line);

/** Says that only executions with this are of interest: others end here, and are not counted. */
void lockstep_assume(int holds);

/** One of 0 to n-1, each of them in other executions. */
int lockstep_choose(int n);

/** Notes how the execution came out. `lockstep check --json` counts outcomes. */
void lockstep_outcome(const char* text);

#ifdef __cplusplus
}
#endif

#endif
