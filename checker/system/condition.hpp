// checker/system/condition.hpp: POSIX condition variables.
//
// Who waits is in a queue (explore/sleepers.hpp), which a waiter enters while it still has the mutex. A
// signal takes off the first. A condition variable orders nothing by itself: what its users see of each other
// they see by the mutex.
#pragma once

#include <pthread.h>

#include "checker/system/mutex.hpp"

namespace lockstep::check::system {

class Condition {
 public:
  Condition(const Call& call, pthread_cond_t* condition);

  /// 0 or ETIMEDOUT, with the mutex.
  [[nodiscard]] int wait(Mutex& mutex, const Deadline& deadline);
  void signal() { wake(1); }
  void broadcast() { wake(max_threads); }
  void begin(clockid_t clock);
  void end();

  /// By which pthread_cond_timedwait measures.
  [[nodiscard]] clockid_t clock() const noexcept;

 private:
  /// True: it was to end by itself. False: it was over before, which is for another execution.
  [[nodiscard]] bool leave();
  void wake(std::uint32_t n);
  [[nodiscard]] Object queue() const noexcept {
    return {reinterpret_cast<std::uintptr_t>(condition_), 0};
  }

  const Call call_;
  pthread_cond_t* const condition_;
};

}  // namespace lockstep::check::system
