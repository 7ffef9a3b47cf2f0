/* lockstep/check/memory_functions.h: included before every file that gcc compiles for the checker. gcc
   does not instrument what these functions access, as clang does; under these names it is seen. Renamed
   is what the assembler is told to call: also what the standard library asks for as a builtin. */
__asm__(".set memcpy, __tsan_memcpy\n"
        ".set memmove, __tsan_memmove\n"
        ".set memset, __tsan_memset\n");
