// benchmarks/barrier_bench.cpp: Barrier against the barriers of others.
//
// phase  2, 4, 8, 32 threads, spread over the processors and pinned there, do nothing but wait for
//        each other; time for each phase
#include <pthread.h>

#include <barrier>
#include <limits>

#include "lockstep/barrier.hpp"
#include "measure.hpp"

namespace bench {
namespace {

class LockstepBarrier {
 public:
  static constexpr const char* name = "lockstep::Barrier";
  explicit LockstepBarrier(unsigned parties) : barrier_(parties) {}
  void wait() { barrier_.wait(); }

 private:
  lockstep::Barrier barrier_;
};

class StdBarrier {
 public:
  static constexpr const char* name = "std::barrier";
  explicit StdBarrier(unsigned parties) : barrier_(parties) {}
  void wait() { barrier_.arrive_and_wait(); }

 private:
  std::barrier<> barrier_;
};

class PthreadBarrier {
 public:
  static constexpr const char* name = "pthread_barrier";
  explicit PthreadBarrier(unsigned parties) { ::pthread_barrier_init(&barrier_, nullptr, parties); }
  ~PthreadBarrier() { ::pthread_barrier_destroy(&barrier_); }
  PthreadBarrier(const PthreadBarrier&) = delete;
  PthreadBarrier& operator=(const PthreadBarrier&) = delete;
  void wait() { ::pthread_barrier_wait(&barrier_); }

 private:
  pthread_barrier_t barrier_;
};

/// A count and an std::atomic to sleep on: the least there can be that blocks.
class AtomicBarrier {
 public:
  static constexpr const char* name = "std::atomic";
  explicit AtomicBarrier(unsigned parties) : parties_(parties) {}
  void wait() noexcept {
    const int phase = phase_.load(std::memory_order_relaxed);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 != parties_) {
      return phase_.wait(phase, std::memory_order_acquire);
    }
    arrived_.store(0, std::memory_order_relaxed);
    phase_.store(phase + 1, std::memory_order_seq_cst);  // as in event_bench.cpp
    phase_.notify_all();
  }

 private:
  unsigned parties_;
  std::atomic<unsigned> arrived_{0};
  std::atomic<int> phase_{0};
};

template <class B>
void phase(benchmark::State& state, unsigned parties) {
  constexpr std::uint64_t not_yet = std::numeric_limits<std::uint64_t>::max();
  B barrier(parties);
  std::atomic<std::uint64_t> last = not_yet;  // the phase after which all go home
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < parties; ++i) {
    others.emplace_back([&, i] {
      const Pinned there(i);
      for (std::uint64_t phase = 0; last.load(std::memory_order_relaxed) != phase; ++phase)
        barrier.wait();
    });
  }
  const Pinned here(0);
  std::uint64_t phases = 0;
  for (; phases < 10; ++phases) barrier.wait();  // warm-up
  for (auto _ : state) {
    barrier.wait();
    ++phases;
  }
  last.store(phases + 1, std::memory_order_relaxed);
  barrier.wait();
}

}  // namespace

void register_benchmarks() {
  for (const unsigned parties : {2U, 4U, 8U, 32U}) {
    compare("phase/threads:" + std::to_string(parties), Time::wall,
            Peers<LockstepBarrier, StdBarrier, PthreadBarrier, AtomicBarrier>(),
            [parties]<class B>(benchmark::State& state) { phase<B>(state, parties); });
  }
}

}  // namespace bench
