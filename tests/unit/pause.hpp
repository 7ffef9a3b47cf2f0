// tests/unit/pause.hpp: the moment between a wake and its receiver's noticing, made as long as a test wants.
#pragma once

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include <atomic>
#include <thread>

#include "threads.hpp"

namespace lockstep::test {

/// While it lives, a thread that was asleep is kept in a signal handler: it can be woken, but does not learn of it.
class Pause {
 public:
  static constexpr bool is_possible = !thread_sanitized;
  static constexpr const char* why_not =
      "the thread sanitizer runs signal handlers only after the wait";

  explicit Pause(BlockedThread& thread) {
    entered_.store(false);
    over_.store(false);
    struct sigaction action{};
    action.sa_handler = [](int) {
      entered_.store(true);
      while (!over_.load()) ::sched_yield();
    };
    ::sigaction(SIGUSR2, &action, nullptr);
    ::pthread_kill(thread.native_handle(), SIGUSR2);
    while (!entered_.load()) std::this_thread::yield();
  }
  ~Pause() { over_.store(true); }
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;

 private:
  static inline std::atomic<bool> entered_{false};
  static inline std::atomic<bool> over_{false};
};

}  // namespace lockstep::test
