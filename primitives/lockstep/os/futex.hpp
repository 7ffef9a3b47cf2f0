// lockstep/os/futex.hpp: the only place in the project that calls futex(2).
//
// Every futex here is private to the process, and every deadline absolute (FUTEX_WAIT_BITSET), so
// that a wait that was interrupted goes on towards the same instant. Neither call changes errno: a
// lock taken between a failing call and the look at its errno must not be noticed.
#pragma once

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <limits>

#include "lockstep/os/clock.hpp"

namespace lockstep::os {

using FutexWord = std::atomic<std::uint32_t>;

static_assert(sizeof(FutexWord) == 4 && FutexWord::is_always_lock_free,
              "a futex is a plain 32-bit word");
static_assert(sizeof(long) == 8, "SYS_futex takes a 64-bit timespec on 64-bit Linux only");

/// Sleeps if `word` still is `expected`, until woken or until the instant `until`. May also return
/// for no reason (a signal, a wake meant for an earlier user of the address): look at the word
/// again. Promises no memory order. Returns false only if the kernel said that `until` has come.
inline bool futex_wait(const FutexWord& word, std::uint32_t expected, Instant until = {}) noexcept {
  const int saved_errno = errno;
  timespec at{};
  if (!until.is_never()) {
    // The kernel refuses times before its clock's start; they have passed either way.
    const std::int64_t nanoseconds = until.nanoseconds > 0 ? until.nanoseconds : 0;
    at.tv_sec = nanoseconds / 1'000'000'000;
    at.tv_nsec = nanoseconds % 1'000'000'000;
  }
  const int clock = until.clock == Instant::Clock::realtime ? FUTEX_CLOCK_REALTIME : 0;
  const long result =
      ::syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG | clock, expected,
                until.is_never() ? nullptr : &at, nullptr, FUTEX_BITSET_MATCH_ANY);
  const bool timed_out = result == -1 && errno == ETIMEDOUT;
  errno = saved_errno;
  return !timed_out;
}

/// Wakes up to `most` threads that sleep on the word at `address`. The word may be gone: only its
/// address is used, and whoever sleeps there now takes it as a wake for no reason.
inline void futex_wake(const FutexWord* address, int most) noexcept {
  const int saved_errno = errno;
  ::syscall(SYS_futex, address, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, most, nullptr, nullptr, 0);
  errno = saved_errno;
}
inline void futex_wake_one(const FutexWord* address) noexcept { futex_wake(address, 1); }
inline void futex_wake_all(const FutexWord* address) noexcept {
  futex_wake(address, std::numeric_limits<int>::max());
}

}  // namespace lockstep::os
