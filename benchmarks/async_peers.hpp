// benchmarks/async_peers.hpp: what others hand on between coroutines or fibers of one thread; and what
// that takes at least.
//
// A peer has one or both of
//   static void take_turns(state, n)   n coroutines acquire and release the same thing in turn; an
//                                      iteration is one acquisition
//   static void ping_pong(state)       two wake each other in turn; an iteration is a round trip
// In the end it sees to it that every acquisition was a hand-over: where it was not, the time would say
// nothing.
#pragma once

#include <time.h>

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <vector>

#include "coroutines.hpp"
#include "measure.hpp"

#ifdef LOCKSTEP_PEER_BOOST_FIBER
#include <boost/fiber/all.hpp>
#endif
#ifdef LOCKSTEP_PEER_ASIO
#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/experimental/channel.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>
#endif

namespace bench {

/// The acquisitions of some that take turns.
class Turns {
 public:
  Turns(benchmark::State& state, std::size_t n) : state_(state), n_(n) {}

  /// By the first of them, once for each of its turns: a round of all is measured.
  [[nodiscard]] bool another_round() {
    if (state_.KeepRunningBatch(static_cast<benchmark::IterationCount>(n_))) {
      ++rounds_;
      return true;
    }
    is_over_ = true;
    return false;
  }
  void count() noexcept { ++acquisitions_; }
  [[nodiscard]] bool is_over() const noexcept { return is_over_; }

  /// Did all of them have the same number of turns, to within two?
  void check() {
    const std::uint64_t fair = rounds_ * n_;
    if (acquisitions_ > fair + 2 * n_ || acquisitions_ + 2 * n_ < fair) {
      state_.SkipWithError("they did not take turns");
    }
  }

 private:
  benchmark::State& state_;
  std::size_t n_;
  std::uint64_t rounds_ = 0;
  std::uint64_t acquisitions_ = 0;
  bool is_over_ = false;
};

/// From one coroutine straight to the next, and two atomic instructions for what a lock or semaphore has
/// to tell other threads: that it is free, that it is taken.
class FloorTurns {
 public:
  static constexpr const char* name = "floor";

  static void take_turns(benchmark::State& state, std::size_t n) {
    Ring ring(n);
    Turns turns(state, n);
    for (std::size_t i = 0; i < n; ++i) participate(ring, i, turns);
    ring.handles[0].resume();
    for (const auto handle : ring.handles) handle.destroy();
    turns.check();
  }

  static void ping_pong(benchmark::State& state) {
    Ring ring(2);
    play(ring, 0, state);
    play(ring, 1, state);
    ring.handles[0].resume();
    for (const auto handle : ring.handles) handle.destroy();
  }

 private:
  struct Ring {
    explicit Ring(std::size_t n) : handles(n) {}
    std::vector<std::coroutine_handle<>> handles;
    alignas(64) std::atomic<std::uint64_t> word{0};
  };

  struct Begin {
    Ring& ring;
    std::size_t self;
    Begin(Ring& of, std::size_t number) noexcept : ring(of), self(number) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) noexcept { ring.handles[self] = handle; }
    void await_resume() const noexcept {}
  };

  struct Pass {
    Ring& ring;
    std::size_t next;
    Pass(Ring& of, std::size_t number) noexcept : ring(of), next(number) {}
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<>) noexcept {
      change(0, 1, std::memory_order_acquire);
      change(1, 0, std::memory_order_release);
      return ring.handles[next];
    }
    void await_resume() const noexcept {}

   private:
    void change(std::uint64_t from, std::uint64_t to, std::memory_order order) noexcept {
      while (!ring.word.compare_exchange_weak(from, to, order, std::memory_order_relaxed)) {
      }
    }
  };

  static Coroutine participate(Ring& ring, std::size_t self, Turns& turns) {
    const std::size_t next = (self + 1) % ring.handles.size();
    co_await Begin(ring, self);
    while (self == 0 ? turns.another_round() : true) {
      turns.count();
      co_await Pass(ring, next);
    }
    co_await std::suspend_always();
  }

  static Coroutine play(Ring& ring, std::size_t self, benchmark::State& state) {
    co_await Begin(ring, self);
    while (self == 0 ? state.KeepRunning() : true) {
      co_await Pass(ring, 1 - self);
    }
    co_await std::suspend_always();
  }
};

#ifdef LOCKSTEP_PEER_ASIO
/// A channel with one place, in which the lock is. Not thread-safe: that is `concurrent_channel`.
class AsioChannel {
 public:
  static constexpr const char* name = "asio::experimental::channel";

  static void take_turns(benchmark::State& state, std::size_t n) {
    asio::io_context context(1);
    Channel lock(context, 1);
    Turns turns(state, n);
    for (std::size_t i = 0; i < n; ++i) {
      asio::co_spawn(context, participate(lock, i == 0, turns), asio::detached);
    }
    while (context.poll_one() != 0) {  // until all wait
    }
    release(lock);
    context.restart();
    context.run();
    turns.check();
  }

  static void ping_pong(benchmark::State& state) {
    asio::io_context context(1);
    Channel ping(context, 1);
    Channel pong(context, 1);
    bool is_over = false;
    asio::co_spawn(context, answer(ping, pong, is_over), asio::detached);
    asio::co_spawn(context, call(ping, pong, is_over, state), asio::detached);
    context.run();
  }

 private:
  using Channel = asio::experimental::channel<void(asio::error_code, bool)>;

  static void release(Channel& channel) { channel.try_send(asio::error_code(), true); }

  static asio::awaitable<void> participate(Channel& lock, bool is_first, Turns& turns) {
    while (is_first ? turns.another_round() : !turns.is_over()) {
      co_await lock.async_receive(asio::use_awaitable);
      turns.count();
      release(lock);
    }
  }
  static asio::awaitable<void> call(Channel& ping, Channel& pong, bool& is_over,
                                    benchmark::State& state) {
    while (state.KeepRunning()) {
      release(ping);
      co_await pong.async_receive(asio::use_awaitable);
    }
    is_over = true;
    release(ping);
  }
  static asio::awaitable<void> answer(Channel& ping, Channel& pong, bool& is_over) {
    for (;;) {
      co_await ping.async_receive(asio::use_awaitable);
      if (is_over) co_return;
      release(pong);
    }
  }
};
#endif

#ifdef LOCKSTEP_PEER_BOOST_FIBER
/// Whoever unlocks a fiber's mutex, and locks it again, has it again: it is not handed on. So that each
/// acquisition is a hand-over, each fiber lets the others run while it is inside, and once outside. What
/// that takes is measured too, and subtracted.
class BoostFiber {
 public:
  static constexpr const char* name = "boost::fibers";

  static void take_turns(benchmark::State& state, std::size_t n) {
    constexpr std::uint64_t rounds = 1'000;
    for (auto _ : state) {
      boost::fibers::mutex mutex;
      std::uint64_t waits = 0;
      const double all = seconds_of(n, [&] {
        for (std::uint64_t i = 0; i < rounds; ++i) {
          if (!mutex.try_lock()) {
            ++waits;
            mutex.lock();
          }
          boost::this_fiber::yield();
          mutex.unlock();
          boost::this_fiber::yield();
        }
      });
      // Two fibers, each as often as there were acquisitions: two switches for each.
      const double yielding = seconds_of(2, [&] {
        for (std::uint64_t i = 0; i < rounds * n; ++i) boost::this_fiber::yield();
      });
      const auto acquisitions = static_cast<double>(rounds * n);
      state.SetIterationTime((all - yielding) / acquisitions);
      if (waits < (rounds - 1) * (n - 1)) state.SkipWithError("it was not handed on");
    }
  }

  static void ping_pong(benchmark::State& state) {
    boost::fibers::buffered_channel<int> ping(2);
    boost::fibers::buffered_channel<int> pong(2);
    int received = 0;
    boost::fibers::fiber partner([&] {
      int value = 0;
      while (ping.pop(value) == boost::fibers::channel_op_status::success) pong.push(value);
    });
    for (auto _ : state) {
      ping.push(1);
      pong.pop(received);
    }
    ping.close();
    partner.join();
  }

 private:
  /// Processor time that `n` fibers take, each of which runs `body`.
  static double seconds_of(std::size_t n, const std::function<void()>& body) {
    std::vector<boost::fibers::fiber> fibers;
    for (std::size_t i = 0; i < n; ++i) fibers.emplace_back(body);
    const double start = process_cpu_nanoseconds();
    for (auto& fiber : fibers) fiber.join();
    return (process_cpu_nanoseconds() - start) * 1e-9;
  }
};
#endif

}  // namespace bench
