/* lockstep/check/memory_functions.h: included before every file that gcc compiles for the checker. gcc
   does not instrument these functions' accesses by itself, as clang does; under these names they are
   seen. */
#ifndef LOCKSTEP_CHECK_MEMORY_FUNCTIONS_H
#define LOCKSTEP_CHECK_MEMORY_FUNCTIONS_H

#ifdef __cplusplus
#define LOCKSTEP_CHECK_NOTHROW noexcept
extern "C" {
#else
#define LOCKSTEP_CHECK_NOTHROW
#endif

void* memcpy(void*, const void*, __SIZE_TYPE__) LOCKSTEP_CHECK_NOTHROW __asm__("__tsan_memcpy");
void* memmove(void*, const void*, __SIZE_TYPE__) LOCKSTEP_CHECK_NOTHROW __asm__("__tsan_memmove");
void* memset(void*, int, __SIZE_TYPE__) LOCKSTEP_CHECK_NOTHROW __asm__("__tsan_memset");

#ifdef __cplusplus
}
#endif
#undef LOCKSTEP_CHECK_NOTHROW

#endif
