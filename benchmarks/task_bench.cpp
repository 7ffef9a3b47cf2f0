// benchmarks/task_bench.cpp: tasks, and what they await, against what others offer.
//
// create     a coroutine that computes a number is made, awaited, destroyed
// lock       a coroutine (or fiber) acquires and releases, uncontended
// semaphore  the same
// sleepers   a million tasks of one loop sleep, and wake at the same time; for each, processor time, and
//            memory while all sleep
#include <coroutine>
#include <type_traits>
#include <utility>

#include "async_peers.hpp"
#include "coroutines.hpp"
#include "lockstep/async.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/semaphore.hpp"
#include "measure.hpp"

#ifdef LOCKSTEP_PEER_ASIO
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#endif

namespace bench {
namespace {

constexpr std::size_t million = 1'000'000;

/// For sleepers: time enough for a million to go to sleep.
constexpr std::chrono::milliseconds nap{2'000};

// ---- The least --------------------------------------------------------------------------------

/// A coroutine that begins when it is awaited, and then goes on with who awaited it.
class FloorTask {
 public:
  struct promise_type {
    struct Return {
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(
          std::coroutine_handle<promise_type> ended) const noexcept {
        return ended.promise().awaiting;
      }
      void await_resume() const noexcept {}
    };
    FloorTask get_return_object() noexcept {
      return FloorTask(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    Return final_suspend() noexcept { return {}; }
    void return_value(int given) noexcept { value = given; }
    void unhandled_exception() noexcept { std::terminate(); }

    std::coroutine_handle<> awaiting;
    int value = 0;
  };

  explicit FloorTask(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}
  FloorTask(const FloorTask&) = delete;
  FloorTask& operator=(const FloorTask&) = delete;
  ~FloorTask() { handle_.destroy(); }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    handle_.promise().awaiting = awaiting;
    return handle_;
  }
  int await_resume() const noexcept { return handle_.promise().value; }

 private:
  std::coroutine_handle<promise_type> handle_;
};

struct Floor {
  static constexpr const char* name = "floor";

  static void create(benchmark::State& state) { ask(state); }

  /// Compare-exchange to acquire, compare-exchange to release.
  static void pairs(benchmark::State& state) { acquire_and_release(state); }

 private:
  static FloorTask answer(int value) { co_return value; }
  static Coroutine ask(benchmark::State& state) {
    int sum = 0;
    for (auto _ : state) {
      const int got = co_await answer(sum);
      sum += got;
    }
    benchmark::DoNotOptimize(sum);
  }

  struct Acquire {
    explicit Acquire(std::atomic<std::uint64_t>& of) noexcept : word(of) {}
    bool await_ready() const noexcept {
      std::uint64_t free = 0;
      return word.compare_exchange_strong(free, 1, std::memory_order_acquire,
                                          std::memory_order_relaxed);
    }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    void await_resume() const noexcept {}
    std::atomic<std::uint64_t>& word;
  };
  static Coroutine acquire_and_release(benchmark::State& state) {
    alignas(64) std::atomic<std::uint64_t> word{0};
    escape(word);
    for (auto _ : state) {
      co_await Acquire(word);
      benchmark::ClobberMemory();
      std::uint64_t taken = 1;
      word.compare_exchange_strong(taken, 0, std::memory_order_release, std::memory_order_relaxed);
    }
  }
};

// ---- Lockstep ---------------------------------------------------------------------------------

struct Lockstep {
  static constexpr const char* name = "lockstep";

  static void create(benchmark::State& state) { lockstep::run(ask(state)); }

  template <class L, int... permits>
  static void pairs(benchmark::State& state) {
    alignas(64) L lock(permits...);
    escape(lock);
    lockstep::run(acquire_and_release(lock, state));
  }

  static void sleep(benchmark::State& state) {
    std::size_t woken = 0;
    lockstep::run(sleep_together(state, woken));
    if (woken != million) state.SkipWithError("somebody was not woken");
  }

 private:
  static lockstep::Task<int> answer(int value) { co_return value; }
  static lockstep::Task<> ask(benchmark::State& state) {
    int sum = 0;
    for (auto _ : state) {
      const int got = co_await answer(sum);
      sum += got;
    }
    benchmark::DoNotOptimize(sum);
  }

  template <class L>
  static lockstep::Task<> acquire_and_release(L& lock, benchmark::State& state) {
    for (auto _ : state) {
      co_await lock.async_acquire();
      benchmark::ClobberMemory();
      lock.release();
    }
  }

  static lockstep::Task<> sleep_until_end(Clock::time_point end, std::size_t& woken) {
    co_await lockstep::sleep_until(end);
    ++woken;
  }
  static lockstep::Task<> sleep_together(benchmark::State& state, std::size_t& woken) {
    for (auto _ : state) {
      const std::size_t before = give_back_and_measure();
      const double start = process_cpu_nanoseconds();
      const auto end = Clock::now() + nap;
      std::vector<lockstep::Task<>> tasks;
      while (tasks.size() < million) {
        tasks.push_back(lockstep::create_task(sleep_until_end(end, woken)));
      }
      co_await lockstep::sleep_for(nanoseconds(0));  // until all have begun
      state.counters["bytes"] = static_cast<double>(resident_bytes() - before) / million;
      if (woken != 0) state.SkipWithError("not all slept at once");
      for (lockstep::Task<>& task : tasks) co_await task;
      state.SetIterationTime((process_cpu_nanoseconds() - start) * 1e-9 / million);
    }
  }
};

// ---- Others -----------------------------------------------------------------------------------

#ifdef LOCKSTEP_PEER_ASIO
struct Asio {
  static constexpr const char* name = "asio::awaitable";

  static void create(benchmark::State& state) { run(ask(state)); }

  /// A channel with one place, which a lock's permit is in.
  static void pairs(benchmark::State& state) { run(acquire_and_release(state)); }

  static void sleep(benchmark::State& state) {
    for (auto _ : state) {
      std::size_t asleep = 0;
      std::size_t woken = 0;
      const std::size_t before = give_back_and_measure();
      const double start = process_cpu_nanoseconds();
      const auto end = Clock::now() + nap;
      asio::io_context context(1);
      for (std::size_t i = 0; i < million; ++i) {
        asio::co_spawn(context, sleep_until(end, asleep, woken), asio::detached);
      }
      while (asleep < million) context.run_one();
      state.counters["bytes"] = static_cast<double>(resident_bytes() - before) / million;
      if (woken != 0) state.SkipWithError("not all slept at once");
      context.run();
      state.SetIterationTime((process_cpu_nanoseconds() - start) * 1e-9 / million);
      if (woken != million) state.SkipWithError("somebody was not woken");
    }
  }

 private:
  static void run(asio::awaitable<void> body) {
    asio::io_context context(1);
    asio::co_spawn(context, std::move(body), asio::detached);
    context.run();
  }

  static asio::awaitable<int> answer(int value) { co_return value; }
  static asio::awaitable<void> ask(benchmark::State& state) {
    int sum = 0;
    for (auto _ : state) {
      const int got = co_await answer(sum);
      sum += got;
    }
    benchmark::DoNotOptimize(sum);
  }

  static asio::awaitable<void> acquire_and_release(benchmark::State& state) {
    const auto executor = co_await asio::this_coro::executor;
    asio::experimental::channel<void(asio::error_code, bool)> permits(executor, 1);
    permits.try_send(asio::error_code(), true);
    for (auto _ : state) {
      co_await permits.async_receive(asio::use_awaitable);
      permits.try_send(asio::error_code(), true);
    }
  }

  static asio::awaitable<void> sleep_until(Clock::time_point end, std::size_t& asleep,
                                           std::size_t& woken) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, end);
    ++asleep;
    co_await timer.async_wait(asio::use_awaitable);
    ++woken;
  }
};
using AsioPeers = Peers<Asio>;
#else
using AsioPeers = Peers<>;
#endif

#ifdef LOCKSTEP_PEER_BOOST_FIBER
struct Fiber {
  static constexpr const char* name = "boost::fibers";
  static void pairs(benchmark::State& state) {
    alignas(64) boost::fibers::mutex mutex;
    escape(mutex);
    for (auto _ : state) {
      mutex.lock();
      benchmark::ClobberMemory();
      mutex.unlock();
    }
  }
};
using FiberPeers = Peers<Fiber>;
#else
using FiberPeers = Peers<>;
#endif

}  // namespace

void register_benchmarks() {
  const auto create = []<class P>(benchmark::State& state) { P::create(state); };
  compare("create", Time::processor, Peers<Floor, Lockstep>(), create);
  compare("create", Time::processor, AsioPeers(), create);

  const auto pairs = []<class P>(benchmark::State& state) { P::pairs(state); };
  compare("lock", Time::processor, Peers<Floor>(), pairs);
  compare("lock", Time::processor, Peers<Lockstep>(),
          []<class P>(benchmark::State& state) { P::template pairs<lockstep::Lock>(state); });
  compare("lock", Time::processor, AsioPeers(), pairs);
  compare("lock", Time::processor, FiberPeers(), pairs);
  compare("semaphore", Time::processor, Peers<Floor>(), pairs);
  compare("semaphore", Time::processor, Peers<Lockstep>(), []<class P>(benchmark::State& state) {
    P::template pairs<lockstep::Semaphore, 1>(state);
  });
  compare("semaphore", Time::processor, AsioPeers(), pairs);

  const auto sleep = []<class P>(benchmark::State& state) { P::sleep(state); };
  compare("sleepers", Time::own, Peers<Lockstep>(), sleep);
  compare("sleepers", Time::own, AsioPeers(), sleep);
}

}  // namespace bench
