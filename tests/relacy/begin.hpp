// tests/relacy/begin.hpp: from here to end.hpp, std::atomic and the system calls are Relacy's.
// Include it first of all, once.
//
// The order matters.
//   1. Every standard and system header that what follows may want. Their guards make them no-ops
//      later on; read later, with `std` redefined, they would not compile.
//   2. Relacy, and away with the macros that it leaks.
//   3. What takes the place of the standard library's and the system's: atomic.hpp, os.hpp,
//      data.hpp.
//   4. The names that lead there.
#pragma once

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <chrono>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <source_location>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>

// 2. What Relacy gives another meaning and we need as it was.
#pragma push_macro("EAGAIN")
#pragma push_macro("EBUSY")
#pragma push_macro("EINTR")
#pragma push_macro("EINVAL")
#pragma push_macro("ETIMEDOUT")
#pragma push_macro("EWOULDBLOCK")
#pragma push_macro("FUTEX_WAIT")
#pragma push_macro("FUTEX_WAKE")
#pragma push_macro("assert")
#pragma push_macro("errno")
#include <relacy/relacy.hpp>
#pragma pop_macro("EAGAIN")
#pragma pop_macro("EBUSY")
#pragma pop_macro("EINTR")
#pragma pop_macro("EINVAL")
#pragma pop_macro("ETIMEDOUT")
#pragma pop_macro("EWOULDBLOCK")
#pragma pop_macro("FUTEX_WAIT")
#pragma pop_macro("FUTEX_WAKE")
#pragma pop_macro("assert")
#pragma pop_macro("errno")
#undef Sleep
#undef VAR
#undef calloc
#undef delete
#undef free
#undef futex
#undef malloc
#undef memory_order_acq_rel
#undef memory_order_acquire
#undef memory_order_consume
#undef memory_order_relaxed
#undef memory_order_release
#undef memory_order_seq_cst
#undef new
#undef pthread_attr_t
#undef pthread_create
#undef pthread_join
#undef pthread_t
#undef realloc
#undef sched_yield

// 3.
#include "atomic.hpp"
#include "data.hpp"
#include "os.hpp"

/// What is called std between here and end.hpp: the standard library, with another atomic.
namespace relacy_std {
using namespace std;
using under_relacy::atomic;
}  // namespace relacy_std

// 4.
#define std relacy_std
#define syscall relacy_syscall
#define sched_yield relacy_sched_yield
#define nanosleep relacy_nanosleep
#define clock_gettime relacy_clock_gettime
#define __assert_fail relacy_assert_fail
#define __builtin_thread_pointer relacy_thread_pointer
#define __builtin_ia32_pause relacy_sched_yield
#define LOCKSTEP_BELLS 0
#define LOCKSTEP_SPIN_BUDGET 0
#define LOCKSTEP_PATIENCE 1
#define LOCKSTEP_SCENARIO_TOOLS "../relacy/data.hpp"
