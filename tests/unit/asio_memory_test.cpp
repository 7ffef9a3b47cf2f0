// That waits in Asio allocate nothing once the first ones have warmed up its and our stores of memory.

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <new>

#include "asio_programs.hpp"

namespace {

long allocations = 0;  // of this process, which has one thread

/// Out of line, so that g++ does not take the calls below for a mix-up of malloc and delete.
[[gnu::noinline]] void* allocate(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* const memory =
      std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void deallocate(void* memory) noexcept { std::free(memory); }

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
  return allocate(size, alignof(std::max_align_t));
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { deallocate(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { deallocate(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  deallocate(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  deallocate(memory);
}

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

constexpr int rounds = 1'000;

net::awaitable<void> acquire_over_and_over(Lock& lock, long& counted) {
  for (int i = 0; i < 2 * rounds; ++i) {
    if (i == rounds) counted = -allocations;
    const auto guard = co_await use_asio(lock.async_scoped());
  }
  counted += allocations;
}

TEST(AsioMemory, ToHaveWhatIsFreeTakesNone) {
  net::io_context io;
  Lock lock;
  long counted = -1;
  start(io, [&] { return acquire_over_and_over(lock, counted); });
  io.run();
  EXPECT_EQ(counted, 0);
}

/// A handler that waits again, and hands on to the other.
struct Player {
  using executor_type = net::io_context::executor_type;
  [[nodiscard]] executor_type get_executor() const noexcept { return io->get_executor(); }

  void operator()(std::exception_ptr) const {
    if (--*left == rounds) *counted = -allocations;
    if (*left == 0) *counted += allocations;
    if (*left >= 0) wait();
    other->release();
  }
  void wait() const { use_asio(mine->async_acquire(), Player(*this)); }

  net::io_context* io;
  Semaphore* mine;
  Semaphore* other;
  int* left;
  long* counted;
};

TEST(AsioMemory, ToBeHandedItTakesNone) {
  net::io_context io;
  Semaphore ping(0);
  Semaphore pong(0);
  int left = 2 * rounds;
  long counted = -1;
  Player{&io, &ping, &pong, &left, &counted}.wait();
  Player{&io, &pong, &ping, &left, &counted}.wait();
  ping.release();
  io.run();
  EXPECT_EQ(counted, 0);
}

/// The same with a deadline each time.
struct TimedPlayer {
  using executor_type = net::io_context::executor_type;
  [[nodiscard]] executor_type get_executor() const noexcept { return io->get_executor(); }

  void operator()(std::exception_ptr, bool) const {
    if (--*left == rounds) *counted = -allocations;
    if (*left == 0) *counted += allocations;
    if (*left < 0) return;
    use_asio(semaphore->async_try_acquire_for(24h), TimedPlayer(*this));
    semaphore->release();
  }

  net::io_context* io;
  Semaphore* semaphore;
  int* left;
  long* counted;
};

TEST(AsioMemory, ADeadlineTakesNone) {
  net::io_context io;
  Semaphore semaphore(1);
  int left = 2 * rounds;
  long counted = -1;
  use_asio(semaphore.async_try_acquire_for(24h), TimedPlayer{&io, &semaphore, &left, &counted});
  io.run();
  EXPECT_EQ(counted, 0);
}

#if !LOCKSTEP_BOOST_ASIO  // Boost 1.74 keeps the frame of one coroutine, and each wait is two of its

net::awaitable<void> play(Semaphore& mine, Semaphore& other, int& left, long& counted) {
  while (left >= 0) {
    co_await use_asio(mine.async_acquire());
    if (--left == rounds) counted = -allocations;
    if (left == 0) counted += allocations;
    other.release();
  }
}

TEST(AsioMemory, ToBeHandedItTakesNoneInCoroutines) {
  net::io_context io;
  Semaphore ping(0);
  Semaphore pong(0);
  int left = 2 * rounds;
  long counted = -1;
  start(io, [&] { return play(ping, pong, left, counted); });
  start(io, [&] { return play(pong, ping, left, counted); });
  ping.release();
  io.run();
  EXPECT_EQ(counted, 0);
}

#endif

}  // namespace
}  // namespace lockstep::test
