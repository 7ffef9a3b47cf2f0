// What happens to waits whose execution context is destroyed: the handlers are destroyed with it, and
// the primitives are as if those had never come. Address sanitizers see what is left behind.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "asio_programs.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

net::awaitable<void> acquire_and_keep(Lock& lock, std::shared_ptr<int> kept) {
  co_await use_asio(lock.async_acquire());
  ++*kept;
}

TEST(AsioShutdown, AWaitLeavesTheQueueAndItsHandlerIsDestroyed) {
  auto kept = std::make_shared<int>(0);
  Lock lock;
  lock.acquire();
  {
    net::io_context io;
    start(io, [&] { return acquire_and_keep(lock, kept); });
    use_asio(lock.async_acquire(), net::bind_executor(io, [kept](std::exception_ptr) { ++*kept; }));
    io.poll();
    EXPECT_GT(kept.use_count(), 1);
  }
  EXPECT_EQ(kept.use_count(), 1);
  EXPECT_EQ(*kept, 0);
  lock.release();
  EXPECT_FALSE(lock.locked());
}

TEST(AsioShutdown, ADeadlineAndAStopTokenAreLetGo) {
  std::stop_source source;
  Lock lock;
  lock.acquire();
  {
    net::io_context io;
    start(io, [&]() -> net::awaitable<void> {
      static_cast<void>(co_await use_asio(lock.async_try_acquire_for(24h, source.get_token())));
      ADD_FAILURE() << "it went on";
    });
    io.poll();
  }
  source.request_stop();
  lock.release();
  EXPECT_FALSE(lock.locked());
}

TEST(AsioShutdown, WhatWasGrantedButNotTakenGoesToTheNext) {
  net::io_context next_context;
  Lock lock;
  bool acquired_by_next = false;
  lock.acquire();
  {
    net::io_context io;
    start(io, [&] { return acquire_and_keep(lock, std::make_shared<int>()); });
    io.poll();
    start(next_context, [&]() -> net::awaitable<void> {
      co_await use_asio(lock.async_acquire());
      acquired_by_next = true;
    });
    next_context.poll();
    lock.release();  // to the first, who is never to go on
    next_context.poll();
    EXPECT_FALSE(acquired_by_next);
  }
  next_context.run();
  EXPECT_TRUE(acquired_by_next);
}

TEST(AsioShutdown, WhatAHandlerHadAtOnceButWasNeverToldIsGivenBack) {
  Lock lock;
  RLock recursive;
  const Owner owner(&lock);
  ASSERT_TRUE(recursive.try_acquire(owner));
  {
    net::io_context io;
    use_asio(lock.async_acquire(), net::bind_executor(io, rethrow));
    use_asio(recursive.async_acquire(owner), net::bind_executor(io, rethrow));
    EXPECT_TRUE(lock.locked());
  }
  EXPECT_FALSE(lock.locked());
  EXPECT_TRUE(recursive.owned(owner)) << "of two levels, one was given back";
  recursive.release(owner);
  EXPECT_FALSE(recursive.locked());
}

TEST(AsioShutdown, AGuardOfADestroyedCoroutineReleasesToAThread) {
  Lock lock;
  std::optional<BlockedThread> thread;
  {
    net::io_context io;
    start(io, [&]() -> net::awaitable<void> {
      const auto guard = co_await use_asio(lock.async_scoped());
      co_await use_asio(Event().async_wait());  // for ever
    });
    io.poll();
    thread.emplace([&] { lock.acquire(); });
    thread->wait_until_asleep();
  }
  thread->join();
  EXPECT_TRUE(lock.locked());
}

TEST(AsioShutdown, EachOfManyGuardsInWaitsForConditionsEndsWell) {
  Lock lock;
  BasicCondition<Lock> full(lock);
  BasicCondition<Lock> empty(lock);
  BasicCondition<Lock> other;
  {
    net::io_context io;
    for (BasicCondition<Lock>* const condition : {&full, &empty, &other, &full, &other}) {
      start(io, [condition]() -> net::awaitable<void> {
        const auto guard = co_await use_asio(condition->underlying().async_scoped());
        co_await use_asio(condition->async_wait());
        ADD_FAILURE() << "it was not notified";
      });
    }
    io.poll();
    EXPECT_EQ(full.waiters(), 2U);
  }
  EXPECT_FALSE(lock.locked());
  EXPECT_FALSE(other.underlying().locked());
  EXPECT_EQ(full.waiters() + empty.waiters() + other.waiters(), 0U);
}

TEST(AsioShutdown, WaitsInAStrandLeaveToo) {
  constexpr int waiters = 100;
  auto kept = std::make_shared<int>(0);
  Lock lock;
  lock.acquire();
  {
    net::io_context io;
    use_asio(lock.async_acquire(), net::bind_executor(io, [kept](std::exception_ptr) { ++*kept; }));
    const auto strand = net::make_strand(io);
    for (int i = 0; i < waiters; ++i) {
      use_asio(lock.async_acquire(),
               net::bind_executor(strand, [kept](std::exception_ptr) { ++*kept; }));
    }
    lock.release();
    io.poll_one();
    lock.release();  // posted to the strand, which is shut down before it goes on
  }
  EXPECT_EQ(kept.use_count(), 1);
  EXPECT_EQ(*kept, 1);
  EXPECT_FALSE(lock.locked());
}

TEST(AsioShutdown, AnotherThreadMayReleaseMeanwhile) {
  constexpr int rounds = sanitized ? 300 : 3'000;
  Semaphore permits(0);
  std::atomic<bool> done{false};
  std::atomic<long> given{0};
  std::thread giver([&] {
    while (!done) {
      permits.release();
      ++given;
      if (permits.value() > 50) std::this_thread::yield();
    }
  });
  long taken = 0;
  for (int round = 0; round < rounds; ++round) {
    net::io_context io;
    while (permits.try_acquire()) ++taken;
    for (int i = 0; i < 8; ++i) {
      start(io, [&]() -> net::awaitable<void> {
        co_await use_asio(permits.async_acquire());
        ++taken;
      });
    }
    io.poll();
  }
  done = true;
  giver.join();
  EXPECT_EQ(taken + permits.value(), given);
}

TEST(AsioShutdown, OneWhoComesAfterItIsDestroyedAtOnce) {
  /// Begins a wait when it is destroyed.
  struct Late {
    explicit Late(Event& waited_for, net::io_context& context) : event(&waited_for), io(&context) {}
    Late(Late&& other) noexcept : event(std::exchange(other.event, nullptr)), io(other.io) {}
    ~Late() {
      if (event != nullptr) use_asio(event->async_wait(), net::bind_executor(*io, rethrow));
    }
    void operator()() const noexcept {}
    Event* event;
    net::io_context* io;
  };
  Event event;
  {
    net::io_context io;
    use_asio(event.async_wait(), net::bind_executor(io, rethrow));
    net::post(io, Late(event, io));
  }
  event.set();  // reaches nobody
  EXPECT_TRUE(event.is_set());
}

}  // namespace
}  // namespace lockstep::test
