// tests/relacy/os.hpp: what the headers under test ask of the system, on Relacy's threads and a
// clock of our own.
//
// futex_wait compares the newest value of the word, as the kernel does, and sleeps, in one step. It
// makes no happens-before: neither the kernel nor C++ promises any. (Relacy's own futex does, so
// what it adds to the waiter's clock is taken away again.) futex_wake goes by the address alone; if
// there is no word any more, nobody can be asleep on it.
//
// Time stands still, but for two things that Relacy's scheduler may choose: a timed wait ends
// because its time has come; and once in an execution a clock that is looked at leaps far ahead.
#pragma once

#include "atomic.hpp"

namespace under_relacy {

inline constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

/// Lets the others go on; but no more than once before the caller looks at an atomic again.
inline void yield() {
  bool& has_yielded = execution.has_yielded[rl::thread_index()];
  if (std::exchange(has_yielded, true)) return;
  const Exceptions exceptions;
  rl::yield(1, {"", "yield", 0});
}

/// The clock of Relacy's memory model for the calling thread: what it has seen of the others. Put
/// back at the end.
class Knowledge {
 public:
  Knowledge() { std::copy_n(present(), count(), before_.begin()); }
  ~Knowledge() { std::copy_n(before_.begin(), count(), present()); }
  Knowledge(const Knowledge&) = delete;
  Knowledge& operator=(const Knowledge&) = delete;

 private:
  static rl::timestamp_t* present() { return rl::ctx().threadx_->acq_rel_order_; }
  static int count() { return rl::ctx().get_thread_count(); }

  std::array<rl::timestamp_t, 8> before_;
};

inline long fail_with(int error) {
  errno = error;
  return -1;
}

inline long futex_wait(const atomic<std::uint32_t>* word, std::uint32_t expected,
                       const timespec* until) {
  const rl::debug_info where{"", "futex_wait", 0};
  const Exceptions exceptions;
  rl::ctx().sched();
  Cells<std::uint32_t>::Cell* const cell = Cells<std::uint32_t>::find(word);
  if (cell == nullptr) {
    rl::ctx().fail_test("a futex word", rl::test_result_access_to_freed_memory, where);
  }
  if (cell->debug_value() != expected) {
    rl::yield(1, where);
    return fail_with(EAGAIN);
  }
  if (!execution.woke_for_nothing && choose_to()) {
    execution.woke_for_nothing = true;
    return 0;
  }
  const Knowledge knowledge;
  if (cell->wait(rl::ctx(), until != nullptr, false, where) != rl::unpark_reason_timeout) return 0;
  const std::int64_t end = until->tv_sec * nanoseconds_per_second + until->tv_nsec;
  execution.nanoseconds = std::max(execution.nanoseconds, end);
  return fail_with(ETIMEDOUT);
}

inline long futex_wake(const void* word, std::uint32_t count) {
  const Exceptions exceptions;
  rl::ctx().sched();
  Cells<std::uint32_t>::Cell* const cell = Cells<std::uint32_t>::find(word);
  if (cell == nullptr) return 0;
  return cell->wake(rl::ctx(), static_cast<int>(count), {"", "futex_wake", 0});
}

}  // namespace under_relacy

// By the names that begin.hpp gives the system's functions.

inline long relacy_syscall(long number, const under_relacy::atomic<std::uint32_t>* word,
                           int operation, std::uint32_t value, const timespec* until,
                           std::nullptr_t, std::uint32_t) {
  const int command = operation & FUTEX_CMD_MASK;
  if (number == SYS_futex && command == FUTEX_WAIT_BITSET) {
    return under_relacy::futex_wait(word, value, until);
  }
  if (number == SYS_futex && command == FUTEX_WAKE) return under_relacy::futex_wake(word, value);
  rl::ctx().fail_test("a system call that tests/relacy does not know",
                      rl::test_result_inconsistent_test_suite, {});
  return -1;
}

inline int relacy_sched_yield() {
  under_relacy::yield();
  return 0;
}

inline int relacy_nanosleep(const timespec*, timespec*) { return relacy_sched_yield(); }

inline int relacy_clock_gettime(clockid_t, timespec* now) {
  under_relacy::Execution& execution = under_relacy::execution;
  if (!execution.has_leapt && under_relacy::choose_to()) {
    execution.has_leapt = true;
    execution.nanoseconds += 3600 * under_relacy::nanoseconds_per_second;
  }
  now->tv_sec = execution.nanoseconds / under_relacy::nanoseconds_per_second;
  now->tv_nsec = execution.nanoseconds % under_relacy::nanoseconds_per_second;
  return 0;
}

[[noreturn]] inline void relacy_assert_fail(const char* claim, const char* file, unsigned line,
                                            const char*) {
  rl::ctx().fail_test(claim, rl::test_result_user_assert_failed, {"", file, line});
  std::abort();  // not reached: Relacy has left the execution
}

/// A distinct address for each of Relacy's threads.
inline void* relacy_thread_pointer() {
  return reinterpret_cast<void*>(std::uintptr_t{rl::thread_index()} + 1);
}
