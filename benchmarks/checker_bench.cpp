// benchmarks/checker_bench.cpp: how fast the checker explores.
//
// Reported of each program: executions, blocked ones, events of the longest execution, executions (both
// kinds) per second of processor time, peak memory of the process; as the time of an iteration, that of
// one execution.
//
// Each program is explored in a process of its own, again and again until it has taken LOCKSTEP_CHECKER_MS
// milliseconds (100), so that short explorations count with what starting them costs, and the peak is its own.
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "lockstep/check.hpp"
#include "tests/structures/indexed_threads.hpp"
#include "tests/structures/mpmc_ring.hpp"
#include "tests/structures/ms_queue.hpp"
#include "tests/structures/spinlock.hpp"
#include "tests/structures/ticket_lock.hpp"

namespace {

namespace check = lockstep::check;
using structures::in_threads;

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;

template <std::memory_order load, std::memory_order store>
void store_buffering() {
  std::atomic<int> x{0};
  std::atomic<int> y{0};
  in_threads<2>([&](int i) {
    (i == 0 ? x : y).store(1, store);
    (void)(i == 0 ? y : x).load(load);
  });
}

void message_passing() {
  std::atomic<int> ready{0};
  int message = 0;
  in_threads<2>([&](int i) {
    if (i == 0) {
      message = 1;
      ready.store(1, release);
    } else if (ready.load(acquire) == 1) {
      check::require(message == 1);
    }
  });
}

template <int n, std::memory_order order>
void increments() {
  std::atomic<int> count{0};
  in_threads<n>([&](int) { count.fetch_add(1, order); });
}

template <int writers, int readers>
void writers_and_readers() {
  std::atomic<int> x{0};
  in_threads<writers + readers>([&](int i) {
    if (i < writers) {
      x.store(i + 1, relaxed);
    } else {
      (void)x.load(relaxed);
    }
  });
}

template <int sections, class Lock>
void count_under(Lock& lock, int& count) {
  for (int i = 0; i < sections; ++i) {
    lock.lock();
    ++count;
    lock.unlock();
  }
}

template <class Lock, int threads, int sections>
void counting_under_a_lock() {
  Lock lock;
  int count = 0;
  in_threads<threads>([&](int) { count_under<sections>(lock, count); });
  check::require(count == threads * sections);
}

template <int producers, int consumers>
void michael_scott_queue() {
  structures::MsQueue<> queue;
  in_threads<producers + consumers>([&](int i) {
    if (i < producers) {
      queue.enqueue(i + 1);
    } else {
      (void)queue.dequeue();
    }
  });
}

template <int producers, int consumers>
void mpmc_ring() {
  structures::MpmcRing<> ring;
  in_threads<producers + consumers>([&](int i) {
    if (i < producers) {
      (void)ring.push(i + 1);
    } else {
      (void)ring.pop();
    }
  });
}

// The same as above, with threads that are told to be identical: one execution stands for all their permutations.

template <int n, std::memory_order order>
void identical_increments() {
  std::atomic<int> count{0};
  check::in_identical_threads(n, [&] { count.fetch_add(1, order); });
}

template <int writers>
void identical_writers_and_a_reader() {
  std::atomic<int> x{0};
  std::thread reader([&] { (void)x.load(relaxed); });
  check::in_identical_threads(writers, [&] { x.store(1, relaxed); });
  reader.join();
}

template <class Lock, int threads, int sections>
void identical_counting_under_a_lock() {
  Lock lock;
  int count = 0;
  check::in_identical_threads(threads, [&] { count_under<sections>(lock, count); });
  check::require(count == threads * sections);
}

template <int producers, int consumers>
void identical_michael_scott_queue() {
  structures::MsQueue<> queue;
  std::thread others(
      [&] { check::in_identical_threads(consumers, [&] { (void)queue.dequeue(); }); });
  check::in_identical_threads(producers, [&] { queue.enqueue(1); });
  others.join();
}

struct Program {
  const char* name;
  void (*body)();
};

constexpr auto seq_cst = std::memory_order_seq_cst;
constexpr Program programs[] = {
    {"SB relaxed", &store_buffering<relaxed, relaxed>},
    {"SB seq_cst", &store_buffering<seq_cst, seq_cst>},
    {"MP", &message_passing},
    {"fetch_add x 4", &increments<4, relaxed>},
    {"fetch_add x 5", &increments<5, relaxed>},
    {"fetch_add x 6", &increments<6, relaxed>},
    {"fetch_add x 7", &increments<7, relaxed>},
    {"fetch_add x 8", &increments<8, relaxed>},
    {"fetch_add x 7 seq_cst", &increments<7, seq_cst>},
    {"3 writers 3 readers", &writers_and_readers<3, 3>},
    {"4 writers 4 readers", &writers_and_readers<4, 4>},
    {"7 writers", &writers_and_readers<7, 0>},
    {"16 writers 1 reader", &writers_and_readers<16, 1>},
    {"test-and-set lock 3 x 2", &counting_under_a_lock<structures::TasLock<>, 3, 2>},
    {"test-and-set lock 6", &counting_under_a_lock<structures::TasLock<>, 6, 1>},
    {"ticket lock 3", &counting_under_a_lock<structures::TicketLock<>, 3, 1>},
    {"ticket lock 5", &counting_under_a_lock<structures::TicketLock<>, 5, 1>},
    {"ticket lock 8", &counting_under_a_lock<structures::TicketLock<>, 8, 1>},
    {"MS queue 2 x 2", &michael_scott_queue<2, 2>},
    {"MPMC ring 2 x 2", &mpmc_ring<2, 2>},
    {"MPMC ring 2 x 3", &mpmc_ring<2, 3>},
    {"identical: fetch_add x 8", &identical_increments<8, relaxed>},
    {"identical: 16 wr. 1 reader", &identical_writers_and_a_reader<16>},
    {"identical: tas lock 3 x 2", &identical_counting_under_a_lock<structures::TasLock<>, 3, 2>},
    {"identical: ticket lock 5", &identical_counting_under_a_lock<structures::TicketLock<>, 5, 1>},
    {"identical: ticket lock 8", &identical_counting_under_a_lock<structures::TicketLock<>, 8, 1>},
    {"identical: MS queue 2 x 2", &identical_michael_scott_queue<2, 2>},
};

/// Where there are more, an exploration ends after so many.
constexpr std::uint64_t enough_executions = 100'000;

struct Measured {
  bool is_complete = false;  // was all said that follows?
  bool found_nothing = false;
  double executions = 0;  // of one exploration
  double blocked = 0;
  double events = 0;
  double seconds_each = 0;  // of the processor, for an execution
  double mebibytes = 0;
};

std::chrono::milliseconds least_time() {
  const char* const given = std::getenv("LOCKSTEP_CHECKER_MS");
  return std::chrono::milliseconds(given == nullptr ? 100 : std::max(1, std::atoi(given)));
}

Measured explore(const Program& program) {
  check::Options options;
  options.max_executions = enough_executions;
  check::Result result;
  std::uint64_t executions = 0;
  std::chrono::microseconds time{0};
  do {
    result = check::explore(program.body, options);
    executions += result.executions + result.blocked;
    time += result.time;
  } while (time < least_time() && result.found_nothing());
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return {
      .is_complete = true,
      .found_nothing = result.found_nothing(),
      .executions = static_cast<double>(result.executions),
      .blocked = static_cast<double>(result.blocked),
      .events = static_cast<double>(result.longest),
      .seconds_each = static_cast<double>(time.count()) * 1e-6 / static_cast<double>(executions),
      .mebibytes = static_cast<double>(usage.ru_maxrss) / 1024};
}

/// What another process measures.
Measured explore_elsewhere(const Program& program) {
  Measured measured;
  int ends[2];
  if (::pipe(ends) != 0) return measured;
  const pid_t child = ::fork();
  if (child == 0) {
    measured = explore(program);
    std::_Exit(::write(ends[1], &measured, sizeof measured) == sizeof measured ? 0 : 1);
  }
  ::close(ends[1]);
  measured.is_complete = ::read(ends[0], &measured, sizeof measured) == sizeof measured;
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return measured;
}

void measure(benchmark::State& state, const Program& program) {
  for (auto _ : state) {
    const Measured measured = explore_elsewhere(program);
    if (!measured.is_complete) return state.SkipWithError("the process that explored it died");
    if (!measured.found_nothing) return state.SkipWithError("the checker says that it is wrong");
    state.SetIterationTime(measured.seconds_each);
    state.counters["executions"] = measured.executions;
    state.counters["blocked"] = measured.blocked;
    state.counters["events"] = measured.events;
    state.counters["per_second"] = 1 / measured.seconds_each;
    state.counters["mebibytes"] = measured.mebibytes;
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  for (const Program& program : programs) {
    const std::string name = std::string("explore/") + program.name + "/lockstep check";
    benchmark::RegisterBenchmark(name.c_str(),
                                 [&program](benchmark::State& state) { measure(state, program); })
        ->UseManualTime()
        ->Iterations(1);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
