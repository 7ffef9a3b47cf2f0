// lockstep/check/requirements.hpp: what the checker's headers cannot be compiled without, and whoever lacks it is told so.
//
// The compiler is stopped by a file that does not exist: what else it would say would bury the one sentence that helps.
// Checked by: tests/headers/ (refuse_an_older_standard_for_the_checker)
#pragma once

#if __cplusplus < 202002L
#error \
    "Lockstep's checker needs C++20: compile with -std=c++20 or later (tested: g++ 12, clang++ 19)"
#include "no further, because of the error above"
#endif
