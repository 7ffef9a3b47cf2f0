// benchmarks/locks.hpp: Lock and its peers, each with lock() and unlock(); and what the hardware
// takes at least.
#pragma once

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <cstdint>
#include <mutex>

#include "lockstep/lock.hpp"
#include "lockstep/os/futex.hpp"
#include "lockstep/os/spin.hpp"
#include "measure.hpp"

#ifdef LOCKSTEP_PEER_ABSL
#include <absl/synchronization/mutex.h>
#endif
#ifdef LOCKSTEP_PEER_NSYNC
#include <nsync.h>
#endif
#ifdef LOCKSTEP_PEER_TBB
#include <oneapi/tbb/mutex.h>
#endif

namespace bench {

struct LockstepLock : lockstep::Lock {
  static constexpr const char* name = "lockstep::Lock";
};

/// Compare-exchange to acquire, exchange to release: the least that a lock with waiters needs.
class FloorLock {
 public:
  static constexpr const char* name = "floor";
  void lock() noexcept {
    std::uint32_t seen = 0;
    while (!word_.compare_exchange_weak(seen, 1, std::memory_order_acquire,
                                        std::memory_order_relaxed)) {
      seen = 0;
    }
  }
  void unlock() noexcept { word_.exchange(0, std::memory_order_release); }

 private:
  std::atomic<std::uint32_t> word_{0};
};

/// Released by a plain store, which cannot notice waiters.
class SpinLock {
 public:
  static constexpr const char* name = "spin";
  void lock() noexcept {
    while (word_.exchange(1, std::memory_order_acquire) != 0) {
      while (word_.load(std::memory_order_relaxed) != 0) lockstep::os::pause();
    }
  }
  void unlock() noexcept { word_.store(0, std::memory_order_release); }

 private:
  std::atomic<std::uint32_t> word_{0};
};

/// First come, first served, and nothing else: whoever's turn it is, the others wait for, asleep or not.
class TicketLock {
 public:
  static constexpr const char* name = "ticket";
  void lock() noexcept {
    const std::uint32_t mine = next_.fetch_add(1, std::memory_order_relaxed);
    for (int looked = 0; serving_.load(std::memory_order_acquire) != mine; ++looked) {
      looked % 64 == 63 ? static_cast<void>(::sched_yield()) : lockstep::os::pause();
    }
  }
  void unlock() noexcept {
    serving_.store(serving_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

 private:
  std::atomic<std::uint32_t> next_{0};
  std::atomic<std::uint32_t> serving_{0};
};

/// U. Drepper, "Futexes are tricky", mutex 2: free, held, held and perhaps waited for.
class FutexLock {
 public:
  static constexpr const char* name = "futex";
  void lock() noexcept {
    std::uint32_t seen = 0;
    if (word_.compare_exchange_strong(seen, 1, std::memory_order_acquire,
                                      std::memory_order_relaxed)) {
      return;
    }
    if (seen != 2) seen = word_.exchange(2, std::memory_order_acquire);
    while (seen != 0) {
      lockstep::os::futex_wait(word_, 2);
      seen = word_.exchange(2, std::memory_order_acquire);
    }
  }
  void unlock() noexcept {
    if (word_.exchange(0, std::memory_order_release) == 2) lockstep::os::futex_wake_one(&word_);
  }

 private:
  lockstep::os::FutexWord word_{0};
};

struct StdMutex : std::mutex {
  static constexpr const char* name = "std::mutex";
};

/// glibc's mutex of a kind that is not the default.
template <int kind>
class PthreadMutex {
 public:
  PthreadMutex() {
    pthread_mutexattr_t attributes;
    ::pthread_mutexattr_init(&attributes);
    ::pthread_mutexattr_settype(&attributes, kind);
    ::pthread_mutex_init(&mutex_, &attributes);
    ::pthread_mutexattr_destroy(&attributes);
  }
  ~PthreadMutex() { ::pthread_mutex_destroy(&mutex_); }
  PthreadMutex(const PthreadMutex&) = delete;
  PthreadMutex& operator=(const PthreadMutex&) = delete;

  void lock() noexcept { ::pthread_mutex_lock(&mutex_); }
  void unlock() noexcept { ::pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_;
};

struct PthreadAdaptive : PthreadMutex<PTHREAD_MUTEX_ADAPTIVE_NP> {
  static constexpr const char* name = "pthread adaptive";
};

#ifdef LOCKSTEP_PEER_ABSL
/// Debian builds Abseil with its assertions, and so with a deadlock detector that others who use it
/// do not have.
inline const bool absl_without_detector =
    (absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore), true);

struct AbslMutex {
  static constexpr const char* name = "absl::Mutex";
  void lock() { mutex.Lock(); }
  void unlock() { mutex.Unlock(); }
  absl::Mutex mutex;
};
#endif

#ifdef LOCKSTEP_PEER_NSYNC
struct NsyncMu {
  static constexpr const char* name = "nsync_mu";
  NsyncMu() { nsync::nsync_mu_init(&mutex); }
  void lock() { nsync::nsync_mu_lock(&mutex); }
  void unlock() { nsync::nsync_mu_unlock(&mutex); }
  nsync::nsync_mu mutex;
};
#endif

#ifdef LOCKSTEP_PEER_TBB
struct TbbMutex : tbb::mutex {
  static constexpr const char* name = "tbb::mutex";
};
#endif

/// Those that put a thread to sleep.
using BlockingLocks = Peers<LockstepLock, StdMutex,
#ifdef LOCKSTEP_PEER_ABSL
                            AbslMutex,
#endif
#ifdef LOCKSTEP_PEER_NSYNC
                            NsyncMu,
#endif
#ifdef LOCKSTEP_PEER_TBB
                            TbbMutex,
#endif
                            PthreadAdaptive, FutexLock>;

}  // namespace bench
