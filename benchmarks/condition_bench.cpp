// benchmarks/condition_bench.cpp: Condition against the condition variables of others.
//
// notify       with nobody waiting, by a thread that holds the lock
// queue        a bounded queue of 1, 16 or 1024 slots between producers and consumers, spread over
//              the processors and pinned there (else it is chance whether two that talk share one,
//              and that is a factor of ten); time for each item
// notify-all   64 waiters are notified, return one by one, and wait again; and how often a waiter
//              goes to sleep for that
#include <condition_variable>

#include "locks.hpp"
#include "lockstep/condition.hpp"

namespace bench {
namespace {

// A peer here is a condition over a lock of type Lock, which it is given; `wait` is called with
// that held.

template <class L>
class Lockstep {
 public:
  using Lock = L;
  explicit Lockstep(L& lock) : condition_(lock) {}
  template <class Predicate>
  void wait(Predicate predicate) {
    condition_.wait(predicate);
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  lockstep::BasicCondition<L> condition_;
};
struct OverRLock : Lockstep<lockstep::RLock> {
  static constexpr const char* name = "lockstep::Condition";
  using Lockstep::Lockstep;
};
struct OverLock : Lockstep<lockstep::Lock> {
  static constexpr const char* name = "lockstep over Lock";
  using Lockstep::Lockstep;
};

class Std {
 public:
  static constexpr const char* name = "std::condition_variable";
  using Lock = std::mutex;
  explicit Std(Lock& lock) : lock_(lock) {}
  template <class Predicate>
  void wait(Predicate predicate) {
    std::unique_lock guard(lock_, std::adopt_lock);
    condition_.wait(guard, predicate);
    static_cast<void>(guard.release());
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  Lock& lock_;
  std::condition_variable condition_;
};

#ifdef LOCKSTEP_PEER_ABSL
class Absl {
 public:
  static constexpr const char* name = "absl::CondVar";
  using Lock = AbslMutex;
  explicit Absl(Lock& lock) : lock_(lock) {}
  template <class Predicate>
  void wait(Predicate predicate) {
    while (!predicate()) condition_.Wait(&lock_.mutex);
  }
  void notify_one() { condition_.Signal(); }
  void notify_all() { condition_.SignalAll(); }

 private:
  Lock& lock_;
  absl::CondVar condition_;
};

/// Whoever releases the mutex looks whose predicate has become true; so nobody notifies.
class AbslAwait {
 public:
  static constexpr const char* name = "absl Await";
  using Lock = AbslMutex;
  explicit AbslAwait(Lock& lock) : lock_(lock) {}
  template <class Predicate>
  void wait(Predicate predicate) {
    lock_.mutex.Await(absl::Condition(&predicate));
  }
  void notify_one() {}
  void notify_all() {}

 private:
  Lock& lock_;
};
#endif

#ifdef LOCKSTEP_PEER_NSYNC
class Nsync {
 public:
  static constexpr const char* name = "nsync_cv";
  using Lock = NsyncMu;
  explicit Nsync(Lock& lock) : lock_(lock) { nsync::nsync_cv_init(&condition_); }
  template <class Predicate>
  void wait(Predicate predicate) {
    while (!predicate()) nsync::nsync_cv_wait(&condition_, &lock_.mutex);
  }
  void notify_one() { nsync::nsync_cv_signal(&condition_); }
  void notify_all() { nsync::nsync_cv_broadcast(&condition_); }

 private:
  Lock& lock_;
  nsync::nsync_cv condition_;
};
#endif

using Conditions = Peers<OverRLock, OverLock,
#ifdef LOCKSTEP_PEER_ABSL
                         Absl,
#endif
#ifdef LOCKSTEP_PEER_NSYNC
                         Nsync,
#endif
                         Std>;
#ifdef LOCKSTEP_PEER_ABSL
using ConditionsWithoutNotify = Peers<AbslAwait>;
#else
using ConditionsWithoutNotify = Peers<>;
#endif

template <class C>
void notify_nobody(benchmark::State& state) {
  typename C::Lock lock;
  C condition(lock);
  escape(condition);
  const std::scoped_lock guard(lock);
  for (auto _ : state) condition.notify_one();
}

/// The textbook's bounded queue. All notify with the lock held: Lockstep demands it, a peer that
/// requeues gains by it, and std::condition_variable loses more than it gains by doing it later.
template <class C>
class Queue {
 public:
  explicit Queue(std::size_t slots) : slots_(slots) {}

  /// False: the queue is closed.
  bool push(std::uint64_t item) {
    const std::scoped_lock guard(lock_);
    not_full_.wait([this] { return pushed_ - popped_ < slots_.size() || closed_; });
    if (closed_) return false;
    slots_[pushed_++ % slots_.size()] = item;
    not_empty_.notify_one();
    return true;
  }
  bool pop(std::uint64_t& item) {
    const std::scoped_lock guard(lock_);
    not_empty_.wait([this] { return pushed_ != popped_ || closed_; });
    if (pushed_ == popped_) return false;
    item = slots_[popped_++ % slots_.size()];
    not_full_.notify_one();
    return true;
  }
  void close() {
    const std::scoped_lock guard(lock_);
    closed_ = true;
    not_full_.notify_all();
    not_empty_.notify_all();
  }

 private:
  typename C::Lock lock_;
  C not_full_{lock_};
  C not_empty_{lock_};
  std::vector<std::uint64_t> slots_;
  std::size_t pushed_ = 0;
  std::size_t popped_ = 0;
  bool closed_ = false;
};

template <class C>
void producers_and_consumers(benchmark::State& state, std::size_t pairs, std::size_t slots) {
  Queue<C> queue(slots);
  std::atomic<std::uint64_t> pushed = 0;
  std::atomic<std::uint64_t> popped = 0;
  const auto body = [&](Tally& tally, std::size_t index) {
    const Pinned here(index);
    std::uint64_t items = 0;
    std::uint64_t sum = 0;
    if (index < pairs) {
      while (queue.push(items + 1)) sum += ++items;
      pushed += sum;
    } else {
      for (std::uint64_t item; queue.pop(item); tally.count()) sum += item;
      popped += sum;
    }
  };
  for (auto _ : state) {
    const Measured measured = measure(2 * pairs, body, [&] { queue.close(); });
    report(state, measured, measured.total());
    if (pushed != popped) state.SkipWithError("what went in did not come out");
  }
}

template <class C>
void notify_all(benchmark::State& state) {
  constexpr int waiters = 64;
  typename C::Lock lock;
  C next_round(lock);
  C all_wait(lock);
  std::uint64_t round = 0;
  int waiting = 0;
  bool stopped = false;

  const auto wait = [&] {
    const std::scoped_lock guard(lock);
    while (!stopped) {
      if (++waiting == waiters) all_wait.notify_one();
      next_round.wait([&, seen = round] { return round != seen; });
    }
  };
  const auto start_round = [&](bool last) {
    const std::scoped_lock guard(lock);
    ++round;
    waiting = 0;
    stopped = last;
    next_round.notify_all();
  };
  const auto finish_round = [&] {
    const std::scoped_lock guard(lock);
    all_wait.wait([&] { return waiting == waiters; });
  };

  std::vector<std::jthread> threads;
  for (int i = 0; i < waiters; ++i) threads.emplace_back(wait);
  finish_round();
  const double switches = voluntary_switches();
  for (auto _ : state) {
    start_round(false);
    finish_round();
  }
  state.counters["switches"] =
      (voluntary_switches() - switches) / (waiters * static_cast<double>(state.iterations()));
  start_round(true);
}

}  // namespace

void register_benchmarks() {
  compare("notify", Time::processor, Conditions(),
          []<class C>(benchmark::State& state) { notify_nobody<C>(state); });

  for (const std::size_t pairs : {1, 2, 4}) {
    for (const std::size_t slots : {1, 16, 1024}) {
      const std::string group = "queue/" + std::to_string(pairs) + "p" + std::to_string(pairs) +
                                "c/slots:" + std::to_string(slots);
      const auto run = [=]<class C>(benchmark::State& state) {
        producers_and_consumers<C>(state, pairs, slots);
      };
      compare(group, Time::own, Conditions(), run);
      compare(group, Time::own, ConditionsWithoutNotify(), run);
    }
  }

  const auto run = []<class C>(benchmark::State& state) { notify_all<C>(state); };
  compare("notify-all", Time::wall, Conditions(), run);
  compare("notify-all", Time::wall, ConditionsWithoutNotify(), run);
}

}  // namespace bench
