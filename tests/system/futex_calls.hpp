// tests/system/futex_calls.hpp: the futex system call, as programs make it. What fails gives the error's number
// negated.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <string>

namespace lockstep::check {

using Word = std::atomic<std::uint32_t>;

inline constexpr std::uint32_t everyone = 0x7fff'ffff;

/// `third`: a timespec, or a number.
template <class Third = const timespec*>
long futex(const void* word, int operation, std::uint32_t value, Third third = {},
           const void* second_word = nullptr, std::uint32_t last = 0) {
  const long result = syscall(SYS_futex, word, operation, value, third, second_word, last);
  return result < 0 ? -errno : result;
}

inline long wait(const Word& word, std::uint32_t expected, const timespec* timeout = nullptr) {
  return futex(&word, FUTEX_WAIT_PRIVATE, expected, timeout);
}
inline long wake(const Word& word, std::uint32_t n) { return futex(&word, FUTEX_WAKE_PRIVATE, n); }
inline long wait_for_bits(const Word& word, std::uint32_t expected, std::uint32_t bits) {
  return futex(&word, FUTEX_WAIT_BITSET_PRIVATE, expected, nullptr, nullptr, bits);
}
inline long wake_bits(const Word& word, std::uint32_t n, std::uint32_t bits) {
  return futex(&word, FUTEX_WAKE_BITSET_PRIVATE, n, nullptr, nullptr, bits);
}
inline long requeue(const Word& word, std::uint32_t woken, long moved, const Word& to) {
  return futex(&word, FUTEX_REQUEUE_PRIVATE, woken, moved, &to);
}
inline long requeue_if(const Word& word, std::uint32_t expected, std::uint32_t woken, long moved,
                       const Word& to) {
  return futex(&word, FUTEX_CMP_REQUEUE_PRIVATE, woken, moved, &to, expected);
}

/// What a wait came to.
inline std::string name_of(long result) {
  switch (-result) {
    case 0:
      return "woken";
    case EAGAIN:
      return "changed";
    case ETIMEDOUT:
      return "timed out";
    case EINTR:
      return "interrupted";
    default:
      return result > 0 ? "?" : "error " + std::to_string(-result);
  }
}

}  // namespace lockstep::check
