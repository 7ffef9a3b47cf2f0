// benchmarks/timer_bench.cpp: Timer against a thread for each timer (Python's way), the kernel's
// timers, and a sorted tree.
//
// arm-cancel  make a timer, start it, cancel it, destroy it, while others are pending
// fire        make 1000 timers that are due at once, start them, wait until the last has called
//             back; time for all
// pend        make and start a million that are due in an hour or two, and cancel them; processor time for
//             each, and by how much each makes the process larger
// expire      make and start a million that are due within a fifth of a second, in no order, and wait until
//             all have called back; processor time of all threads, for each
#include <signal.h>
#include <time.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <latch>
#include <map>
#include <mutex>

#include "lockstep/timer.hpp"
#include "measure.hpp"

#ifdef LOCKSTEP_PEER_ASIO
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#endif

namespace bench {
namespace {

using Callback = std::function<void()>;

class LockstepTimer {
 public:
  static constexpr const char* name = "lockstep::Timer";
  template <class F>
  LockstepTimer(nanoseconds interval, F callback) : timer_(interval, std::move(callback)) {
    timer_.start();
  }
  void cancel() { timer_.cancel(); }

 private:
  lockstep::Timer timer_;
};

/// As in CPython: a thread that waits until it is told to stop, or for the interval.
class ThreadTimer {
 public:
  static constexpr const char* name = "std::thread each";
  ThreadTimer(nanoseconds interval, Callback callback)
      : thread_([this, interval, callback = std::move(callback)] {
          std::unique_lock guard(mutex_);
          if (changed_.wait_for(guard, interval, [this] { return cancelled_; })) return;
          guard.unlock();
          callback();
        }) {}
  ~ThreadTimer() { thread_.join(); }
  ThreadTimer(const ThreadTimer&) = delete;
  ThreadTimer& operator=(const ThreadTimer&) = delete;
  void cancel() {
    const std::scoped_lock guard(mutex_);
    cancelled_ = true;
    changed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool cancelled_ = false;
  std::thread thread_;
};

/// Only what keeps timers in order, without the thread that would call them: a floor of a kind.
class TreeTimer {
 public:
  static constexpr const char* name = "std::multimap+mutex";
  TreeTimer(nanoseconds interval, Callback callback) {
    const auto due = Clock::now() + interval;
    const std::scoped_lock guard(mutex_);
    place_ = pending_.emplace(due, std::move(callback));
  }
  void cancel() {
    const std::scoped_lock guard(mutex_);
    pending_.erase(place_);
  }

 private:
  using Pending = std::multimap<Clock::time_point, Callback>;
  static inline std::mutex mutex_;
  static inline Pending pending_;
  Pending::iterator place_;
};

/// The kernel's, which calls back on a thread that glibc starts. It has no more than the limit on
/// pending signals.
class PosixTimer {
 public:
  static constexpr const char* name = "timer_create";
  PosixTimer(nanoseconds interval, Callback callback) : callback_(std::move(callback)) {
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD;
    event.sigev_value.sival_ptr = this;
    event.sigev_notify_function = [](sigval value) {
      static_cast<PosixTimer*>(value.sival_ptr)->callback_();
    };
    ::timer_create(CLOCK_MONOTONIC, &event, &timer_);
    itimerspec time{};
    time.it_value.tv_sec = interval.count() / 1'000'000'000;
    time.it_value.tv_nsec = interval.count() % 1'000'000'000;
    ::timer_settime(timer_, 0, &time, nullptr);
  }
  ~PosixTimer() { ::timer_delete(timer_); }
  PosixTimer(const PosixTimer&) = delete;
  PosixTimer& operator=(const PosixTimer&) = delete;
  void cancel() {
    const itimerspec never{};
    ::timer_settime(timer_, 0, &never, nullptr);
  }

 private:
  Callback callback_;
  timer_t timer_{};
};

#ifdef LOCKSTEP_PEER_ASIO
/// Asio's, in a context that any thread may use.
class AsioTimer {
 public:
  static constexpr const char* name = "asio::steady_timer";
  template <class F>
  AsioTimer(nanoseconds interval, F callback) : timer_(context(), interval) {
    timer_.async_wait([callback = std::move(callback)](const asio::error_code& error) mutable {
      if (!error) callback();
    });
  }
  void cancel() {
    timer_.cancel();
    context().restart();
    context().poll_one();  // the handler, which is told
  }

  static asio::io_context& context() {
    static asio::io_context context;
    return context;
  }

 private:
  asio::steady_timer timer_;
};
#endif

/// Between one and two hours, in no order.
class Intervals {
 public:
  nanoseconds next() noexcept {
    state_ = state_ * 6364136223846793005 + 1442695040888963407;
    return std::chrono::hours(1) + nanoseconds(state_ >> 22);  // 2^42 ns = 73 minutes
  }

 private:
  std::uint64_t state_ = 1;
};

template <class T>
void arm_cancel(benchmark::State& state, std::size_t pending) {
  Intervals intervals;
  std::deque<T> others;
  while (others.size() < pending) others.emplace_back(intervals.next(), [] {});
  for (auto _ : state) {
    T timer(intervals.next(), [] {});
    timer.cancel();
  }
  for (T& timer : others) timer.cancel();
}

template <class T>
void fire(benchmark::State& state) {
  constexpr std::ptrdiff_t number = 1000;
  for (auto _ : state) {
    std::latch left(number);
    std::deque<T> timers;
    for (std::ptrdiff_t i = 0; i < number; ++i) {
      timers.emplace_back(nanoseconds(1), [&left] { left.count_down(); });
    }
    left.wait();
  }
}

constexpr std::size_t million = 1'000'000;

template <class T>
void pend(benchmark::State& state) {
  for (auto _ : state) {
    Intervals intervals;
    const std::size_t before = give_back_and_measure();
    std::deque<T> timers;
    const double start = process_cpu_nanoseconds();
    while (timers.size() < million) timers.emplace_back(intervals.next(), [] {});
    const double armed = process_cpu_nanoseconds();
    state.counters["bytes"] = static_cast<double>(resident_bytes() - before) / million;
    const double cancelling = process_cpu_nanoseconds();
    for (T& timer : timers) timer.cancel();
    const double time = armed - start + process_cpu_nanoseconds() - cancelling;
    state.SetIterationTime(time * 1e-9 / million);
  }
}

template <class T>
void wait_for_all(std::latch& left) {
  if constexpr (requires { T::context(); }) {
    T::context().restart();
    T::context().run();
  }
  left.wait();
}

template <class T>
void expire(benchmark::State& state) {
  for (auto _ : state) {
    Intervals intervals;
    std::latch left(million);
    std::deque<T> timers;
    const double start = process_cpu_nanoseconds();
    for (std::size_t i = 0; i < million; ++i) {
      timers.emplace_back(nanoseconds(intervals.next().count() % 200'000'000),
                          [&left] { left.count_down(); });
    }
    wait_for_all<T>(left);
    state.SetIterationTime((process_cpu_nanoseconds() - start) * 1e-9 / million);
  }
}

}  // namespace

void register_benchmarks() {
#ifdef LOCKSTEP_PEER_ASIO
  using Asio = Peers<AsioTimer>;
#else
  using Asio = Peers<>;
#endif
  const auto alone = []<class T>(benchmark::State& state) { arm_cancel<T>(state, 0); };
  compare("arm-cancel/pending:0", Time::wall,
          Peers<LockstepTimer, TreeTimer, PosixTimer, ThreadTimer>(), alone);
  compare("arm-cancel/pending:0", Time::wall, Asio(), alone);
  const auto among_many = []<class T>(benchmark::State& state) { arm_cancel<T>(state, 100'000); };
  compare("arm-cancel/pending:100000", Time::wall, Peers<LockstepTimer, TreeTimer>(), among_many);
  compare("arm-cancel/pending:100000", Time::wall, Asio(), among_many);
  compare("fire", Time::wall, Peers<LockstepTimer, ThreadTimer>(),
          []<class T>(benchmark::State& state) { fire<T>(state); });
  const auto pending = []<class T>(benchmark::State& state) { pend<T>(state); };
  compare("pend", Time::own, Peers<LockstepTimer>(), pending);
  compare("pend", Time::own, Asio(), pending);
  const auto expiring = []<class T>(benchmark::State& state) { expire<T>(state); };
  compare("expire", Time::own, Peers<LockstepTimer>(), expiring);
  compare("expire", Time::own, Asio(), expiring);
}

}  // namespace bench
