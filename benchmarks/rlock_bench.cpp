// benchmarks/rlock_bench.cpp: RLock against the recursive locks of others.
//
// uncontended  one thread acquires and releases
// nested       the same, by a thread that owns the lock already
#include "locks.hpp"
#include "lockstep/os/thread.hpp"
#include "lockstep/rlock.hpp"

namespace bench {
namespace {

struct LockstepRLock : lockstep::RLock {
  static constexpr const char* name = "lockstep::RLock";
};
struct StdRecursiveMutex : std::recursive_mutex {
  static constexpr const char* name = "std::recursive_mutex";
};
struct PthreadRecursive : PthreadMutex<PTHREAD_MUTEX_RECURSIVE> {
  static constexpr const char* name = "pthread recursive";
};

/// FloorLock, an owner, and how many levels it holds: the least that a recursive lock needs.
class FloorRecursive {
 public:
  static constexpr const char* name = "floor";
  void lock() noexcept {
    const auto self = lockstep::os::this_thread();
    if (owner_.load(std::memory_order_relaxed) != self) {
      lock_.lock();
      owner_.store(self, std::memory_order_relaxed);
    }
    ++depth_;
  }
  void unlock() noexcept {
    if (--depth_ != 0) return;
    owner_.store(0, std::memory_order_relaxed);
    lock_.unlock();
  }

 private:
  FloorLock lock_;
  std::uint32_t depth_ = 0;
  std::atomic<std::uintptr_t> owner_{0};
};

using RecursiveLocks = Peers<FloorRecursive, LockstepRLock, StdRecursiveMutex, PthreadRecursive>;

template <class L>
void pair(benchmark::State& state, int levels) {
  alignas(64) L lock;
  escape(lock);
  for (int level = 0; level < levels; ++level) lock.lock();
  for (auto _ : state) {
    lock.lock();
    benchmark::ClobberMemory();
    lock.unlock();
    benchmark::ClobberMemory();
  }
  for (int level = 0; level < levels; ++level) lock.unlock();
}

}  // namespace

void register_benchmarks() {
  compare("uncontended", Time::processor, RecursiveLocks(),
          []<class L>(benchmark::State& state) { pair<L>(state, 0); });
  compare("nested", Time::processor, RecursiveLocks(),
          []<class L>(benchmark::State& state) { pair<L>(state, 1); });
}

}  // namespace bench
