// tests/unit/event_loop_test.cpp: in what order a loop runs what, when it sleeps, and who wakes it.
#include "lockstep/async/event_loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "coroutines.hpp"
#include "lockstep/async/sleep.hpp"
#include "lockstep/condition.hpp"
#include "lockstep/event.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/rlock.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

TEST(EventLoop, CallsInTheOrderInWhichItWasAsked) {
  EventLoop loop;
  std::vector<int> order;
  for (int i = 0; i < 3; ++i) {
    loop.call_soon([&order](int number) { order.push_back(number); }, i);
  }
  loop.stop();
  loop.run_forever();
  EXPECT_EQ(order, (std::vector{0, 1, 2}));
}

TEST(EventLoop, RunsInOnePassWhatWasReadyWhenItBegan) {
  EventLoop loop;
  int calls = 0;
  auto again = [&](auto& self) -> void {
    ++calls;
    loop.call_soon([&] { self(self); });
  };
  loop.call_soon([&] { again(again); });
  loop.stop();
  loop.run_forever();
  EXPECT_EQ(calls, 1);
  loop.stop();
  loop.run_forever();
  EXPECT_EQ(calls, 2);
}

TEST(EventLoop, DoesNotCallWhatWasCancelled) {
  EventLoop loop;
  int calls = 0;
  ScheduledCall soon = loop.call_soon([&] { ++calls; });
  ScheduledCall later = loop.call_later(1h, [&] { ++calls; });
  ScheduledCall now = loop.call_later(0s, [&] { ++calls; });
  soon.cancel();
  later.cancel();
  now.cancel();
  now.cancel();
  EXPECT_TRUE(soon.cancelled());
  EXPECT_TRUE(later.cancelled());
  loop.stop();
  loop.run_forever();
  EXPECT_EQ(calls, 0);
}

TEST(EventLoop, CallsThatRanAreNotCancelled) {
  EventLoop loop;
  std::optional<ScheduledCall> call;
  call = loop.call_soon([&] { call->cancel(); });
  loop.stop();
  loop.run_forever();
  EXPECT_FALSE(call->cancelled());
}

TEST(EventLoop, CallsInTheOrderOfTheirTimesAndNeverEarly) {
  EventLoop loop;
  std::vector<int> order;
  const auto start = EventLoop::time();
  const ScheduledCall second = loop.call_later(2ms, [&] { order.push_back(2); });
  const auto third =
      second.when() + 1ms;  // some time after start + 3ms: who knows when call_later was called
  const ScheduledCall last = loop.call_at(third, [&] {
    order.push_back(3);
    loop.stop();
  });
  loop.call_later(-1s, [&] { order.push_back(1); });
  EXPECT_EQ(last.when(), third);
  loop.run_forever();
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
  EXPECT_GE(EventLoop::time() - start, 3ms);
}

TEST(EventLoop, ThrowsWhatACallThrewAndGoesOnAfterwards) {
  EventLoop loop;
  int calls = 0;
  loop.call_soon([&] { ++calls; });
  loop.call_soon([] { throw std::runtime_error("call"); });
  loop.call_soon([&] { ++calls; });
  EXPECT_THROW(loop.run_forever(), std::runtime_error);
  EXPECT_EQ(calls, 1);
  loop.stop();
  loop.run_forever();
  EXPECT_EQ(calls, 2);
}

TEST(EventLoop, IsTheRunningOneWhileItRuns) {
  EXPECT_THROW(static_cast<void>(EventLoop::running()), Error);
  EventLoop loop;
  EventLoop* seen = nullptr;
  loop.call_soon([&] { seen = &EventLoop::running(); });
  loop.stop();
  loop.run_forever();
  EXPECT_EQ(seen, &loop);
  EXPECT_THROW(static_cast<void>(EventLoop::running()), Error);
}

TEST(EventLoop, IsNotRunWithinAnother) {
  EventLoop outer;
  EventLoop inner;
  outer.call_soon([&] { inner.run_forever(); });
  EXPECT_THROW(outer.run_forever(), Error);
  EXPECT_FALSE(inner.is_running());
  outer.call_soon([&] { outer.run_forever(); });
  EXPECT_THROW(outer.run_forever(), Error);
}

TEST(EventLoop, SleepsUntilAnotherThreadCalls) {
  EventLoop loop;
  bool called = false;
  BlockedThread runner([&] { loop.run_forever(); });
  runner.wait_until_asleep();
  loop.call_soon_threadsafe([&] {
    called = true;
    loop.stop();
  });
  runner.join();
  EXPECT_TRUE(called);
}

TEST(EventLoop, IsStoppedFromAnotherThread) {
  EventLoop loop;
  BlockedThread runner([&] { loop.run_forever(); });
  runner.wait_until_asleep();
  loop.stop();
  runner.join();
  EXPECT_FALSE(loop.is_running());
}

TEST(EventLoop, RefusesTasksAndTimesFromAnotherThread) {
  EventLoop loop;
  BlockedThread runner([&] { loop.run_forever(); });
  runner.wait_until_asleep();
  auto nothing = []() -> Task<> { co_return; };
  EXPECT_THROW(static_cast<void>(loop.create_task(nothing())), Error);
  EXPECT_THROW(loop.call_later(1s, [] {}), Error);
  loop.stop();
  runner.join();
}

TEST(EventLoop, MissesNoCallOfManyThreads) {
  EventLoop loop;
  constexpr int threads = 4;
  constexpr int calls = sanitized ? 2'000 : 20'000;
  int count = 0;
  std::vector<std::jthread> callers;
  for (int t = 0; t < threads; ++t) {
    callers.emplace_back([&] {
      for (int i = 0; i < calls; ++i) {
        loop.call_soon_threadsafe([&] {
          if (++count == threads * calls) loop.stop();
        });
      }
    });
  }
  loop.run_forever();
  EXPECT_EQ(count, threads * calls);
}

TEST(EventLoop, ResumesItsTasksOnItsThreadWhoeverWakesThem) {
  constexpr int rounds = sanitized ? 500 : 5'000;
  Lock baton;
  int count = 0;
  auto body = [&]() -> Task<> {
    const std::thread::id here = std::this_thread::get_id();
    for (int i = 0; i < rounds; ++i) {
      auto guard = co_await baton.async_scoped();
      ++count;
      if (std::this_thread::get_id() != here) ADD_FAILURE() << "it runs elsewhere";
    }
  };
  auto outer = [&]() -> Task<> {
    Task<> a = create_task(body());
    Task<> b = create_task(body());
    co_await a;
    co_await b;
  };
  std::jthread other([&] {
    for (int i = 0; i < rounds; ++i) {
      const std::scoped_lock guard(baton);
      ++count;
    }
  });
  run(outer());
  other.join();
  EXPECT_EQ(count, 3 * rounds);
}

/// Runs on the loop that it is called with.
struct OnLoop {
  explicit OnLoop(EventLoop& loop) : loop(&loop) {}
  EventLoop* scheduler() noexcept { return loop; }
  EventLoop* loop;
};

Owned<OnLoop> wait_on(EventLoop&, Event& event, std::thread::id& where) {
  co_await event.async_wait();
  where = std::this_thread::get_id();
}

TEST(EventLoop, IsASchedulerForCoroutinesOfAnyType) {
  EventLoop loop;
  Event event;
  std::thread::id where;
  const auto waiter = wait_on(loop, event, where);
  std::jthread([&] { event.set(); }).join();
  EXPECT_FALSE(waiter.done());
  loop.stop();
  loop.run_forever();
  EXPECT_TRUE(waiter.done());
  EXPECT_EQ(where, std::this_thread::get_id());
}

TEST(EventLoop, ForgetsACoroutineThatIsDestroyedInItsLine) {
  EventLoop loop;
  Event event;
  std::thread::id where;
  {
    auto waiter = wait_on(loop, event, where);
    event.set();
    waiter.destroy();
  }
  loop.stop();
  loop.run_forever();
  EXPECT_EQ(where, std::thread::id());
}

TEST(EventLoop, RunsUntilATaskIsCompleteAndThenAgain) {
  EventLoop loop;
  auto one = []() -> Task<int> { co_return 1; };
  auto bad = []() -> Task<> {
    throw std::runtime_error("bad");
    co_return;
  };
  EXPECT_EQ(loop.run_until_complete(one()), 1);
  EXPECT_THROW(loop.run_until_complete(bad()), std::runtime_error);
  EXPECT_EQ(loop.run_until_complete(one()), 1);
}

TEST(EventLoop, SaysThatItWasStoppedBeforeTheTaskWasComplete) {
  Event never;
  EventLoop loop;
  auto body = [&]() -> Task<> { co_await never.async_wait(); };
  loop.call_soon([&] { loop.stop(); });
  EXPECT_THROW(loop.run_until_complete(body()), Error);
}

TEST(EventLoop, DropsCallsToComeWhenItIsDestroyed) {
  auto alive = std::make_shared<int>(0);
  {
    EventLoop loop;
    loop.call_soon([alive] { ++*alive; });
    loop.call_later(1h, [alive] { ++*alive; });
    loop.call_later(0s, [alive] { ++*alive; });
    EXPECT_EQ(alive.use_count(), 4);
  }
  EXPECT_EQ(alive.use_count(), 1);
  EXPECT_EQ(*alive, 0);
}

TEST(EventLoop, LeavesCallsBehindThatCanStillBeCancelled) {  // asan
  auto loop = std::make_unique<EventLoop>();
  ScheduledCall soon = loop->call_soon([] {});
  ScheduledCall later = loop->call_later(1h, [] {});
  loop.reset();
  soon.cancel();
  later.cancel();
  EXPECT_TRUE(soon.cancelled());
  EXPECT_TRUE(later.cancelled());
}

TEST(EventLoop, DestroysItsTasksAsThemselves) {
  RLock lock;
  auto holds = [&]() -> Task<> {
    const std::unique_lock guard(lock);
    co_await sleep_for(1h);
  };
  {
    EventLoop loop;
    const Task<> task = loop.create_task(holds());
    loop.stop();
    loop.run_forever();
    EXPECT_TRUE(lock.locked());
  }
  EXPECT_FALSE(lock.locked());
}

TEST(EventLoop, DestroysSleepingTasksWithItself) {
  auto sleeper = []() -> Task<> { co_await sleep_for(1h); };
  Task<> task;
  {
    EventLoop loop;
    task = loop.create_task(sleeper());
    loop.stop();
    loop.run_forever();
    EXPECT_FALSE(task.done());
  }
  EXPECT_TRUE(task.cancelled());
}

// --- run -----------------------------------------------------------------------------------------

TEST(EventLoop, DestroysATaskWithoutGuardAndAnotherThatHasOne) {
  Lock lock;
  BasicCondition<Lock> condition(lock);
  auto waits = [&]() -> Task<> {
    co_await condition.async_acquire();
    co_await condition.async_wait();
    condition.release();
  };
  auto holds = [&]() -> Task<> {
    const auto guard = co_await lock.async_scoped();
    co_await sleep_for(1h);
  };
  {
    EventLoop loop;
    const Task<> waiting = loop.create_task(waits());
    const Task<> holding = loop.create_task(holds());
    loop.stop();
    loop.run_forever();
    EXPECT_EQ(condition.waiters(), 1U);
    EXPECT_TRUE(lock.locked());
  }
  EXPECT_FALSE(lock.locked());
}

TEST(EventLoop, DestroysTasksWhileAnotherThreadIsAboutToWakeThem) {  // tsan
  constexpr int rounds = 200;
  Event begin[rounds];
  Event awaited[rounds];
  Event told[rounds];
  std::jthread waker([&] {
    for (int i = 0; i < rounds; ++i) {
      begin[i].wait();
      awaited[i].set();
      told[i].set();
    }
  });
  auto waits = [](Event& event) -> Task<> { co_await event.async_wait(); };
  for (int i = 0; i < rounds; ++i) {
    {
      EventLoop loop;
      std::vector<Task<>> tasks;
      for (int each = 0; each < 4; ++each) tasks.push_back(loop.create_task(waits(awaited[i])));
      loop.stop();
      loop.run_forever();
      begin[i].set();
    }
    told[i].wait();
  }
}

TEST(Run, CancelsWhatIsLeftAndWaitsForItsCleanUp) {
  std::vector<int> order;
  Event never;
  auto left = [&]() -> Task<> {
    bool cancelled = false;
    try {
      co_await never.async_wait();
    } catch (const CancelledError&) {
      cancelled = true;
    }
    EXPECT_TRUE(cancelled);
    co_await sleep_for(1ms);
    order.push_back(2);
  };
  auto outer = [&]() -> Task<int> {
    static_cast<void>(create_task(left()));
    co_await sleep_for(0s);
    order.push_back(1);
    co_return 3;
  };
  EXPECT_EQ(run(outer()), 3);
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(Run, CancelsAlsoWhatIsCreatedByCleanUp) {
  Event never;
  Task<> late;
  auto waits = [&]() -> Task<> { co_await never.async_wait(); };
  auto left = [&]() -> Task<> {
    try {
      co_await never.async_wait();
    } catch (const CancelledError&) {
      late = create_task(waits());
    }
  };
  auto outer = [&]() -> Task<> {
    static_cast<void>(create_task(left()));
    co_await sleep_for(0s);
  };
  run(outer());
  EXPECT_TRUE(late.cancelled());
}

TEST(Run, MovesTheResultOut) {
  struct Counted {
    explicit Counted(int& copies) : copies(&copies) {}
    Counted(const Counted& other) : copies(other.copies) { ++*copies; }
    Counted(Counted&&) noexcept = default;
    int* copies;
  };
  int copies = 0;
  auto outer = [&]() -> Task<Counted> { co_return Counted(copies); };
  const Counted got = run(outer());
  EXPECT_EQ(*got.copies, 0);
}

TEST(Run, ThrowsWhatTheTaskThrewAfterItCancelledTheOthers) {
  Event never;
  Task<> other;
  auto left = [&]() -> Task<> { co_await never.async_wait(); };
  auto outer = [&]() -> Task<> {
    other = create_task(left());
    co_await sleep_for(0s);
    throw std::runtime_error("outer");
  };
  EXPECT_THROW(run(outer()), std::runtime_error);
  EXPECT_TRUE(other.cancelled());
}

TEST(Run, CanBeCalledWithinItsOwnThreadAgainAfterwards) {
  auto one = []() -> Task<int> { co_return 1; };
  EXPECT_EQ(run(one()) + run(one()), 2);
}

}  // namespace
}  // namespace lockstep::test
