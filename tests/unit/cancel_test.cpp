// tests/unit/cancel_test.cpp: cancelling tasks, as asyncio does it.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "cancelled.hpp"
#include "lockstep/async.hpp"
#include "lockstep/condition.hpp"
#include "lockstep/event.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/semaphore.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

Task<> wait_for(Event& event) { co_await event.async_wait(); }

/// Does awaiting it end in CancelledError?
template <class T>
Task<bool> is_cancelled(Task<T>& task) {
  const bool cancelled = co_await ends_cancelled(task);
  co_return cancelled;
}

TEST(Cancel, ThrowsInTheWaitThatTheTaskIsIn) {
  Event never;
  auto outer = [&]() -> Task<> {
    Task<> task = create_task(wait_for(never));
    co_await sleep_for(0s);
    EXPECT_TRUE(task.cancel());
    EXPECT_FALSE(task.done());
    EXPECT_FALSE(task.cancelled());
    const bool cancelled = co_await is_cancelled(task);
    EXPECT_TRUE(cancelled);
    EXPECT_TRUE(task.cancelled());
    EXPECT_THROW(task.result(), CancelledError);
    EXPECT_THROW(static_cast<void>(task.exception()), CancelledError);
  };
  run(outer());
}

TEST(Cancel, OfATaskThatNeverBeganKeepsItsBodyFromRunning) {
  auto outer = [&]() -> Task<bool> {
    bool begun = false;
    auto body = [&]() -> Task<> {
      begun = true;
      co_return;
    };
    Task<> task = create_task(body());
    task.cancel();
    const bool cancelled = co_await is_cancelled(task);
    EXPECT_TRUE(cancelled);
    co_return begun;
  };
  EXPECT_FALSE(run(outer()));
}

TEST(Cancel, BeforeTheLoopRunsKeepsTheBodyFromRunning) {
  bool begun = false;
  auto body = [&]() -> Task<> {
    begun = true;
    co_return;
  };
  EventLoop loop;
  Task<> task = loop.create_task(body());
  EXPECT_TRUE(task.cancel());
  EXPECT_THROW(loop.run_until_complete(task), CancelledError);
  EXPECT_FALSE(begun);
}

TEST(Cancel, OfADoneTaskDoesNothing) {
  auto body = []() -> Task<int> { co_return 1; };
  auto outer = [&]() -> Task<> {
    Task<int> task = create_task(body());
    co_await task;
    EXPECT_FALSE(task.cancel());
    EXPECT_EQ(task.result(), 1);
  };
  run(outer());
}

TEST(Cancel, OfALazyTaskIsAMistake) {
  Event never;
  Task<> task = wait_for(never);
  EXPECT_THROW(task.cancel(), InvalidStateError);
}

TEST(Cancel, LetsCleanUpWaitAndTheTaskGoOn) {  // EXAMPLES 43
  std::vector<std::string> said;
  Event never;
  auto body = [&]() -> Task<int> {
    bool cancelled = false;
    try {
      co_await never.async_wait();
    } catch (const CancelledError&) {
      cancelled = true;
    }
    EXPECT_TRUE(cancelled);
    said.emplace_back("cleaning up");
    co_await sleep_for(1ms);
    said.emplace_back("clean");
    co_return 5;
  };
  auto outer = [&]() -> Task<> {
    Task<int> task = create_task(body());
    co_await sleep_for(0s);
    task.cancel();
    const int got = co_await task;
    EXPECT_EQ(got, 5);
    EXPECT_FALSE(task.cancelled());
  };
  run(outer());
  EXPECT_EQ(said, (std::vector<std::string>{"cleaning up", "clean"}));
}

TEST(Cancel, IsHeardOnceAndAgainIfWishedAgain) {
  Event never;
  int heard = 0;
  auto body = [&]() -> Task<> {
    for (int i = 0; i < 2; ++i) {
      try {
        co_await never.async_wait();
      } catch (const CancelledError&) {
        ++heard;
      }
    }
  };
  auto outer = [&]() -> Task<> {
    Task<> task = create_task(body());
    co_await sleep_for(0s);
    task.cancel();
    co_await sleep_for(0s);
    EXPECT_EQ(heard, 1);
    co_await sleep_for(0s);
    EXPECT_EQ(heard, 1);
    task.cancel();
    co_await task;
    EXPECT_EQ(heard, 2);
    EXPECT_EQ(task.cancelling(), 2U);
  };
  run(outer());
}

TEST(Cancel, OfTheRunningTaskIsHeardByItsNextWaitThatHasToWait) {  // A1
  Lock free;
  Event never;
  Task<> self;
  auto body = [&]() -> Task<> {
    self.cancel();
    co_await free.async_acquire();
    bool heard = false;
    try {
      co_await never.async_wait();
    } catch (const CancelledError&) {
      heard = true;
    }
    EXPECT_TRUE(heard);
    free.release();
    co_await sleep_for(0s);
  };
  auto outer = [&]() -> Task<> {
    self = create_task(body());
    co_await self;
  };
  run(outer());
}

TEST(Cancel, IsHeardByASleepEvenIfThatOnlyYields) {
  auto outer = []() -> Task<int> {
    int heard = 0;
    auto yields = [&]() -> Task<> {
      try {
        co_await sleep_for(0s);
      } catch (const CancelledError&) {
        ++heard;
      }
    };
    auto sleeps = [&]() -> Task<> {
      try {
        co_await sleep_for(1h);
      } catch (const CancelledError&) {
        ++heard;
      }
    };
    Task<> a = create_task(yields());
    Task<> b = create_task(sleeps());
    co_await sleep_for(0s);
    a.cancel();
    b.cancel();
    co_await b;
    co_await a;
    co_return heard;
  };
  EXPECT_EQ(run(outer()), 2);
}

TEST(Cancel, ThatPendsIsHeardByASleepAtOnce) {
  EventLoop loop;
  Task<bool> task;
  auto body = [&]() -> Task<bool> {
    task.cancel();
    bool heard = false;
    try {
      co_await sleep_for(1h);
    } catch (const CancelledError&) {
      heard = true;
    }
    co_await sleep_for(1us);
    co_return heard;
  };
  task = loop.create_task(body());
  EXPECT_TRUE(loop.run_until_complete(task));
}

TEST(Cancel, ThatWasTakenBackBeforeItWasHeardIsNot) {
  Task<> self;
  Event event;
  auto body = [&]() -> Task<> {
    self.cancel();
    self.cancel();
    EXPECT_EQ(self.cancelling(), 2U);
    EXPECT_EQ(self.uncancel(), 1U);
    EXPECT_EQ(self.uncancel(), 0U);
    EXPECT_EQ(self.uncancel(), 0U);
    co_await event.async_wait();
  };
  auto outer = [&]() -> Task<> {
    self = create_task(body());
    co_await sleep_for(0s);
    event.set();
    co_await self;
    EXPECT_FALSE(self.cancelled());
  };
  run(outer());
}

TEST(Cancel, ReachesTheInnermostAwaitedTask) {
  Event never;
  std::vector<int> order;
  auto inner = [&]() -> Task<> {
    try {
      co_await never.async_wait();
    } catch (const CancelledError&) {
      order.push_back(1);
      throw;
    }
  };
  auto middle = [&]() -> Task<> {
    try {
      co_await inner();
    } catch (const CancelledError&) {
      order.push_back(2);
      throw;
    }
  };
  auto outer = [&]() -> Task<> {
    Task<> task = create_task(middle());
    co_await sleep_for(0s);
    task.cancel();
    const bool cancelled = co_await is_cancelled(task);
    EXPECT_TRUE(cancelled);
  };
  run(outer());
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(Cancel, OfOneThatAwaitsARunningTaskCancelsThatAndWaitsForItsEnd) {
  Event never;
  std::vector<int> order;
  auto inner = [&]() -> Task<> {
    std::exception_ptr cancelled;
    try {
      co_await never.async_wait();
    } catch (const CancelledError&) {
      cancelled = std::current_exception();
    }
    co_await sleep_for(0s);
    order.push_back(1);
    std::rethrow_exception(cancelled);
  };
  auto outer = [&]() -> Task<> {
    Task<> awaited = create_task(inner());
    auto awaits = [&]() -> Task<> {
      try {
        co_await awaited;
      } catch (const CancelledError&) {
        order.push_back(2);
        throw;
      }
    };
    Task<> awaiting = create_task(awaits());
    co_await sleep_for(0s);
    EXPECT_TRUE(awaiting.cancel());
    const bool cancelled = co_await is_cancelled(awaiting);
    EXPECT_TRUE(cancelled);
    EXPECT_TRUE(awaited.cancelled());
  };
  run(outer());
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(Cancel, ThatTheAwaitedTaskSwallowsIsNotHeardByTheAwaitingOne) {
  Event never;
  auto inner = [&]() -> Task<int> {
    int got = 0;
    try {
      co_await never.async_wait();
    } catch (const CancelledError&) {
      got = 6;
    }
    co_return got;
  };
  auto outer = [&]() -> Task<> {
    Task<int> awaited = create_task(inner());
    auto awaits = [&]() -> Task<int> {
      const int got = co_await awaited;
      co_await sleep_for(0s);
      co_return got;
    };
    Task<int> awaiting = create_task(awaits());
    co_await sleep_for(0s);
    awaiting.cancel();
    const int got = co_await awaiting;
    EXPECT_EQ(got, 6);
    EXPECT_EQ(awaiting.cancelling(), 1U);
  };
  run(outer());
}

TEST(Cancel, ThatCameBeforeTheAwaitCancelsWhatIsAwaited) {
  Event never;
  auto outer = [&]() -> Task<> {
    Task<> awaited = create_task(wait_for(never));
    Task<> self;
    auto awaits = [&]() -> Task<> {
      self.cancel();
      co_await awaited;
    };
    self = create_task(awaits());
    const bool cancelled = co_await is_cancelled(self);
    EXPECT_TRUE(cancelled);
    EXPECT_TRUE(awaited.cancelled());
  };
  run(outer());
}

TEST(Cancel, ThatMeetsAGrantLosesAndIsHeardByTheNextWait) {  // A5, W1
  Semaphore permits(0);
  Event never;
  bool got = false;
  auto body = [&]() -> Task<> {
    co_await permits.async_acquire();
    got = true;
    co_await never.async_wait();
  };
  auto outer = [&]() -> Task<> {
    Task<> task = create_task(body());
    co_await sleep_for(0s);
    permits.release();
    task.cancel();
    const bool cancelled = co_await is_cancelled(task);
    EXPECT_TRUE(cancelled);
    EXPECT_TRUE(got);
    EXPECT_EQ(permits.value(), 0);
  };
  run(outer());
}

TEST(Cancel, LeavesNothingBehindInTheQueue) {  // A7, W2
  Lock lock;
  auto body = [&]() -> Task<> { auto guard = co_await lock.async_scoped(); };
  auto outer = [&]() -> Task<> {
    co_await lock.async_acquire();
    Task<> first = create_task(body());
    Task<> second = create_task(body());
    co_await sleep_for(0s);
    first.cancel();
    lock.release();
    const bool cancelled = co_await is_cancelled(first);
    EXPECT_TRUE(cancelled);
    co_await second;
    EXPECT_FALSE(lock.locked());
  };
  run(outer());
}

TEST(Cancel, FromAnotherThreadMeetsTheEndOfWhatRunWaitsFor) {  // tsan
  for (int round = 0; round < 200; ++round) {
    Event begun;
    Event cancelled;
    Task<> task;
    std::jthread canceller([&] {
      begun.wait();
      task.cancel();
      cancelled.set();
    });
    auto stubborn = [&]() -> Task<> {
      begun.set();
      while (!cancelled.is_set()) {
        try {
          co_await sleep_for(10us);
        } catch (const CancelledError&) {
        }
      }
    };
    auto outer = [&]() -> Task<> {
      task = create_task(stubborn());
      co_await sleep_for(0s);
    };
    run(outer());
    canceller.join();
    EXPECT_TRUE(task.done());
  }
}

TEST(Cancel, FromAnotherThreadWakesTheLoop) {
  Event never;
  EventLoop loop;
  Task<> task = loop.create_task(wait_for(never));
  BlockedThread runner([&] { EXPECT_THROW(loop.run_until_complete(task), CancelledError); });
  runner.wait_until_asleep();
  EXPECT_TRUE(task.cancel());
  task.wait();
  EXPECT_TRUE(task.cancelled());
  runner.join();
  EXPECT_FALSE(task.cancel());
}

}  // namespace
}  // namespace lockstep::test
