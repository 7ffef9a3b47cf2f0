// checker/system/futex.hpp: the futex system call.
//
// A thread that waits reads the word, and if it holds what is expected, enters the queue of those who sleep
// on the address: one step, as under the lock of the kernel's bucket. A wake takes sleepers off, first
// come first served. In which order calls have that lock, the order of the queue's changes says; neither
// waking nor being woken orders anything else. `man 2 futex`; Linux, kernel/futex/.
#pragma once

#include "checker/system/queue.hpp"

namespace lockstep::check::system {

class Futex {
 public:
  Futex(const Call& call, std::uintptr_t word) : call_(call), word_(word) {}

  // A count, or an error number negated

  [[nodiscard]] long wait(std::uint32_t expected, std::uint32_t mask, const Deadline& deadline);
  [[nodiscard]] long wake(std::uint32_t n, std::uint32_t mask);
  /// Wakes `n`, and has `moved` others sleep on `to`; if `expected` is given, only if the word is that.
  [[nodiscard]] long requeue(std::uint32_t n, std::uint32_t moved, std::uintptr_t to,
                             std::optional<std::uint32_t> expected);

  /// Could it be one?
  [[nodiscard]] int check() const noexcept;

 private:
  [[nodiscard]] Object word() const noexcept { return {word_, sizeof(std::uint32_t)}; }
  [[nodiscard]] Object queue() const noexcept { return {word_, 0}; }

  const Call call_;
  const std::uintptr_t word_;
};

/// syscall(SYS_futex, ...), with -1 and errno as it gives them.
long futex(const Call& call, const long (&arguments)[6]);
/// syscall(SYS_futex_waitv, ...), likewise (waitv.cpp).
long futex_waitv(const Call& call, const long (&arguments)[6]);

}  // namespace lockstep::check::system
