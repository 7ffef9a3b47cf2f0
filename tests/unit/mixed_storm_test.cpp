// tests/unit/mixed_storm_test.cpp: grants, deadlines and stop requests from several threads race the destruction of the
// coroutines that wait, on the loop that they run on. In the end everything is where it was, or where it was given to.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <random>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "lockstep/lockstep.hpp"
#include "loop.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

constexpr int rounds = sanitized ? 150 : 400;
constexpr std::size_t crowd = 8;

/// A loop, coroutines on it, and a stop source for some of them.
class Storm : public testing::Test {
 protected:
  /// Starts `crowd` coroutines on the loop; lets `others` happen, each on a thread of its own, while the loop destroys the
  /// coroutines, each at another moment.
  void brew(const std::function<OnLoop(Loop&, std::size_t)>& body,
            const std::vector<std::function<void()>>& others) {
    std::deque<OnLoop> coroutines;
    loop.call([&] {
      for (std::size_t i = 0; i < crowd; ++i) coroutines.push_back(body(loop, i));
    });
    {
      std::vector<std::jthread> threads;
      for (const std::function<void()>& other : others) threads.emplace_back(other);
      for (std::size_t i = 0; i < crowd; ++i) {
        const std::size_t doomed = random() % 2 == 0 ? i : crowd - 1 - i;
        loop.call([&] { coroutines[doomed].destroy(); });
        if (random() % 2 == 0) std::this_thread::yield();
      }
    }
    loop.call([&] { coroutines.clear(); });
  }

  /// In some moments; on any thread.
  std::chrono::microseconds soon() { return std::chrono::microseconds(7 * moments_++ % 60); }

  std::minstd_rand random{1};
  std::stop_source stop;
  Loop loop;

 private:
  std::atomic<unsigned> moments_{0};
};

TEST_F(Storm, PermitsAreConserved) {  // S8, W1, W4, W9, W10
  Semaphore semaphore(0);
  std::ptrdiff_t released = 0;
  std::atomic<std::ptrdiff_t> taken{0};
  for (int round = 0; round < rounds; ++round) {
    stop = std::stop_source();
    const auto body = [&](Loop&, std::size_t number) -> OnLoop {
      bool got = true;
      if (number % 4 == 0) {
        co_await semaphore.async_acquire();
      } else if (number % 4 == 1) {
        got = co_await semaphore.async_acquire(stop.get_token());
      } else if (number % 4 == 2) {
        got = co_await semaphore.async_try_acquire_for(soon());
      } else {
        got = co_await semaphore.async_try_acquire_for(soon(), stop.get_token());
      }
      if (got) ++taken;
    };
    brew(body, {[&] {
                  semaphore.release(2);
                  semaphore.release();
                },
                [&] { stop.request_stop(); },
                [&] { taken += semaphore.try_acquire_for(std::chrono::microseconds(30)); }});
    released += 3;
    ASSERT_EQ(semaphore.value() + taken, released) << "round " << round;
  }
}

TEST_F(Storm, ALockIsFreeInTheEndAndWasNeverTwice) {  // W1, W4, W9
  Lock lock;
  long count = 0;  // plain
  std::atomic<long> successes{0};
  for (int round = 0; round < rounds; ++round) {
    stop = std::stop_source();
    const auto body = [&](Loop&, std::size_t number) -> OnLoop {
      for (int times = 0; times < 3; ++times) {
        const std::stop_token token = number % 2 == 0 ? stop.get_token() : std::stop_token();
        const auto guard = co_await lock.async_scoped(token);
        if (guard) {
          ++count;
          ++successes;
        }
      }
    };
    const auto thread = [&] {
      for (int times = 0; times < 3; ++times) {
        if (!lock.acquire(stop.get_token())) continue;
        ++count;
        ++successes;
        lock.release();
      }
    };
    lock.acquire();
    brew(body, {thread, thread, [&] { stop.request_stop(); }, [&] { lock.release(); }});
    ASSERT_FALSE(lock.locked()) << "round " << round;
  }
  EXPECT_EQ(count, successes);
}

template <class L>
class StormOverCondition : public Storm {};
using Locks = testing::Types<Lock, RLock>;
TYPED_TEST_SUITE(StormOverCondition, Locks);

TYPED_TEST(StormOverCondition, GuardsAndTheLockEndUpRight) {  // W6, CO6
  BasicCondition<TypeParam> condition;
  long count = 0;  // plain: who has the lock may change it
  std::atomic<long> notes{0};
  const auto note = [&] {
    ++count;
    ++notes;
  };
  for (int round = 0; round < rounds; ++round) {
    this->stop = std::stop_source();
    const auto body = [&](Loop&, std::size_t number) -> OnLoop {
      const auto guard = co_await condition.async_scoped();
      if (number % 4 == 0) {
        co_await condition.async_wait();
      } else if (number % 4 == 1) {
        static_cast<void>(co_await condition.async_wait(this->stop.get_token()));
      } else if (number % 4 == 2) {
        static_cast<void>(co_await condition.async_wait_for(this->soon()));
      } else {
        static_cast<void>(co_await condition.async_wait_for(this->soon(), this->stop.get_token()));
      }
      note();
    };
    const auto notifier = [&] {
      for (int times = 0; times < 3; ++times) {
        const std::scoped_lock guard(condition);
        note();
        condition.notify(2);
      }
    };
    const auto waiter = [&] {
      const std::scoped_lock guard(condition);
      static_cast<void>(condition.wait_for(std::chrono::microseconds(50), this->stop.get_token()));
      note();
    };
    this->brew(body, {notifier, waiter, [&] { this->stop.request_stop(); }});
    ASSERT_FALSE(condition.underlying().locked()) << "round " << round;
    ASSERT_EQ(condition.waiters(), 0u);
  }
  EXPECT_EQ(count, notes);
}

TEST_F(Storm, ABarrierIsEmptyInTheEndAndWorksAgain) {  // AB5, B4, B5
  std::atomic<int> actions{0};
  Barrier barrier(3, [&] { ++actions; });
  for (int round = 0; round < rounds; ++round) {
    stop = std::stop_source();
    const auto body = [&](Loop&, std::size_t number) -> OnLoop {
      try {
        if (number % 4 == 0) {
          co_await barrier.async_wait_for(soon());
        } else if (number % 4 == 1) {
          static_cast<void>(co_await barrier.async_wait(stop.get_token()));
        } else {
          co_await barrier.async_wait();
        }
      } catch (const BrokenBarrierError&) {
      }
    };
    const auto party = [&] {
      try {
        static_cast<void>(barrier.wait(stop.get_token()));
      } catch (const BrokenBarrierError&) {
      }
    };
    brew(body, {party, [&] { stop.request_stop(); }, [&] { barrier.reset(); }});
    ASSERT_EQ(barrier.n_waiting(), 0u) << "round " << round;
    barrier.reset();
    const int before = actions;
    std::jthread second([&] { barrier.wait(); });
    std::jthread third([&] { barrier.wait(); });
    barrier.wait();
    ASSERT_EQ(actions, before + 1);
  }
}

TEST_F(Storm, AnEventReleasesThoseThatAreLeft) {  // AE5, W12
  for (int round = 0; round < rounds; ++round) {
    stop = std::stop_source();
    Event event;
    int data = 0;  // plain
    std::atomic<int> wrong{0};
    const auto body = [&](Loop&, std::size_t number) -> OnLoop {
      bool released = true;
      if (number % 3 == 0) {
        co_await event.async_wait();
      } else if (number % 3 == 1) {
        released = co_await event.async_wait(stop.get_token());
      } else {
        released = co_await event.async_wait_for(soon(), stop.get_token());
      }
      if (released && data != 1) ++wrong;
    };
    brew(body, {[&] {
                  data = 1;
                  event.set();
                },
                [&] { stop.request_stop(); }});
    ASSERT_EQ(wrong, 0) << "round " << round;
  }
}

/// The same three at once, many times, where nobody is destroyed: exactly one decides.
TEST_F(Storm, OfAGrantADeadlineAndAStopRequestOneDecides) {  // A5, T10
  for (int round = 0; round < 4 * rounds; ++round) {
    Semaphore semaphore(0);
    stop = std::stop_source();
    std::optional<bool> taken;
    Event ended;
    const auto body = [&](Loop&) -> OnLoop {
      taken =
          co_await semaphore.async_try_acquire_for(std::chrono::microseconds(40), stop.get_token());
      ended.set();
    };
    std::optional<OnLoop> coroutine;
    loop.call([&] { coroutine.emplace(body(loop)); });
    {
      const std::jthread stopper([&] { stop.request_stop(); });
      semaphore.release();
      ended.wait();
    }
    loop.call([&] { coroutine.reset(); });
    ASSERT_EQ(semaphore.value(), *taken ? 0 : 1) << "round " << round;
  }
}

}  // namespace
}  // namespace lockstep::test
