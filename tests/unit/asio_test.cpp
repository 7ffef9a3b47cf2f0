// How Asio waits for the primitives: where one goes on, with what result, and what ends the wait.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <future>
#include <iterator>
#include <memory_resource>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

#include "asio_programs.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

// Where it goes on

TEST(Asio, WhatIsFreeIsHadWithoutATurnThroughTheExecutor) {
  net::io_context io;
  Lock lock;
  bool others_had_a_turn = false;
  start(io, [&]() -> net::awaitable<void> {
    net::post(io, [&] { others_had_a_turn = true; });
    co_await use_asio(lock.async_acquire());
    EXPECT_FALSE(others_had_a_turn);
    EXPECT_TRUE(lock.locked());
  });
  io.run();
  EXPECT_TRUE(others_had_a_turn);
}

TEST(Asio, AHandlerIsNotCalledInsideTheInitiationEvenOfWhatIsFree) {
  net::io_context io;
  Lock lock;
  bool called = false;
  use_asio(lock.async_acquire(), net::bind_executor(io, [&](std::exception_ptr error) {
             called = true;
             EXPECT_EQ(error, nullptr);
           }));
  EXPECT_FALSE(called);
  EXPECT_TRUE(lock.locked());
  io.run();
  EXPECT_TRUE(called);
}

TEST(Asio, WhoeverReleasesDoesNotRunTheOther) {
  net::io_context io;
  Lock lock;
  bool acquired = false;
  lock.acquire();
  start(io, [&]() -> net::awaitable<void> {
    co_await use_asio(lock.async_acquire());
    acquired = true;
  });
  io.poll();
  lock.release();
  EXPECT_FALSE(acquired);
  EXPECT_TRUE(lock.locked()) << "it has been handed over";
  io.run();
  EXPECT_TRUE(acquired);
}

TEST(Asio, ItGoesOnOnAThreadOfItsContextWhoeverReleases) {
  net::io_context io;
  Lock lock;
  lock.acquire();
  std::thread::id resumed_on;
  start(io, [&]() -> net::awaitable<void> {
    co_await use_asio(lock.async_acquire());
    resumed_on = std::this_thread::get_id();
  });
  io.poll();
  std::thread([&] { lock.release(); }).join();
  io.run();
  EXPECT_EQ(resumed_on, std::this_thread::get_id());
}

TEST(Asio, ACoroutineGoesOnInItsStrand) {
  net::thread_pool pool(2);
  const auto strand = net::make_strand(pool.get_executor());
  Event event;
  std::atomic<bool> waits{false};
  bool in_strand = false;
  start(strand, [&]() -> net::awaitable<void> {
    waits = true;
    waits.notify_one();
    co_await use_asio(event.async_wait());
    in_strand = strand.running_in_this_thread();
  });
  waits.wait(false);
  event.set();
  pool.join();
  EXPECT_TRUE(in_strand);
}

TEST(Asio, OneWhoWaitsIsWorkForItsContext) {
  net::io_context io;
  Event event;
  use_asio(event.async_wait(), net::bind_executor(io, rethrow));
  io.poll();
  EXPECT_FALSE(io.stopped());
  event.set();
  io.run();
  EXPECT_TRUE(io.stopped());
}

TEST(Asio, AMillionHandOversTakeConstantStack) {
  constexpr int rounds = sanitized ? 100'000 : 500'000;
  net::io_context io;
  Semaphore ping(0);
  Semaphore pong(0);
  int handed_over = 0;
  const auto player = [&](Semaphore& mine, Semaphore& other) -> net::awaitable<void> {
    for (int i = 0; i < rounds; ++i) {
      co_await use_asio(mine.async_acquire());
      ++handed_over;
      other.release();
    }
  };
  start(io, [&] { return player(ping, pong); });
  start(io, [&] { return player(pong, ping); });
  ping.release();
  io.run();
  EXPECT_EQ(handed_over, 2 * rounds);
}

TEST(Asio, AMillionThatQueueAreServedInConstantStack) {
  constexpr int waiters = sanitized ? 20'000 : 1'000'000;
  net::io_context io;
  Lock lock;
  lock.acquire();
  int served = 0;
  for (int i = 0; i < waiters; ++i) {
    use_asio(lock.async_scoped(), net::bind_executor(io, [&, i](std::exception_ptr, Scoped<Lock>) {
               EXPECT_EQ(served, i) << "first come, first served";
               ++served;
             }));
  }
  lock.release();
  io.run();
  EXPECT_EQ(served, waiters);
}

// Every primitive, together with threads

TEST(Asio, ThreadsAndCoroutinesExcludeEachOther) {
  constexpr int rounds = sanitized ? 500 : 5'000;
  net::thread_pool pool(2);
  Lock lock;
  long count = 0;
  for (int i = 0; i < 4; ++i) {
    start(pool, [&]() -> net::awaitable<void> {
      for (int round = 0; round < rounds; ++round) {
        const auto guard = co_await use_asio(lock.async_scoped());
        ++count;
      }
    });
  }
  std::vector<std::jthread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        const std::scoped_lock guard(lock);
        ++count;
      }
    });
  }
  pool.join();
  threads.clear();
  EXPECT_EQ(count, 6L * rounds);
}

TEST(Asio, ASemaphoreAdmitsNoMoreThanItHasPermits) {
  net::thread_pool pool(2);
  BoundedSemaphore permits(3);
  std::atomic<int> inside{0};
  std::atomic<int> entered{0};
  for (int i = 0; i < 50; ++i) {
    start(pool, [&]() -> net::awaitable<void> {
      const auto guard = co_await use_asio(permits.async_scoped());
      EXPECT_LE(++inside, 3);
      co_await turn();
      --inside;
      ++entered;
    });
  }
  pool.join();
  EXPECT_EQ(entered, 50);
  EXPECT_EQ(permits.value(), 3);
}

TEST(Asio, AnEventSetByAThreadReleasesCoroutines) {
  net::io_context io;
  Event event;
  int released = 0;
  for (int i = 0; i < 3; ++i) {
    start(io, [&]() -> net::awaitable<void> {
      co_await use_asio(event.async_wait());
      ++released;
    });
  }
  io.poll();
  std::thread([&] { event.set(); }).join();
  io.run();
  EXPECT_EQ(released, 3);
}

TEST(Asio, ACoroutineNotifiedByAThreadHasTheLockBack) {
  net::io_context io;
  BasicCondition<Lock> condition;
  bool ready = false;
  bool seen = false;
  start(io, [&]() -> net::awaitable<void> {
    const auto guard = co_await use_asio(condition.underlying().async_scoped());
    while (!ready) co_await use_asio(condition.async_wait());
    EXPECT_TRUE(condition.underlying().locked());
    seen = true;
  });
  io.poll();
  EXPECT_EQ(condition.waiters(), 1U);
  std::thread([&] {
    const std::scoped_lock guard(condition);
    ready = true;
    condition.notify();
  }).join();
  io.run();
  EXPECT_TRUE(seen);
  EXPECT_FALSE(condition.underlying().locked());
}

TEST(Asio, CoroutinesAndAThreadMeetAtABarrier) {
  net::io_context io;
  int actions = 0;
  Barrier barrier(3, [&] { ++actions; });
  std::set<std::size_t> indices;
  for (int i = 0; i < 2; ++i) {
    start(io, [&]() -> net::awaitable<void> {
      const std::size_t index = co_await use_asio(barrier.async_wait());
      indices.insert(index);
    });
  }
  io.poll();
  std::size_t index_of_thread = 0;
  std::thread([&] { index_of_thread = barrier.wait(); }).join();
  io.run();
  EXPECT_EQ(indices, (std::set<std::size_t>{0, 1}));
  EXPECT_EQ(index_of_thread, 2U);
  EXPECT_EQ(actions, 1);
}

TEST(Asio, ATimerIsJoinedAndItsFailureThrown) {
  net::io_context io;
  Timer timer(1ms, [] { throw std::runtime_error("from the callback"); });
  timer.start();
  bool thrown = false;
  start(io, [&]() -> net::awaitable<void> {
    try {
      co_await use_asio(timer.async_join());
    } catch (const std::runtime_error&) {
      thrown = true;
    }
  });
  io.run();
  EXPECT_TRUE(thrown);
}

TEST(Asio, AnRLockBelongsToTheOwnerThatIsNamed) {
  net::io_context io;
  RLock lock;
  const Owner one(&io);
  const Owner another(&lock);
  bool had_by_another = false;
  start(io, [&]() -> net::awaitable<void> {
    co_await use_asio(lock.async_acquire(one));
    co_await use_asio(lock.async_acquire(one));
    start(io, [&]() -> net::awaitable<void> {
      const auto guard = co_await use_asio(lock.async_scoped(another));
      had_by_another = lock.owned(another);
    });
    co_await turn();
    co_await turn();
    lock.release(one);
    EXPECT_FALSE(had_by_another);
    EXPECT_TRUE(lock.owned(one));
    lock.release(one);
  });
  io.run();
  EXPECT_TRUE(had_by_another);
  EXPECT_FALSE(lock.locked());
}

template <class T>
concept CanBeAcquired = requires(T& lock) { use_asio(lock.async_acquire()); };
template <class T>
concept CanBeWaitedFor = requires(T& condition) { use_asio(condition.async_wait()); };
static_assert(CanBeAcquired<Lock>);
static_assert(!CanBeAcquired<RLock>, "Asio knows of no owners");
static_assert(CanBeWaitedFor<BasicCondition<Lock>>);
static_assert(!CanBeWaitedFor<BasicCondition<RLock>>);

// What ends the wait

std::ptrdiff_t threads_of_this_process() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

TEST(Asio, ADeadlineNeedsNoThread) {
  const std::ptrdiff_t threads_before = threads_of_this_process();
  net::io_context io;
  Lock lock;
  lock.acquire();
  std::optional<bool> acquired;
  start(io, [&]() -> net::awaitable<void> {
    const auto begin = std::chrono::steady_clock::now();
    acquired = co_await use_asio(lock.async_try_acquire_for(5ms));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 5ms);
    EXPECT_LE(threads_of_this_process(), threads_before);
  });
  io.run();
  EXPECT_EQ(acquired, false);
  lock.release();
  EXPECT_FALSE(lock.locked()) << "it was withdrawn";
}

TEST(Asio, ADeadlineOnAnyClockEndsTheWait) {
  net::io_context io;
  Event event;
  std::optional<bool> set;
  start(io, [&]() -> net::awaitable<void> {
    set = co_await use_asio(event.async_wait_until(std::chrono::system_clock::now() + 2ms));
  });
  io.run();
  EXPECT_EQ(set, false);
}

TEST(Asio, ADeadlineThatHasPassedIsOneAttempt) {
  net::io_context io;
  Lock lock;
  start(io, [&]() -> net::awaitable<void> {
    const bool first = co_await use_asio(lock.async_try_acquire_for(-1s));
    const bool second = co_await use_asio(lock.async_try_acquire_for(-1s));
    EXPECT_TRUE(first);
    EXPECT_FALSE(second);
  });
  io.run();
}

TEST(Asio, ADeadlineThatIsNoLongerNeededKeepsNobodyWaiting) {
  net::io_context io;
  Semaphore permit(0);
  std::optional<bool> acquired;
  start(io, [&]() -> net::awaitable<void> {
    acquired = co_await use_asio(permit.async_try_acquire_for(24h));
  });
  io.poll();
  permit.release();
  io.run();  // returns
  EXPECT_EQ(acquired, true);
}

TEST(Asio, ADeadlineAtABarrierBreaksIt) {
  net::io_context io;
  Barrier barrier(2);
  bool broken = false;
  start(io, [&]() -> net::awaitable<void> {
    try {
      static_cast<void>(co_await use_asio(barrier.async_wait_for(1ms)));
    } catch (const BrokenBarrierError&) {
      broken = true;
    }
  });
  io.run();
  EXPECT_TRUE(broken);
}

TEST(Asio, DeadlinesAndGrantsMayCollide) {
  constexpr int rounds = sanitized ? 200 : 2'000;
  net::thread_pool pool(2);
  Semaphore permits(0);
  std::atomic<long> taken{0};
  for (int i = 0; i < 4; ++i) {
    start(pool, [&, i]() -> net::awaitable<void> {
      for (int round = 0; round < rounds; ++round) {
        const bool got =
            co_await use_asio(permits.async_try_acquire_for(std::chrono::microseconds(i * 20)));
        if (got) ++taken;
      }
    });
  }
  long given = 0;
  std::thread([&] {
    for (; given < 4L * rounds; ++given) permits.release();
  }).join();
  pool.join();
  EXPECT_EQ(taken + permits.value(), given);
}

TEST(Asio, AStopRequestEndsTheWait) {
  net::io_context io;
  Lock lock;
  lock.acquire();
  std::stop_source source;
  std::optional<bool> acquired;
  start(io, [&]() -> net::awaitable<void> {
    acquired = co_await use_asio(lock.async_acquire(source.get_token()));
  });
  io.poll();
  std::thread([&] { source.request_stop(); }).join();
  io.run();
  EXPECT_EQ(acquired, false);
}

TEST(Asio, AMistakeOfTheCallerIsThrownInTheCoroutine) {
  net::io_context io;
  BasicCondition<Lock> condition;
  bool thrown = false;
  start(io, [&]() -> net::awaitable<void> {
    try {
      co_await use_asio(condition.async_wait());
    } catch (const NotAcquiredError&) {
      thrown = true;
    }
  });
  io.run();
  EXPECT_TRUE(thrown);
}

// Other tokens

TEST(Asio, AFutureTellsTheResult) {
  Lock lock;
  lock.acquire();
  std::future<bool> acquired = use_asio(lock.async_try_acquire_for(24h), net::use_future);
  lock.release();
  EXPECT_TRUE(acquired.get());
}

TEST(Asio, AHandlerWithoutExecutorIsCalledByAsiosSystemExecutor) {
  Event event;
  std::promise<std::thread::id> called_on;
  use_asio(event.async_wait(),
           [&](std::exception_ptr) { called_on.set_value(std::this_thread::get_id()); });
  event.set();
  EXPECT_NE(called_on.get_future().get(), std::this_thread::get_id());
}

/// A handler with an allocator and an executor of its own.
struct Allocating {
  using allocator_type = std::pmr::polymorphic_allocator<std::byte>;
  using executor_type = net::io_context::executor_type;
  [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator; }
  [[nodiscard]] executor_type get_executor() const noexcept { return executor; }
  void operator()(std::exception_ptr) const { *in_use_when_called = *in_use; }

  allocator_type allocator;
  executor_type executor;
  const long* in_use;
  long* in_use_when_called;
};

class CountingMemory : public std::pmr::memory_resource {
 public:
  long in_use = 0;
  long allocations = 0;

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    ++in_use;
    ++allocations;
    return std::pmr::new_delete_resource()->allocate(size, alignment);
  }
  void do_deallocate(void* memory, std::size_t size, std::size_t alignment) override {
    --in_use;
    std::pmr::new_delete_resource()->deallocate(memory, size, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

TEST(Asio, TheMemoryComesFromTheHandlersAllocatorAndIsBackBeforeItIsCalled) {
  CountingMemory memory;
  net::io_context io;
  Event event;
  long in_use_when_called = -1;
  use_asio(event.async_wait(),
           Allocating{&memory, io.get_executor(), &memory.in_use, &in_use_when_called});
  EXPECT_GE(memory.allocations, 1);
  event.set();
  io.run();
  EXPECT_EQ(in_use_when_called, 0);
}

// Cancellation slots

#if LOCKSTEP_ASIO_HAS_SLOTS

TEST(AsioSlot, ASignalWithdrawsAWaitThatThenEndsAborted) {
  for (const net::cancellation_type type :
       {net::cancellation_type::terminal, net::cancellation_type::partial,
        net::cancellation_type::total}) {
    net::io_context io;
    net::cancellation_signal signal;
    Lock lock;
    lock.acquire();
    std::exception_ptr ended_with;
    use_asio(lock.async_acquire(),
             net::bind_cancellation_slot(
                 signal.slot(),
                 net::bind_executor(io, [&](std::exception_ptr error) { ended_with = error; })));
    signal.emit(type);
    EXPECT_EQ(ended_with, nullptr) << "it was called inside emit";
    io.run();
    ASSERT_NE(ended_with, nullptr);
    try {
      std::rethrow_exception(ended_with);
    } catch (const SystemError& error) {
      EXPECT_EQ(error.code(), net::error::operation_aborted);
    }
    lock.release();
    EXPECT_FALSE(lock.locked());
  }
}

TEST(AsioSlot, AGrantThatCameFirstWins) {
  net::io_context io;
  net::cancellation_signal signal;
  Lock lock;
  lock.acquire();
  int acquired = 0;
  use_asio(lock.async_acquire(),
           net::bind_cancellation_slot(signal.slot(),
                                       net::bind_executor(io, [&](std::exception_ptr error) {
                                         if (!error) ++acquired;
                                       })));
  lock.release();
  signal.emit(net::cancellation_type::all);
  io.run();
  EXPECT_EQ(acquired, 1);
  EXPECT_TRUE(lock.locked());
  signal.emit(net::cancellation_type::all);  // after the end it reaches nobody
}

TEST(AsioSlot, ExactlyOneHappensWhenSignalsAndGrantsCollide) {
  constexpr int rounds = sanitized ? 500 : 5'000;
  net::thread_pool pool(2);
  const auto strand = net::make_strand(pool.get_executor());
  Semaphore permits(0);
  long granted = 0;
  long aborted = 0;
  std::atomic<bool> ended{false};
  std::thread giver([&] {
    for (int i = 0; i < rounds; ++i) permits.release();
  });
  start(strand, [&]() -> net::awaitable<void> {
    for (int i = 0; i < rounds; ++i) {
      net::cancellation_signal signal;
      net::post(strand, [&] { signal.emit(net::cancellation_type::terminal); });
      bool was_aborted = false;
      try {
        co_await use_asio(permits.async_acquire(),
                          net::bind_cancellation_slot(signal.slot(), net::use_awaitable));
      } catch (const SystemError&) {
        was_aborted = true;
      }
      ++(was_aborted ? aborted : granted);
      co_await turn();  // the signal has been emitted
    }
    ended = true;
  });
  giver.join();
  pool.join();
  EXPECT_TRUE(ended);
  EXPECT_EQ(granted + aborted, rounds);
  EXPECT_EQ(granted + permits.value(), rounds);
}

TEST(AsioSlot, TheLoserOfAnAlternativeIsWithdrawn) {
  using namespace net::experimental::awaitable_operators;
  net::io_context io;
  Lock lock;
  lock.acquire();
  std::size_t winner = 0;
  start(io, [&]() -> net::awaitable<void> {
    net::steady_timer timer(io, 1ms);
    const auto result =
        co_await (use_asio(lock.async_scoped()) || timer.async_wait(net::use_awaitable));
    winner = result.index();
  });
  io.run();
  EXPECT_EQ(winner, 1U);
  lock.release();
  EXPECT_FALSE(lock.locked());
}

TEST(AsioSlot, AnAlternativeMayBeWonByThePrimitive) {
  using namespace net::experimental::awaitable_operators;
  net::io_context io;
  Lock lock;
  lock.acquire();
  net::post(io, [&] { lock.release(); });
  std::size_t winner = 1;
  start(io, [&]() -> net::awaitable<void> {
    net::steady_timer timer(io, 24h);
    const auto result =
        co_await (use_asio(lock.async_scoped()) || timer.async_wait(net::use_awaitable));
    winner = result.index();
  });
  io.run();
  EXPECT_EQ(winner, 0U);
  EXPECT_FALSE(lock.locked()) << "the guard has ended";
}

TEST(AsioSlot, AdaptersOfTokensWork) {
  net::io_context io;
  Lock lock;
  bool called = false;
  start(io, [&]() -> net::awaitable<void> {
    const auto [error, acquired] = co_await use_asio(
        lock.async_try_acquire_for(1ms), net::experimental::as_tuple(net::use_awaitable));
    EXPECT_EQ(error, nullptr);
    EXPECT_TRUE(acquired);
    called = true;
  });
  io.run();
  EXPECT_TRUE(called);
}

#endif

}  // namespace
}  // namespace lockstep::test
