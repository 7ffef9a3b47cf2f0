// benchmarks/semaphore_bench.cpp: Semaphore and BoundedSemaphore against the semaphores of others.
//
// uncontended         one thread acquires and releases
// ping-pong/two-cores two threads wake each other in turn, each pinned to a processor of its own; a
//                     round trip
// ping-pong/one-core  the same, both pinned to one processor
//
// libstdc++ 12's semaphore can miss a wake-up where several threads acquire at once (one may go to
// sleep on a count that it read before another took it); here only one does.
#include <semaphore.h>

#include <condition_variable>
#include <mutex>
#include <semaphore>

#include "lockstep/bounded_semaphore.hpp"
#include "lockstep/os/futex.hpp"
#include "lockstep/os/spin.hpp"
#include "lockstep/semaphore.hpp"
#include "measure.hpp"

namespace bench {
namespace {

struct LockstepSemaphore : lockstep::Semaphore {
  static constexpr const char* name = "lockstep::Semaphore";
  using Semaphore::Semaphore;
};
/// Its bound is its initial value; one that starts with 0 permits would be of no use.
struct LockstepBounded : lockstep::BoundedSemaphore {
  static constexpr const char* name = "lockstep::BoundedSemaphore";
  using BoundedSemaphore::BoundedSemaphore;
};
struct StdCounting : std::counting_semaphore<> {
  static constexpr const char* name = "std::counting_semaphore";
  using std::counting_semaphore<>::counting_semaphore;
};
struct StdBinary : std::binary_semaphore {
  static constexpr const char* name = "std::binary_semaphore";
  using std::binary_semaphore::counting_semaphore;
};

class PosixSemaphore {
 public:
  static constexpr const char* name = "sem_t";
  explicit PosixSemaphore(unsigned permits) { ::sem_init(&semaphore_, 0, permits); }
  ~PosixSemaphore() { ::sem_destroy(&semaphore_); }
  PosixSemaphore(const PosixSemaphore&) = delete;
  PosixSemaphore& operator=(const PosixSemaphore&) = delete;
  void acquire() noexcept {
    while (::sem_wait(&semaphore_) != 0) {
    }
  }
  void release() noexcept { ::sem_post(&semaphore_); }

 private:
  sem_t semaphore_;
};

class MutexAndCondition {
 public:
  static constexpr const char* name = "std::mutex+condition_variable";
  explicit MutexAndCondition(int permits) : permits_(permits) {}
  void acquire() {
    std::unique_lock guard(mutex_);
    some_.wait(guard, [this] { return permits_ > 0; });
    --permits_;
  }
  void release() {
    {
      const std::scoped_lock guard(mutex_);
      ++permits_;
    }
    some_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable some_;
  int permits_;
};

/// Compare-exchange to acquire, addition to release: the least that any semaphore needs.
class FloorSemaphore {
 public:
  static constexpr const char* name = "floor";
  explicit FloorSemaphore(std::uint32_t permits) : permits_(permits) {}
  [[nodiscard]] bool try_acquire() noexcept {
    std::uint32_t seen = permits_.load(std::memory_order_relaxed);
    while (seen > 0) {
      if (permits_.compare_exchange_weak(seen, seen - 1, std::memory_order_acquire,
                                         std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }
  void acquire() noexcept {
    while (!try_acquire()) lockstep::os::pause();
  }
  void release() noexcept { permits_.fetch_add(1, std::memory_order_release); }

 protected:
  lockstep::os::FutexWord permits_;
};

/// The same loop by its other name: where a thread waits for another, it is the fastest way, and
/// useless on one core.
struct SpinSemaphore : FloorSemaphore {
  static constexpr const char* name = "spin";
  using FloorSemaphore::FloorSemaphore;
};

/// A futex and a count of those who sleep on it. Without sleepers, release makes no system call:
/// either the sleeper's count is seen after the permit was added, or the sleeper sees the permit
/// (both in the one order of seq_cst).
class FutexSemaphore : FloorSemaphore {
 public:
  static constexpr const char* name = "futex";
  using FloorSemaphore::FloorSemaphore;
  void acquire() noexcept {
    while (!try_acquire()) {
      sleepers_.fetch_add(1, std::memory_order_seq_cst);
      lockstep::os::futex_wait(permits_, 0);
      sleepers_.fetch_sub(1, std::memory_order_relaxed);
    }
  }
  void release() noexcept {
    permits_.fetch_add(1, std::memory_order_seq_cst);
    if (sleepers_.load(std::memory_order_seq_cst) != 0) lockstep::os::futex_wake_one(&permits_);
  }

 private:
  std::atomic<std::uint32_t> sleepers_{0};
};

/// A bare futex between two threads: every release wakes.
class FutexBaton {
 public:
  static constexpr const char* name = "floor";
  explicit FutexBaton(std::uint32_t permits) : word_(permits) {}
  void acquire() noexcept {
    while (word_.exchange(0, std::memory_order_acquire) == 0) lockstep::os::futex_wait(word_, 0);
  }
  void release() noexcept {
    word_.store(1, std::memory_order_release);
    lockstep::os::futex_wake_one(&word_);
  }

 private:
  lockstep::os::FutexWord word_;
};

using Semaphores = Peers<LockstepSemaphore, StdCounting, StdBinary, PosixSemaphore,
                         MutexAndCondition, FutexSemaphore>;

template <class S>
void uncontended(benchmark::State& state) {
  alignas(64) S semaphore(1);
  escape(semaphore);
  for (auto _ : state) {
    semaphore.acquire();
    benchmark::ClobberMemory();
    semaphore.release();
  }
}

template <class S>
void ping_pong(benchmark::State& state, bool two_cores) {
  if (two_cores && processors().size() < 2) return state.SkipWithError("needs two processors");
  alignas(64) S ping(0);
  alignas(64) S pong(0);
  std::atomic<bool> stopped = false;
  std::jthread partner([&] {
    const Pinned there(two_cores ? 1 : 0);
    for (;;) {
      ping.acquire();
      if (stopped.load(std::memory_order_relaxed)) return;
      pong.release();
    }
  });
  const Pinned here(0);
  const auto round_trip = [&] {
    ping.release();
    pong.acquire();
  };
  for (int warm_up = 0; warm_up < 100; ++warm_up) round_trip();
  for (auto _ : state) round_trip();
  stopped.store(true, std::memory_order_relaxed);
  ping.release();
}

}  // namespace

void register_benchmarks() {
  const auto pair = []<class S>(benchmark::State& state) { uncontended<S>(state); };
  compare("uncontended", Time::processor, Peers<FloorSemaphore, LockstepBounded>(), pair);
  compare("uncontended", Time::processor, Semaphores(), pair);

  const auto two_cores = []<class S>(benchmark::State& state) { ping_pong<S>(state, true); };
  compare("ping-pong/two-cores", Time::wall, Peers<FutexBaton, SpinSemaphore>(), two_cores);
  compare("ping-pong/two-cores", Time::wall, Semaphores(), two_cores);

  const auto one_core = []<class S>(benchmark::State& state) { ping_pong<S>(state, false); };
  compare("ping-pong/one-core", Time::wall, Peers<FutexBaton>(), one_core);
  compare("ping-pong/one-core", Time::wall, Semaphores(), one_core);
}

}  // namespace bench
