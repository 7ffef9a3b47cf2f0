// tests/unit/async_hazards_test.cpp: what goes wrong where whoever wakes a coroutine runs it, at once (SEMANTICS 12: W8, W11-W14).
// The coroutines here have no scheduler.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "coroutines.hpp"
#include "lockstep/lockstep.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

// --- W13: one that goes on uses the primitive that has woken it ----------------------------------

TEST(Hazards, OneThatSemaphoreReleaseWakesMayUseTheSemaphore) {
  Semaphore semaphore(0);
  bool ended = false;
  const auto body = [&](int) -> Detached {
    co_await semaphore.async_acquire();
    semaphore.release(2);
    EXPECT_TRUE(semaphore.try_acquire());
    EXPECT_EQ(semaphore.value(), 1);
    ended = true;
  };
  body(0);
  semaphore.release();
  EXPECT_TRUE(ended);
}

TEST(Hazards, OneThatEventSetWakesMayUseTheEvent) {
  Event event;
  int waits = 0;
  const auto body = [&](int) -> Detached {
    for (; waits < 2; ++waits) {
      co_await event.async_wait();
      event.clear();
    }
    event.set();
  };
  body(0);
  event.set();
  EXPECT_EQ(waits, 1);
  event.set();
  EXPECT_EQ(waits, 2);
  EXPECT_TRUE(event.is_set());
}

TEST(Hazards, OneThatConditionNotifyWakesMayUseTheCondition) {
  BasicCondition<Lock> condition;
  std::vector<int> order;
  const auto body = [&](int number) -> Detached {
    const auto guard = co_await condition.async_scoped();
    co_await condition.async_wait();
    order.push_back(number);
    condition.notify();
  };
  for (int number = 1; number <= 3; ++number) body(number);
  condition.acquire();
  condition.notify();
  condition.release();
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST(Hazards, OneThatABarrierReleasesMayUseTheBarrier) {
  Barrier barrier(2);
  int rounds = 0;
  bool was_broken = false;
  const auto body = [&](int) -> Detached {
    try {
      for (;; ++rounds) co_await barrier.async_wait();
    } catch (const BrokenBarrierError&) {
      barrier.reset();
      was_broken = true;
    }
  };
  body(0);
  EXPECT_EQ(barrier.wait(), 1u);
  EXPECT_EQ(barrier.wait(), 1u);
  EXPECT_EQ(rounds, 2);
  barrier.abort();
  EXPECT_TRUE(was_broken);
  EXPECT_FALSE(barrier.broken());
}

TEST(Hazards, OneThatAStopRequestWakesMayEndTheStopSource) {  // SEMANTICS 11.3
  Lock lock;
  lock.acquire();
  auto source = std::make_unique<std::stop_source>();
  const auto body = [&](int) -> Detached {
    EXPECT_FALSE(co_await lock.async_acquire(source->get_token()));
    source.reset();
  };
  body(0);
  std::stop_source(*source).request_stop();
  EXPECT_EQ(source, nullptr);
}

TEST(Hazards, OneThatGoesOnMayRequestTheStopThatOthersWaitFor) {
  Lock lock;
  lock.acquire();
  std::stop_source source;
  std::vector<bool> taken;
  const auto body = [&](int) -> Detached {
    const bool result = co_await lock.async_acquire(source.get_token());
    source.request_stop();
    taken.push_back(result);
  };
  for (int i = 0; i < 3; ++i) body(0);
  lock.release();
  EXPECT_EQ(taken, (std::vector{true, false, false}));
}

// --- W12: one that goes on is gone at once -------------------------------------------------------

TEST(Hazards, OneThatGoesOnMayEndWhatItWaitedFor) {
  auto lock = std::make_unique<Lock>();
  auto barrier = std::make_unique<Barrier>(2);
  auto semaphore = std::make_unique<Semaphore>(0);
  const auto body = [&](int) -> Detached {
    co_await lock->async_acquire();
    lock.reset();
    co_await semaphore->async_acquire();
    semaphore.reset();
    co_await barrier->async_wait();
    barrier.reset();
  };
  lock->acquire();
  body(0);
  lock->release();
  semaphore->release();
  EXPECT_EQ(barrier->wait(), 1u);
  EXPECT_EQ(barrier, nullptr);
}

TEST(Hazards, AWakerOnAnotherThreadTouchesNoFrameThatIsGone) {  // asan, tsan
  constexpr int rounds = sanitized ? 500 : 5'000;
  for (int round = 0; round < rounds; ++round) {
    Event event;
    std::stop_source source;
    const auto body = [&](int) -> Detached {
      static_cast<void>(co_await event.async_wait_for(std::chrono::hours(1), source.get_token()));
    };
    body(0);
    body(0);
    std::jthread stopper([&] { source.request_stop(); });
    event.set();
  }
}

// --- W11: a wait begins while what it is for happens ---------------------------------------------

TEST(Hazards, OneThatBeginsToWaitDuringTheSetIsReleased) {
  constexpr int rounds = sanitized ? 500 : 5'000;
  for (int round = 0; round < rounds; ++round) {
    Event event;
    Event over;
    std::jthread setter([&] { event.set(); });
    const auto body = [&](int) -> Detached {
      const bool released = co_await event.async_wait_for(std::chrono::hours(1));
      EXPECT_TRUE(released);
      over.set();
    };
    body(0);
    over.wait();
  }
}

/// A promise that lets the test do something between a coroutine's first look and its queueing.
struct Meanwhile {
  explicit Meanwhile(std::function<void()>& call) noexcept : call_(&call) {}
  std::stop_token stop_token() const {
    (*call_)();
    return {};
  }
  std::function<void()>* call_;
};

TEST(Hazards, WhatBecomesAvailableAfterTheFirstLookIsNotMissed) {
  Event event;
  Lock lock;
  lock.acquire();
  Semaphore semaphore(0);
  std::function<void()> call;
  int times = 0;
  const auto body = [&](std::function<void()>& meanwhile) -> Owned<Meanwhile> {
    meanwhile = [&] { event.set(); };
    co_await event.async_wait();
    meanwhile = [&] { lock.release(); };
    co_await lock.async_acquire();
    meanwhile = [&] { semaphore.release(); };
    times += co_await semaphore.async_try_acquire_for(std::chrono::hours(1));
    meanwhile = [&] { semaphore.release(); };
    times += co_await semaphore.async_try_acquire_for(std::chrono::hours(0));  // T10
  };
  const Owned<Meanwhile> coroutine = body(call);
  EXPECT_TRUE(coroutine.done());
  EXPECT_EQ(times, 2);
  EXPECT_TRUE(lock.locked());
  EXPECT_EQ(semaphore.value(), 0);
}

// --- W8: acquired at once, and then there is a reason to stop ------------------------------------

TEST(Hazards, WhatIsAcquiredAtOnceIsReleasedByItsGuardThoughTheTaskIsToEnd) {
  std::stop_source source;
  source.request_stop();
  Lock lock;
  Event never;
  bool cancelled = false;
  const auto body = [&](std::stop_source&) -> Owned<OffersStop> {
    try {
      const auto guard = co_await lock.async_scoped();
      EXPECT_TRUE(lock.locked());
      co_await never.async_wait();
    } catch (const CancelledError&) {
      cancelled = true;
    }
  };
  const auto coroutine = body(source);
  EXPECT_TRUE(cancelled);
  EXPECT_FALSE(lock.locked());
}

// --- W14: many wake each other in constant stack (Lock: await_test.cpp) --------------------------

constexpr int many = 100'000;

/// The lowest and the highest address of a frame in which coroutines go on.
struct Stack {
  void note() {
    const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    if (lowest > here) lowest = here;
    if (highest < here) highest = here;
    ++notes;
  }
  void expect_flat() const {
    EXPECT_EQ(notes, many);
    EXPECT_LT(highest - lowest, 4096u);
  }
  std::uintptr_t lowest = UINTPTR_MAX;
  std::uintptr_t highest = 0;
  int notes = 0;
};

TEST(Hazards, AChainOfSemaphoresTakesConstantStack) {
  Semaphore semaphore(0);
  Stack stack;
  const auto body = [&](int) -> Detached {
    co_await semaphore.async_acquire();
    stack.note();
    semaphore.release();
  };
  for (int i = 0; i < many; ++i) body(0);
  semaphore.release();
  stack.expect_flat();
}

TEST(Hazards, AChainOfNotificationsTakesConstantStack) {
  BasicCondition<Lock> condition;
  Stack stack;
  const auto body = [&](int) -> Detached {
    const auto guard = co_await condition.async_scoped();
    co_await condition.async_wait();
    stack.note();
    condition.notify();
  };
  for (int i = 0; i < many; ++i) body(0);
  condition.acquire();
  condition.notify();
  condition.release();
  stack.expect_flat();
}

TEST(Hazards, AChainOfStopRequestsTakesConstantStack) {
  Lock lock;
  lock.acquire();
  Stack stack;
  std::vector<std::stop_source> sources(many + 1);
  const auto body = [&](std::size_t number) -> Detached {
    const bool taken = co_await lock.async_acquire(sources[number].get_token());
    stack.note();
    EXPECT_FALSE(taken);
    sources[number + 1].request_stop();
  };
  for (std::size_t number = 0; number < many; ++number) body(number);
  sources[0].request_stop();
  stack.expect_flat();
}

TEST(Hazards, AChainOfEventsTakesConstantStack) {
  std::vector<Event> events(many + 1);
  Stack stack;
  const auto body = [&](std::size_t number) -> Detached {
    co_await events[number].async_wait();
    stack.note();
    events[number + 1].set();
  };
  for (std::size_t number = 0; number < many; ++number) body(number);
  events[0].set();
  stack.expect_flat();
}

TEST(Hazards, ABarrierOfManyTakesConstantStack) {
  Barrier barrier(many + 1);
  Stack stack;
  const auto body = [&](int) -> Detached {
    co_await barrier.async_wait();
    stack.note();
  };
  for (int i = 0; i < many; ++i) body(0);
  EXPECT_EQ(barrier.wait(), static_cast<std::size_t>(many));
  stack.expect_flat();
}

}  // namespace
}  // namespace lockstep::test
