// checker/system/mutex.hpp: POSIX mutexes, and spin locks.
//
// State: the mutex's lock word, an atomic object of the program
//   0 -> n+1  [lock, try_lock, acquire: the thread n has it]
//   n+1 -> 0  [unlock, release]
// How deep its holder is in a recursive one, that thread knows.
#pragma once

#include <pthread.h>

#include "checker/system/time.hpp"

namespace lockstep::check::system {

class Mutex {
 public:
  Mutex(const Call& call, pthread_mutex_t* mutex);

  // As POSIX gives them: 0 or an error number
  [[nodiscard]] int lock();
  [[nodiscard]] int try_lock();
  [[nodiscard]] int lock_before(const Deadline& deadline);
  [[nodiscard]] int unlock();
  /// In pthread_mutex_destroy.
  void end();

  [[nodiscard]] bool is_mine() const noexcept { return call_.held(address()) != nullptr; }

  // For a condition variable: lets go of it however deep it is, and takes it again as deep.
  [[nodiscard]] std::uint32_t release();
  void reacquire(std::uint32_t depth);

 private:
  [[nodiscard]] std::uintptr_t address() const noexcept {
    return reinterpret_cast<std::uintptr_t>(&mutex_->__data.__lock);
  }
  [[nodiscard]] Object word() const noexcept { return {address(), sizeof(int)}; }
  [[nodiscard]] Update taking() const;
  void take_when_free(bool is_timed);
  [[nodiscard]] bool take_now(const char* what);
  /// Of a mutex that the thread has: what locking it again comes to, if it comes to anything.
  [[nodiscard]] int lock_again(Held& held);

  const Call call_;
  pthread_mutex_t* const mutex_;
  int kind_;
};

/// A spin lock: like a mutex, but nobody knows who has it.
class SpinLock {
 public:
  SpinLock(const Call& call, pthread_spinlock_t* lock) : call_(call), lock_(lock) {}

  void lock();
  [[nodiscard]] int try_lock();
  void unlock();

 private:
  [[nodiscard]] std::uintptr_t address() const noexcept {
    return reinterpret_cast<std::uintptr_t>(lock_);
  }

  [[nodiscard]] Object word() const noexcept { return {address(), sizeof(int)}; }

  const Call call_;
  pthread_spinlock_t* const lock_;
};

}  // namespace lockstep::check::system
