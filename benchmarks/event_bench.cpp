// benchmarks/event_bench.cpp: Event against what else threads wait on for something to be
// announced.
//
// wait-set   a wait that finds it set
// set-clear  set and clear with nobody waiting
// broadcast  64 threads wait; from the call of set until the last of them has returned
#include <condition_variable>
#include <latch>
#include <mutex>
#include <optional>

#include "lockstep/event.hpp"
#include "lockstep/os/futex.hpp"
#include "measure.hpp"

#ifdef LOCKSTEP_PEER_ABSL
#include <absl/synchronization/notification.h>
#endif
#ifdef LOCKSTEP_PEER_NSYNC
#include <nsync.h>
#endif

namespace bench {
namespace {

struct LockstepEvent : lockstep::Event {
  static constexpr const char* name = "lockstep::Event";
};

/// A flag that nobody can sleep on. Set is an exchange, as it must be to find out about waiters.
class Floor {
 public:
  static constexpr const char* name = "floor";
  void set() noexcept { flag_.exchange(true, std::memory_order_release); }
  void clear() noexcept { flag_.store(false, std::memory_order_relaxed); }
  void wait() const noexcept {
    while (!flag_.load(std::memory_order_acquire)) {
    }
  }

 private:
  std::atomic<bool> flag_{false};
};

/// An int, because that is what libstdc++ sleeps on directly. With release instead of seq_cst its
/// notify_all could overlook a thread that is about to sleep.
class StdAtomic {
 public:
  static constexpr const char* name = "std::atomic";
  void set() noexcept {
    flag_.store(1, std::memory_order_seq_cst);
    flag_.notify_all();
  }
  void clear() noexcept { flag_.store(0, std::memory_order_relaxed); }
  void wait() const noexcept { flag_.wait(0, std::memory_order_acquire); }

 private:
  std::atomic<int> flag_{0};
};

class StdCondition {
 public:
  static constexpr const char* name = "std::condition_variable";
  void set() {
    {
      const std::scoped_lock guard(mutex_);
      flag_ = true;
    }
    changed_.notify_all();
  }
  void clear() {
    const std::scoped_lock guard(mutex_);
    flag_ = false;
  }
  void wait() {
    std::unique_lock guard(mutex_);
    changed_.wait(guard, [this] { return flag_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool flag_ = false;
};

// Those that follow cannot be cleared.

class StdLatch {
 public:
  static constexpr const char* name = "std::latch";
  void set() noexcept { latch_.count_down(); }
  void wait() const noexcept { latch_.wait(); }

 private:
  std::latch latch_{1};
};

#ifdef LOCKSTEP_PEER_ABSL
class AbslNotification {
 public:
  static constexpr const char* name = "absl::Notification";
  void set() { notification_.Notify(); }
  void wait() const { notification_.WaitForNotification(); }

 private:
  absl::Notification notification_;
};
#endif

#ifdef LOCKSTEP_PEER_NSYNC
class NsyncNote {
 public:
  static constexpr const char* name = "nsync_note";
  NsyncNote() : note_(nsync::nsync_note_new(nullptr, nsync::nsync_time_no_deadline)) {}
  ~NsyncNote() { nsync::nsync_note_free(note_); }
  NsyncNote(const NsyncNote&) = delete;
  NsyncNote& operator=(const NsyncNote&) = delete;
  void set() { nsync::nsync_note_notify(note_); }
  void wait() const { nsync::nsync_note_wait(note_, nsync::nsync_time_no_deadline); }

 private:
  nsync::nsync_note note_;
};
#endif

using Clearable = Peers<LockstepEvent, StdAtomic, StdCondition>;
using Once = Peers<StdLatch
#ifdef LOCKSTEP_PEER_ABSL
                   ,
                   AbslNotification
#endif
#ifdef LOCKSTEP_PEER_NSYNC
                   ,
                   NsyncNote
#endif
                   >;

template <class E>
void wait_set(benchmark::State& state) {
  alignas(64) E event;
  escape(event);
  event.set();
  for (auto _ : state) event.wait();
}

template <class E>
void set_clear(benchmark::State& state) {
  alignas(64) E event;
  escape(event);
  for (auto _ : state) {
    event.set();
    benchmark::ClobberMemory();
    event.clear();
  }
}

/// How many are still to come, and when the last one came.
class Arrivals {
 public:
  /// Not while anybody is still to come.
  void expect(std::uint32_t number) noexcept {
    all_here_.store(0, std::memory_order_relaxed);
    left_.store(number, std::memory_order_relaxed);
  }
  void arrive() noexcept {
    if (left_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    last_ = Clock::now();
    all_here_.store(1, std::memory_order_release);
    lockstep::os::futex_wake_one(&all_here_);
  }
  Clock::time_point wait() noexcept {
    while (all_here_.load(std::memory_order_acquire) == 0) lockstep::os::futex_wait(all_here_, 0);
    return last_;
  }

 private:
  std::atomic<std::uint32_t> left_{0};
  lockstep::os::FutexWord all_here_{0};
  Clock::time_point last_;
};

template <class E>
void broadcast(benchmark::State& state) {
  constexpr std::uint32_t waiters = 64;
  constexpr int rounds = 50;
  std::array<std::optional<E>, 2>
      events;  // of this round, and of the next, where those who are done wait already
  Arrivals arrivals;
  std::atomic<bool> stopped = false;

  events[0].emplace();
  std::vector<std::jthread> threads;
  for (std::uint32_t i = 0; i < waiters; ++i) {
    threads.emplace_back([&] {
      for (std::size_t round = 0;; ++round) {
        events[round % 2]->wait();
        if (stopped.load(std::memory_order_relaxed)) return;
        arrivals.arrive();
      }
    });
  }
  std::size_t round = 0;
  const auto run_round = [&] {
    events[(round + 1) % 2].emplace();
    arrivals.expect(waiters);
    std::this_thread::sleep_for(
        milliseconds(1));  // until all sleep: that is where they are to be woken from
    const auto start = Clock::now();
    events[round++ % 2]->set();
    return arrivals.wait() - start;
  };
  for (int warm_up = 0; warm_up < 5; ++warm_up) run_round();

  for (auto _ : state) {
    nanoseconds total{};
    const double switches = voluntary_switches();
    for (int i = 0; i < rounds; ++i) total += run_round();
    state.SetIterationTime(static_cast<double>(total.count()) * 1e-9 / rounds);
    state.counters["switches"] = (voluntary_switches() - switches) / (waiters * rounds);
  }
  stopped.store(true, std::memory_order_relaxed);
  events[round % 2]->set();
}

}  // namespace

void register_benchmarks() {
  const auto wait = []<class E>(benchmark::State& state) { wait_set<E>(state); };
  compare("wait-set", Time::processor, Peers<Floor>(), wait);
  compare("wait-set", Time::processor, Clearable(), wait);
  compare("wait-set", Time::processor, Once(), wait);

  const auto set = []<class E>(benchmark::State& state) { set_clear<E>(state); };
  compare("set-clear", Time::processor, Peers<Floor>(), set);
  compare("set-clear", Time::processor, Clearable(), set);

  const auto all = []<class E>(benchmark::State& state) { broadcast<E>(state); };
  compare("broadcast", Time::own, Clearable(), all);
  compare("broadcast", Time::own, Once(), all);
}

}  // namespace bench
