/* checker/cli/probe.c: what explore() looks for in the code under test; see instrumentation_probe in
   lockstep/check.hpp. C and C++, because it is compiled like the first file of the program. */
#ifdef __cplusplus
extern "C"
#endif
void lockstep_probe(int* atomic, int* plain) {
  *plain = 1;
  __atomic_store_n(atomic, 1, __ATOMIC_RELAXED);
  *plain = __atomic_fetch_add(atomic, 1, __ATOMIC_RELAXED);
}
