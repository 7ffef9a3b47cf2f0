// tests/unit/mixed_test.cpp: threads and coroutines, which several threads drive, on one primitive: order, conservation, and
// that plain data is seen (the thread sanitizer looks on).
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <numeric>
#include <optional>
#include <random>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "crowd.hpp"
#include "either.hpp"
#include "lockstep/lockstep.hpp"
#include "loop.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

constexpr int rounds = sanitized ? 500 : 5'000;
constexpr int each_kind = 3;

/// Starts coroutines on a loop of two threads, and knows when all have ended.
class Coroutines {
 public:
  /// Starts one; it calls `end` last.
  template <class Body>
  void start(Body body) {
    ++running_;
    coroutines_.emplace_back(body(loop_));
  }
  void end() {
    if (--running_ == 0) over_.set();
  }
  void await_all() { over_.wait(); }

 private:
  std::atomic<int> running_{0};
  Event over_;
  std::deque<OnLoop> coroutines_;
  Loop loop_{2};  // ends before the coroutines go
};

// --- Order ---------------------------------------------------------------------------------------

class MixedOrder : public testing::TestWithParam<Mix> {};

INSTANTIATE_TEST_SUITE_P(With, MixedOrder, every_mix, testing::PrintToStringParamName());

TEST_P(MixedOrder, ThreadsAndCoroutinesAreServedInTheOrderInWhichTheyCame) {  // A2
  Lock lock;
  lock.acquire();
  std::vector<int> order;
  Waiters<bool> waiters(GetParam());
  for (int number = 0; number < 6; ++number) {
    waiters.add(
        [&, number] {
          const std::scoped_lock guard(lock);
          order.push_back(number);
          return true;
        },
        [&, number](Stage&, std::optional<bool>& done) -> Actor {
          const auto guard = co_await lock.async_scoped();
          order.push_back(number);
          done = true;
        });
  }
  lock.release();
  for (std::size_t number = 0; number < 6; ++number) EXPECT_TRUE(waiters.result(number));
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4, 5}));
}

TEST_P(MixedOrder, NotificationsGoToThreadsAndCoroutinesInTheOrderInWhichTheyCame) {  // AC6
  BasicCondition<Lock> condition;
  std::vector<int> order;
  Waiters<bool> waiters(GetParam());
  for (int number = 0; number < 6; ++number) {
    waiters.add(
        [&, number] {
          const std::scoped_lock guard(condition);
          condition.wait();
          order.push_back(number);
          return true;
        },
        [&, number](Stage&, std::optional<bool>& done) -> Actor {
          const auto guard = co_await condition.async_scoped();
          co_await condition.async_wait();
          order.push_back(number);
          done = true;
        });
  }
  condition.acquire();
  for (const std::size_t n : {1u, 2u, 3u}) condition.notify(n);
  condition.release();
  for (std::size_t number = 0; number < 6; ++number) EXPECT_TRUE(waiters.result(number));
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4, 5}));
}

// --- Conservation and visibility -----------------------------------------------------------------

/// What every primitive that can be acquired has in common, where there is one permit of it.
template <class T>
class MixedCrowd : public testing::Test {};
using OfOne = testing::Types<Lock, RLock, Semaphore, BoundedSemaphore>;
TYPED_TEST_SUITE(MixedCrowd, OfOne);

TYPED_TEST(MixedCrowd, OneAtATimeHasItAndSeesWhatTheLastOneWrote) {
  TypeParam thing;
  std::array<RecurringStop, each_kind> stops;
  long count = 0;  // plain: who has the thing may change it
  std::atomic<long> successes{0};
  const auto body = [&](Loop&, Coroutines& all, int number) -> OnLoop {
    std::minstd_rand random(static_cast<unsigned>(number + 1));
    for (int round = 0; round < rounds; ++round) {
      const std::chrono::microseconds soon(random() % 100);
      const std::stop_token stop = stops[static_cast<std::size_t>(number)].next();
      if (round % 3 == 0) {
        const auto guard = co_await thing.async_scoped();
        ++count;
        ++successes;
        continue;
      }
      bool taken = false;
      if (round % 3 == 1) {
        const auto guard = co_await thing.async_scoped(stop);
        taken = static_cast<bool>(guard);
        if (taken) ++count;
      } else if constexpr (!std::is_same_v<TypeParam, RLock>) {
        taken = co_await thing.async_try_acquire_for(soon, stop);
        if (taken) ++count;
        if (taken) thing.release();
      }
      successes += taken;
    }
    all.end();
  };
  Coroutines coroutines;
  for (int i = 0; i < each_kind; ++i) {
    coroutines.start([&](Loop& loop) { return body(loop, coroutines, i); });
  }
  {
    const std::jthread stopper([&](const std::stop_token& end) {
      while (!end.stop_requested()) {
        for (RecurringStop& stop : stops) stop.request();
        std::this_thread::yield();
      }
    });
    std::vector<std::jthread> threads;
    for (int i = 0; i < each_kind; ++i) {
      threads.emplace_back([&, i] {
        std::minstd_rand random(static_cast<unsigned>(i + 100));
        RecurringStop never;
        for (int round = 0; round < rounds; ++round) {
          if (!ask(thing, random, round % 6 == 4 ? std::stop_token() : never.next())) continue;
          ++count;
          ++successes;
          thing.release();
        }
      });
    }
    threads.clear();
    coroutines.await_all();
  }
  EXPECT_EQ(count, successes.load());
  EXPECT_FALSE(thing.locked());
}

TEST(Mixed, AsManyHaveAPermitAsThereAre) {  // S8
  constexpr int permits = 3;
  Semaphore semaphore(permits);
  std::atomic<int> inside{0};
  std::atomic<int> too_many{0};
  const auto stay = [&] {
    if (++inside > permits) ++too_many;
    --inside;
  };
  const auto body = [&](Loop&, Coroutines& all) -> OnLoop {
    for (int round = 0; round < rounds; ++round) {
      const auto guard = co_await semaphore.async_scoped();
      stay();
    }
    all.end();
  };
  Coroutines coroutines;
  for (int i = 0; i < 2 * each_kind; ++i) {
    coroutines.start([&](Loop& loop) { return body(loop, coroutines); });
  }
  std::vector<std::jthread> threads;
  for (int i = 0; i < each_kind; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < rounds; ++round) {
        semaphore.acquire();
        stay();
        semaphore.release();
      }
    });
  }
  threads.clear();
  coroutines.await_all();
  EXPECT_EQ(too_many, 0);
  EXPECT_EQ(semaphore.value(), permits);
}

TEST(Mixed, WhatThreadsAndCoroutinesProduceBothConsumeOnce) {
  BasicCondition<Lock> condition;
  std::deque<long> items;
  long consumed = 0;
  long taken = 0;
  constexpr long total = 4L * rounds;
  const auto consume = [&] {
    consumed += items.front();
    items.pop_front();
    if (++taken == total) condition.notify_all();
  };
  const auto consumer = [&](Loop&, Coroutines& all) -> OnLoop {
    for (bool more = true; more;) {
      const auto guard = co_await condition.async_scoped();
      while (items.empty() && taken < total) co_await condition.async_wait();
      more = !items.empty();
      if (more) consume();
    }
    all.end();
  };
  const auto producer = [&](Loop&, Coroutines& all) -> OnLoop {
    for (int item = 1; item <= rounds; ++item) {
      const auto guard = co_await condition.async_scoped();
      items.push_back(item);
      condition.notify();
    }
    all.end();
  };
  Coroutines coroutines;
  for (int i = 0; i < 2; ++i) {
    coroutines.start([&](Loop& loop) { return consumer(loop, coroutines); });
    coroutines.start([&](Loop& loop) { return producer(loop, coroutines); });
  }
  std::vector<std::jthread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      for (int item = 1; item <= rounds; ++item) {
        const std::scoped_lock guard(condition);
        items.push_back(item);
        condition.notify();
      }
    });
    threads.emplace_back([&] {
      for (;;) {
        const std::scoped_lock guard(condition);
        condition.wait([&] { return !items.empty() || taken == total; });
        if (items.empty()) return;
        consume();
      }
    });
  }
  threads.clear();
  coroutines.await_all();
  EXPECT_EQ(taken, total);
  EXPECT_EQ(consumed, 4L * rounds * (rounds + 1L) / 2);
}

TEST(Mixed, ABarrierMayHavePartiesOfBothKinds) {  // B2, B3, B10
  constexpr std::size_t parties = 2 * each_kind;
  std::array<int, parties> written{};  // plain: each its own, before the barrier; all by the action
  int sum = 0;
  Barrier barrier(parties, [&] { sum = std::accumulate(written.begin(), written.end(), 0); });
  std::atomic<int> wrong{0};
  std::array<std::atomic<int>, parties> had_index{};
  const auto before = [&](std::size_t self, int round) { written[self] = round; };
  const auto after = [&](std::size_t index, int round) {
    if (sum != round * static_cast<int>(parties)) ++wrong;
    ++had_index[index];
  };
  const auto body = [&](Loop&, Coroutines& all, std::size_t self) -> OnLoop {
    for (int round = 0; round < rounds; ++round) {
      before(self, round);
      const std::size_t index = co_await barrier.async_wait();
      after(index, round);
    }
    all.end();
  };
  Coroutines coroutines;
  for (std::size_t i = 0; i < each_kind; ++i) {
    coroutines.start([&](Loop& loop) { return body(loop, coroutines, i); });
  }
  std::vector<std::jthread> threads;
  for (std::size_t i = each_kind; i < parties; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < rounds; ++round) {
        before(i, round);
        after(barrier.wait(), round);
      }
    });
  }
  threads.clear();
  coroutines.await_all();
  EXPECT_EQ(wrong, 0);
  for (const std::atomic<int>& times : had_index) EXPECT_EQ(times, rounds);
}

TEST(Mixed, AnEventThatAForeignThreadSetsWakesCoroutinesOfSeveralLoops) {  // E3, O5
  for (int round = 0; round < rounds / 20; ++round) {
    Event event;
    int data = 0;  // plain
    std::atomic<int> seen{0};
    Semaphore ended(0);
    std::deque<OnLoop> coroutines;
    const auto body = [&](Loop&) -> OnLoop {
      co_await event.async_wait();
      seen += data;
      ended.release();
    };
    std::array<Loop, 3> loops;
    for (int i = 0; i < 9; ++i) coroutines.push_back(body(loops[static_cast<std::size_t>(i % 3)]));
    std::jthread waiter([&] {
      event.wait();
      seen += data;
      ended.release();
    });
    std::jthread setter([&] {
      data = 1;
      event.set();
    });
    for (int i = 0; i < 10; ++i) ended.acquire();
    EXPECT_EQ(seen, 10);
  }
}

TEST(Mixed, AThreadAndACoroutineMayReleaseWhatTheOtherAcquired) {  // L4, AL2
  Lock to_thread;
  Lock to_coroutine;
  to_thread.acquire();
  to_coroutine.acquire();
  long data = 0;  // plain: whose turn it is may change it
  const auto body = [&](Loop&, Coroutines& all) -> OnLoop {
    for (int round = 0; round < rounds; ++round) {
      co_await to_coroutine.async_acquire();
      ++data;
      to_thread.release();
    }
    all.end();
  };
  Coroutines coroutines;
  coroutines.start([&](Loop& loop) { return body(loop, coroutines); });
  for (int round = 0; round < rounds; ++round) {
    ++data;
    to_coroutine.release();
    to_thread.acquire();
  }
  coroutines.await_all();
  EXPECT_EQ(data, 2L * rounds);
}

}  // namespace
}  // namespace lockstep::test
