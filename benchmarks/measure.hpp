// benchmarks/measure.hpp: what all the benchmarks share: peers and their names, work of a known
// length, threads that are measured while they run, processors to be pinned to.
#pragma once

#include <benchmark/benchmark.h>
#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <latch>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bench {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

/// What a program measures; main.cpp calls it.
void register_benchmarks();

// ---- Peers ------------------------------------------------------------------------------------

/// Types that do the same thing, each with a `name`.
template <class... P>
struct Peers {};

/// What the time of an iteration is: of the thread's processor, of the wall, or measured by the
/// benchmark itself, whose one iteration is then all there is.
enum class Time { processor, wall, own };

/// Registers `group/name` for each peer P, as `run.operator()<P>(state)`.
template <class... P, class Run>
void compare(const std::string& group, Time time, Peers<P...>, Run run) {
  [[maybe_unused]] const auto add = [&]<class Peer>() {
    auto* const added = benchmark::RegisterBenchmark(
        (group + '/' + Peer::name).c_str(),
        [run](benchmark::State& state) { run.template operator()<Peer>(state); });
    if (time == Time::wall) added->UseRealTime();
    if (time == Time::own) added->UseManualTime()->Iterations(1);
  };
  (add.template operator()<P>(), ...);
}

/// From here on the compiler must assume that anybody knows the object.
template <class T>
void escape(T& object) {
  asm volatile("" : : "r"(&object) : "memory");
}

// ---- Work -------------------------------------------------------------------------------------

/// Keeps the processor busy for about a given time, without memory and without looking at a clock.
class Work {
 public:
  explicit Work(nanoseconds length)
      : steps_(std::lround(static_cast<double>(length.count()) * steps_per_nanosecond())) {}

  void operator()() const noexcept { step(steps_); }

 private:
  static void step(std::int64_t steps) noexcept {
    std::uint64_t value = 1;
    for (; steps > 0; --steps) {
      value *= 0x9e3779b97f4a7c15;
      asm volatile("" : "+r"(value));
    }
  }

  /// Measured once. The fastest of many attempts is the one that nobody interrupted.
  static double steps_per_nanosecond() {
    static const double measured = [] {
      constexpr std::int64_t steps = 50'000;
      auto fastest = nanoseconds::max();
      for (int attempt = 0; attempt < 100; ++attempt) {
        const auto start = Clock::now();
        step(steps);
        fastest = std::min<nanoseconds>(fastest, Clock::now() - start);
      }
      return static_cast<double>(steps) / static_cast<double>(fastest.count());
    }();
    return measured;
  }

  std::int64_t steps_;
};

// ---- What was used ----------------------------------------------------------------------------

/// Processor time of all threads, in nanoseconds.
inline double process_cpu_nanoseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

/// How often any thread has gone to sleep of its own accord.
inline double voluntary_switches() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_nvcsw);
}

/// Pages of this process that are in memory, in bytes.
inline std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// The same after what was freed has gone back to the system.
inline std::size_t give_back_and_measure() {
  ::malloc_trim(0);
  return resident_bytes();
}

/// How often this thread has called operator new.
inline thread_local std::uint64_t allocations = 0;

/// How often each latency was seen, to within an eighth of it.
class Latencies {
 public:
  void add(nanoseconds latency) noexcept {
    ++counts_[index(static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0)))];
  }

  void add(const Latencies& others) noexcept {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += others.counts_[i];
  }

  /// The latency, in nanoseconds, that the fraction `q` of all do not exceed.
  [[nodiscard]] double quantile(double q) const noexcept {
    std::uint64_t all = 0;
    for (const auto count : counts_) all += count;
    const double wanted = q * static_cast<double>(all);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > 0 && static_cast<double>(seen) >= wanted) return lowest(i);
    }
    return 0;
  }

 private:
  static constexpr std::size_t index(std::uint64_t value) noexcept {
    if (value < 8) return static_cast<std::size_t>(value);
    const int octave = std::bit_width(value) - 3;
    return static_cast<std::size_t>(octave) * 8 + ((value >> (octave - 1)) & 7);
  }
  static constexpr double lowest(std::size_t index) noexcept {
    return index < 8
               ? static_cast<double>(index)
               : std::ldexp(static_cast<double>(8 + index % 8), static_cast<int>(index / 8) - 1);
  }

  std::array<std::uint64_t, 62 * 8> counts_{};
};

// ---- Threads that are measured while they run -------------------------------------------------

/// What one thread has done. It writes, others read; on cache lines of its own.
struct alignas(64) Tally {
  void count() noexcept {
    rounds.store(rounds.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
  std::atomic<std::uint64_t> rounds{0};
  Latencies latencies;
};

/// What threads did between two moments at which all of them ran.
struct Measured {
  nanoseconds time{};
  double cpu_nanoseconds = 0;
  std::vector<std::uint64_t> rounds;  // of each thread
  std::uint64_t all_rounds = 0;       // from its first to its last moment
  Latencies latencies;                // the same

  [[nodiscard]] double total() const {
    double sum = 0;
    for (const auto of_thread : rounds) sum += static_cast<double>(of_thread);
    return sum;
  }
  /// Fewest to most rounds of any thread: 1 is perfectly fair.
  [[nodiscard]] double fairness() const {
    const auto [fewest, most] = std::minmax_element(rounds.begin(), rounds.end());
    return *most == 0 ? 0 : static_cast<double>(*fewest) / static_cast<double>(*most);
  }
};

/// How long threads are measured. Each should have several turns on a processor, which last some 3
/// ms and are 16 apart where 32 threads share two.
inline milliseconds measuring_time(std::size_t threads) {
  const char* const given = std::getenv("LOCKSTEP_MS_PER_THREAD");
  const int per_thread = given == nullptr ? 8 : std::max(1, std::atoi(given));
  return std::max(milliseconds(30), milliseconds(per_thread * static_cast<int>(threads)));
}

/// Runs `body(tally, index)` on `threads` threads. They warm up, are measured while they go on, and
/// end when `stop()` makes each body return.
template <class Body, class Stop>
Measured measure(std::size_t threads, Body body, Stop stop) {
  const milliseconds time = measuring_time(threads);
  std::vector<Tally> tallies(threads);
  std::latch started(static_cast<std::ptrdiff_t>(threads));
  const auto rounds = [&] {
    std::vector<std::uint64_t> read;
    for (const Tally& tally : tallies) read.push_back(tally.rounds.load(std::memory_order_relaxed));
    return read;
  };
  Measured measured;
  {
    std::vector<std::jthread> running;
    for (std::size_t i = 0; i < threads; ++i) {
      running.emplace_back([&, i] {
        started.count_down();
        body(tallies[i], i);
      });
    }
    started.wait();
    std::this_thread::sleep_for(time / 10);
    const auto before = rounds();
    const double cpu_before = process_cpu_nanoseconds();
    const auto start = Clock::now();
    std::this_thread::sleep_for(time);
    measured.rounds = rounds();
    measured.time = Clock::now() - start;
    measured.cpu_nanoseconds = process_cpu_nanoseconds() - cpu_before;
    for (std::size_t i = 0; i < threads; ++i) measured.rounds[i] -= before[i];
    stop();
  }
  for (const Tally& tally : tallies) {
    measured.all_rounds += tally.rounds.load(std::memory_order_relaxed);
    measured.latencies.add(tally.latencies);
  }
  return measured;
}

/// Reports the time for each of `done` things as the benchmark's own (Time::own).
inline void report(benchmark::State& state, const Measured& measured, double done) {
  if (done == 0) return state.SkipWithError("nothing was done in the time there was");
  state.SetIterationTime(static_cast<double>(measured.time.count()) * 1e-9 / done);
  state.counters["cpu_ns"] = measured.cpu_nanoseconds / done;
  state.counters["per_second"] = done * 1e9 / static_cast<double>(measured.time.count());
}

// ---- Processors -------------------------------------------------------------------------------

/// Those that this process may use.
inline const std::vector<int>& processors() {
  static const std::vector<int> usable = [] {
    cpu_set_t set;
    CPU_ZERO(&set);
    ::sched_getaffinity(0, sizeof set, &set);
    std::vector<int> found;
    for (int i = 0; i < CPU_SETSIZE; ++i) {
      if (CPU_ISSET(i, &set)) found.push_back(i);
    }
    return found;
  }();
  return usable;
}

/// While it lives, the thread that made it runs on one processor: the first for 0, the next for 1,
/// and round again.
class Pinned {
 public:
  explicit Pinned(std::size_t number) {
    ::sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processors()[number % processors().size()], &one);
    ::sched_setaffinity(0, sizeof one, &one);
  }
  ~Pinned() { ::sched_setaffinity(0, sizeof before_, &before_); }
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;

 private:
  cpu_set_t before_;
};

}  // namespace bench
