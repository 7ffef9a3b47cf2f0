// tests/unit/threads.hpp: a thread that is known to be asleep, so that no test has to sleep and hope.
#pragma once

#include <gtest/gtest.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace lockstep::test {

// Is this built with a sanitizer, which makes threads slow and memory scarce? With that for threads, which delays signals?
#ifdef __has_feature  // clang
inline constexpr bool thread_sanitized = __has_feature(thread_sanitizer);
inline constexpr bool sanitized = thread_sanitized || __has_feature(address_sanitizer);
#elif defined(__SANITIZE_THREAD__)
inline constexpr bool thread_sanitized = true;
inline constexpr bool sanitized = true;
#elif defined(__SANITIZE_ADDRESS__)
inline constexpr bool thread_sanitized = false;
inline constexpr bool sanitized = true;
#else
inline constexpr bool thread_sanitized = false;
inline constexpr bool sanitized = false;
#endif

/// How often the calling thread has gone to sleep.
inline long voluntary_switches() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nvcsw;
}

/// A thread whose body is expected to block. The destructor joins.
class BlockedThread {
 public:
  explicit BlockedThread(std::function<void()> body)
      : thread_([this, body = std::move(body)] {
          id_.store(::gettid());
          id_.notify_all();
          body();
          finished_.store(true);
        }) {}

  /// Returns when the body sleeps in its blocking call. Fails the test if the body ends instead.
  void wait_until_asleep() {
    id_.wait(0);
    std::string before;
    while (!finished()) {
      const std::string now = futex_sleep();
      if (!now.empty() && now == before) return;
      before = now;
      std::this_thread::yield();
    }
    ADD_FAILURE() << "the thread ran to its end and did not block";
  }

  /// Names the sleep that the thread is in, as none of its other ones is named. Empty: it is awake.
  [[nodiscard]] std::string sleep() const {
    std::string sleep = futex_sleep();
    return sleep.empty() ? sleep : sleep + line("status", "voluntary_ctxt_switches");
  }

  /// Has the body returned?
  [[nodiscard]] bool finished() const { return finished_.load(); }

  void join() { thread_.join(); }

  [[nodiscard]] pthread_t native_handle() { return thread_.native_handle(); }

 private:
  /// Where and how the thread sleeps, as the kernel shows it; empty unless it sleeps in a futex as lockstep's waits and
  /// those of <condition_variable> do (a contended pthread mutex, such as malloc's, uses another operation).
  [[nodiscard]] std::string futex_sleep() const {
    // "number (name) state ...": not S from the moment that the thread is woken, even if it has yet to run.
    const std::string stat = line("stat");
    if (stat.find(") S ") == std::string::npos) return {};
    // "number arguments... stack-pointer program-counter", all but the first in hexadecimal; or "running".
    const std::string syscall = line("syscall");
    long number = 0;
    unsigned long operation = 0;
    if (std::sscanf(syscall.c_str(), "%ld %*s %lx", &number, &operation) != 2) return {};
    const bool waits = number == SYS_futex && (operation & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET;
    return waits ? syscall : "";
  }

  /// The first that begins so. Empty: there is none, or no such thread any more.
  [[nodiscard]] std::string line(const char* file, const char* beginning = "") const {
    std::ifstream in("/proc/self/task/" + std::to_string(id_.load()) + "/" + file);
    std::string line;
    while (std::getline(in, line) && !line.starts_with(beginning)) {
    }
    return line;
  }

  std::atomic<pid_t> id_{0};
  std::atomic<bool> finished_{false};
  std::jthread thread_;  // last, so that it is joined before the rest goes
};

}  // namespace lockstep::test
