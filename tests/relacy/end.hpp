// tests/relacy/end.hpp: the end of what begin.hpp began.
#undef std
#undef syscall
#undef sched_yield
#undef nanosleep
#undef clock_gettime
#undef __assert_fail
#undef __builtin_thread_pointer
#undef __builtin_ia32_pause
