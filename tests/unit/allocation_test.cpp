// tests/unit/allocation_test.cpp: a wait in a coroutine takes no memory but that in its frame,
// whatever it waits for, whatever may end it, and whatever does. Whoever wakes it takes
// none either.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdlib>
#include <deque>
#include <exception>
#include <new>
#include <stop_token>

#include "lockstep/lockstep.hpp"
#include "running_timer.hpp"

namespace {
std::atomic<std::size_t> allocations{0};

void* counted(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
}  // namespace

// Not inline: g++ warns of a delete that it sees to be free, beside a new that it does not see to be malloc.
[[gnu::noinline]] void* operator new(std::size_t size) { return counted(size); }
[[gnu::noinline]] void* operator new[](std::size_t size) { return counted(size); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

/// All tasks of a test are this one, and it can be stopped.
struct Task {
  std::stop_source source;
  [[nodiscard]] Owner owner() const noexcept { return Owner(this); }
};

/// Runs at once, ends by itself. Its frame does not count. Its promise offers what a task has.
struct Coroutine {
  struct promise_type {
    template <class... Arguments>
    explicit promise_type(Task& task, Arguments&...) noexcept
        : owner_(task.owner()), token_(task.source.get_token()) {}
    static void* operator new(std::size_t size) { return std::malloc(size); }
    static void operator delete(void* frame) noexcept { std::free(frame); }
    Coroutine get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
    [[nodiscard]] Owner owner() const noexcept { return owner_; }
    [[nodiscard]] std::stop_token stop_token() const noexcept { return token_; }

   private:
    Owner owner_;
    std::stop_token token_;
  };
};

template <class Make>
Coroutine await(Task&, Make& make, std::atomic<bool>& done) {
  static_cast<void>(co_await make());
  done.store(true, std::memory_order_release);
}

class Allocation : public testing::Test {
 protected:
  /// Lets the service that rings deadlines start more threads than it will need (which takes memory): on a busy machine
  /// it may need one for each deadline that is rung late.
  static void SetUpTestSuite() { const std::deque<RunningTimer> at_once(8); }

  /// Awaits what `make` makes until `end` ends that, and returns how often memory was taken.
  template <class Make, class End>
  std::size_t taken(Make make, End end) {
    std::atomic<bool> done{false};
    const std::size_t before = allocations.load(std::memory_order_relaxed);
    await(task_, make, done);
    was_suspended_ = !done.load(std::memory_order_acquire);
    end();
    while (!done.load(std::memory_order_acquire)) {
    }
    return allocations.load(std::memory_order_relaxed) - before;
  }
  template <class Make>
  std::size_t taken(Make make) {
    return taken(make, [] {});
  }

  /// Every way to ask for `lock`: free, and held until it is released.
  template <class L>
  void ask_in_every_way(L& lock) {
    ask(lock, [&] { return lock.async_acquire(); });
    ask(lock, [&] { return lock.async_acquire(source_.get_token()); });
    ask(lock, [&] { return lock.async_try_acquire_for(1h); });
    ask(lock, [&] { return lock.async_try_acquire_for(1h, source_.get_token()); });
    ask(lock, [&] { return lock.async_try_acquire_until(std::chrono::system_clock::now() + 1h); });
  }

  /// Every way to wait for `waitable`, until `end`.
  template <class W, class End>
  void wait_in_every_way(W& waitable, End end) {
    EXPECT_EQ(taken([&] { return waitable.async_wait(); }, end), 0U);
    EXPECT_TRUE(was_suspended_);
    EXPECT_EQ(taken([&] { return waitable.async_wait(source_.get_token()); }, end), 0U);
    EXPECT_EQ(taken([&] { return waitable.async_wait_for(1h); }, end), 0U);
    EXPECT_EQ(taken([&] { return waitable.async_wait_for(1h, source_.get_token()); }, end), 0U);
    EXPECT_EQ(
        taken([&] { return waitable.async_wait_until(std::chrono::system_clock::now() + 1h); },
              end),
        0U);
    EXPECT_TRUE(was_suspended_);
  }

  Task task_;
  std::stop_source source_;
  bool was_suspended_ = false;

 private:
  template <class L, class Make>
  void ask(L& lock, Make make) {
    EXPECT_EQ(taken(make), 0U);
    EXPECT_FALSE(was_suspended_);
    release_as_task(lock);
    lock.acquire();
    EXPECT_EQ(taken(make, [&] { lock.release(); }), 0U);
    EXPECT_TRUE(was_suspended_);
    release_as_task(lock);
  }

  template <class L>
  void release_as_task(L& lock) {
    const wait::ActingFor acting(task_.owner());
    lock.release();
  }
};

TEST_F(Allocation, IsSeenByThisTest) {
  Event event;
  EXPECT_GT(taken([&] { return event.async_wait(); },
                  [&] {
                    int* volatile made = new int(1);  // else the compiler may do without
                    delete made;
                    event.set();
                  }),
            0U);
}

TEST_F(Allocation, NoneForALock) {
  Lock lock;
  ask_in_every_way(lock);
}

TEST_F(Allocation, NoneForAnRLock) {
  RLock lock;
  ask_in_every_way(lock);
}

TEST_F(Allocation, NoneForASemaphore) {
  Semaphore semaphore;
  ask_in_every_way(semaphore);
}

TEST_F(Allocation, NoneForABoundedSemaphore) {
  BoundedSemaphore semaphore;
  ask_in_every_way(semaphore);
}

TEST_F(Allocation, NoneForAnEvent) {
  Event event;
  wait_in_every_way(event, [&] {
    event.set();
    event.clear();
  });
  event.set();
  EXPECT_EQ(taken([&] { return event.async_wait(); }), 0U);
  EXPECT_FALSE(was_suspended_);
}

TEST_F(Allocation, NoneForAConditionNorForItsLockAfterwards) {
  Condition condition;
  const wait::ActingFor acting(task_.owner());
  condition.acquire();
  wait_in_every_way(condition, [&] {
    condition.acquire();
    condition.notify();
    condition.release();  // which hands it to the one that was notified
  });
  condition.release();
}

TEST_F(Allocation, NoneForABarrier) {
  Barrier barrier(2);
  wait_in_every_way(barrier, [&] { barrier.wait(); });
}

TEST_F(Allocation, NoneForATimersEnd) {
  Timer timer(1h, [] {});
  timer.start();
  EXPECT_EQ(taken([&] { return timer.async_join_for(1ms); }), 0U);
  EXPECT_EQ(taken([&] { return timer.async_join(); }, [&] { timer.cancel(); }), 0U);
  EXPECT_TRUE(was_suspended_);
}

TEST_F(Allocation, NoneForAHundredThatWaitAtOnce) {
  Lock lock;
  lock.acquire();
  std::atomic<bool> done{false};
  auto make = [&] { return lock.async_acquire(); };
  const std::size_t before = allocations.load(std::memory_order_relaxed);
  for (int i = 0; i < 100; ++i) await(task_, make, done);
  for (int i = 0; i < 101; ++i) lock.release();
  EXPECT_EQ(allocations.load(std::memory_order_relaxed) - before, 0U);
  EXPECT_FALSE(lock.locked());
}

TEST_F(Allocation, NoneForADeadlineThatComes) {
  Event event;
  Lock lock;
  lock.acquire();
  for (const auto time : {0ms, 1ms}) {
    EXPECT_EQ(taken([&] { return event.async_wait_for(time); }), 0U);
    EXPECT_EQ(taken([&] { return lock.async_try_acquire_for(time); }), 0U);
  }
}

TEST_F(Allocation, NoneForAStopThatIsRequested) {
  Event event;
  EXPECT_EQ(
      taken([&] { return event.async_wait(source_.get_token()); }, [&] { source_.request_stop(); }),
      0U);
  EXPECT_TRUE(was_suspended_);
}

}  // namespace
}  // namespace lockstep::test
