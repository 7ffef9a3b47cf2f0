// benchmarks/lock_bench.cpp: Lock against the locks of others.
//
// uncontended  one thread acquires and releases
// contended    threads, not pinned, do nothing else but acquire, work inside (section), release,
//              work outside; measured are acquisitions in a fixed time, how evenly the threads got
//              them, how long one in a thousand had to wait at least, and the processor time that
//              each took
#include "locks.hpp"

namespace bench {
namespace {

template <class L>
void uncontended(benchmark::State& state) {
  alignas(64) L lock;
  escape(lock);
  for (auto _ : state) {
    lock.lock();
    benchmark::ClobberMemory();
    lock.unlock();
  }
}

struct Load {
  std::size_t threads;
  nanoseconds section;
  nanoseconds outside;
};

template <class L>
void contended(benchmark::State& state, Load load) {
  constexpr std::uint32_t sampled = 16;  // the latency of one acquisition in so many is measured
  const Work section(load.section);
  const Work outside(load.outside);
  struct alignas(64) {
    L lock;
    std::uint64_t entries = 0;
  } shared;
  std::atomic<bool> stopped = false;

  const auto body = [&](Tally& tally, std::size_t) {
    for (std::uint32_t round = 0; !stopped.load(std::memory_order_relaxed); ++round) {
      const bool timed = round % sampled == 0;
      const auto asked = timed ? Clock::now() : Clock::time_point();
      shared.lock.lock();
      const auto got = timed ? Clock::now() : Clock::time_point();
      ++shared.entries;
      section();
      shared.lock.unlock();
      tally.count();
      if (timed) tally.latencies.add(got - asked);
      outside();
    }
  };

  for (auto _ : state) {
    const Measured measured = measure(load.threads, body, [&] { stopped = true; });
    report(state, measured, measured.total());
    state.counters["fairness"] = measured.fairness();
    state.counters["p99.9_ns"] = measured.latencies.quantile(0.999);
    if (shared.entries != measured.all_rounds) state.SkipWithError("two were inside at once");
  }
}

std::string in_words(nanoseconds time) {
  return time == nanoseconds(0) ? "0" : std::to_string(time.count()) + "ns";
}

}  // namespace

void register_benchmarks() {
  const auto pair = []<class L>(benchmark::State& state) { uncontended<L>(state); };
  compare("uncontended", Time::processor, Peers<FloorLock, SpinLock>(), pair);
  compare("uncontended", Time::processor, BlockingLocks(), pair);

  for (const std::size_t threads : {2, 4, 8, 32}) {
    for (const nanoseconds section : {nanoseconds(0), nanoseconds(50), nanoseconds(1000)}) {
      for (const nanoseconds outside : {nanoseconds(0), nanoseconds(200), nanoseconds(2000)}) {
        const std::string group = "contended/threads:" + std::to_string(threads) +
                                  "/section:" + in_words(section) + "/outside:" + in_words(outside);
        const auto run = [load = Load{threads, section, outside}]<class L>(
                             benchmark::State& state) { contended<L>(state, load); };
        compare(group, Time::own, BlockingLocks(), run);
        compare(group, Time::own, Peers<TicketLock>(), run);
      }
    }
  }
}

}  // namespace bench
