// checker/system/rwlock.hpp: POSIX read-write locks.
//
// State: how many readers have it, or `written`, in a word of the lock that glibc leaves at 0: its own hold
// more than that, also in a lock that nobody has. Whether it waits for readers or
// for writers first is not modelled: whoever can go on may.
#pragma once

#include <pthread.h>

#include "checker/system/time.hpp"

namespace lockstep::check::system {

class RwLock {
 public:
  RwLock(const Call& call, pthread_rwlock_t* lock) : call_(call), lock_(lock) {}

  // 0 or an error number
  [[nodiscard]] int lock(bool is_shared);
  [[nodiscard]] int try_lock(bool is_shared);
  [[nodiscard]] int lock_before(bool is_shared, const Deadline& deadline);
  [[nodiscard]] int unlock();
  void begin();
  void end();

 private:
  static constexpr std::uint32_t written = 0xffff'ffff;

  [[nodiscard]] static Update taking(bool is_shared) noexcept;
  [[nodiscard]] int take_when_free(bool is_shared, bool is_timed);
  [[nodiscard]] bool take_now(bool is_shared, const char* what);
  /// EDEADLK if the thread has it in a way in which it would wait for itself.
  [[nodiscard]] int check_own(bool is_shared) const noexcept;
  [[nodiscard]] Object state() const noexcept {
    return {reinterpret_cast<std::uintptr_t>(&lock_->__data.__pad3), sizeof(std::uint32_t)};
  }

  const Call call_;
  pthread_rwlock_t* const lock_;
};

}  // namespace lockstep::check::system
