// lockstep/os/requirements.hpp: what Lockstep cannot be compiled without, and whoever lacks it is told so.
//
// Stands before <coroutine> wherever that is included, because a standard library that is not asked for C++20 complains
// there first, and says less. After the one sentence that helps, the compiler is stopped by a file that does not
// exist: hundreds of errors that follow from the first would bury it.
//
// Checked by: tests/headers/ (refuse_...)
#pragma once

#if defined(LOCKSTEP_IS_INCLUDED)
#error \
    "Lockstep is included twice, from its folder and as lockstep_single.hpp: include one of them everywhere"
#include "no further, because of the error above"
#endif
#define LOCKSTEP_IS_INCLUDED

#if !defined(__linux__)
#error "Lockstep runs on Linux only: its threads sleep on futexes"
#include "no further, because of the error above"
#elif !defined(__LP64__)
#error "Lockstep needs a 64-bit target: compile with -m64, or on a 64-bit system"
#include "no further, because of the error above"
#elif __cplusplus < 202002L || !defined(__cpp_impl_coroutine)
#error "Lockstep needs C++20: compile with -std=c++20 or later (tested: g++ 12, clang++ 19)"
#include "no further, because of the error above"
#elif !defined(__cpp_exceptions)
#error "Lockstep throws when its rules are broken: compile without -fno-exceptions"
#include "no further, because of the error above"
#endif

#include <version>
#if !defined(__cpp_lib_jthread) || !defined(__cpp_lib_coroutine)
#error \
    "Lockstep needs std::stop_token and std::coroutine_handle, which this standard library lacks: \
use libstdc++ 12 or later (libc++ has the first since 20, before that with -fexperimental-library)"
#include "no further, because of the error above"
#endif
