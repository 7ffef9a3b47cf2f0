// tests/unit/timeout_test.cpp: limits of time, and what they meet (SEMANTICS W7).
#include "lockstep/async/timeout.hpp"
#include "cancelled.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>

#include "coroutines.hpp"
#include "lockstep/async/event_loop.hpp"
#include "lockstep/async/future.hpp"
#include "lockstep/async/sleep.hpp"
#include "lockstep/event.hpp"
#include "lockstep/lock.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

/// Does awaiting it end in a TimeoutError?
template <class T>
Task<bool> times_out(Task<T> task) {
  bool timed_out = false;
  try {
    co_await task;
  } catch (const TimeoutError&) {
    timed_out = true;
  }
  co_return timed_out;
}

/// Keeps the loop busy until the steady clock shows `point`, so that an alarm is due but has not rung.
void pass_time_until(std::chrono::steady_clock::time_point point) {
  while (std::chrono::steady_clock::now() < point) {
  }
}

TEST(Timeout, GivesWhatComesInTime) {
  auto pointer = []() -> Task<std::unique_ptr<int>> {
    co_await sleep_for(0s);
    co_return std::make_unique<int>(3);
  };
  auto outer = [&]() -> Task<> {
    const auto got = co_await with_timeout(1h, pointer());
    EXPECT_EQ(*got, 3);
    Lock lock;
    co_await with_timeout(1h, lock.async_acquire());
    EXPECT_TRUE(lock.locked());
    co_await with_timeout(std::chrono::hours::max(), sleep_for(0s));
  };
  run(outer());
}

TEST(Timeout, ThrowsWhatIsThrownInTime) {
  auto bad = []() -> Task<> {
    throw std::runtime_error("bad");
    co_return;
  };
  auto outer = [&]() -> Task<> { co_await with_timeout(1h, bad()); };
  EXPECT_THROW(run(outer()), std::runtime_error);
}

TEST(Timeout, CancelsWhatTakesTooLongAndWaitsForItsCleanUp) {
  bool cleaned = false;
  auto slow = [&]() -> Task<> {
    std::exception_ptr cancelled;
    try {
      co_await sleep_for(1h);
    } catch (const CancelledError&) {
      cancelled = std::current_exception();
    }
    co_await sleep_for(0s);
    cleaned = true;
    if (cancelled) std::rethrow_exception(cancelled);
  };
  auto outer = [&]() -> Task<bool> { co_return co_await times_out(with_timeout(1ms, slow())); };
  EXPECT_TRUE(run(outer()));
  EXPECT_TRUE(cleaned);
}

TEST(Timeout, CancelsARunningTaskAndAFuture) {
  auto slow = []() -> Task<> { co_await sleep_for(1h); };
  auto outer = [&]() -> Task<> {
    Task<> task = create_task(slow());
    const bool first = co_await times_out(with_timeout(1ms, task));
    EXPECT_TRUE(first);
    EXPECT_TRUE(task.cancelled());
    const Future<> future;
    const bool second = co_await times_out(with_timeout(1ms, future));
    EXPECT_TRUE(second);
    EXPECT_TRUE(future.cancelled());
  };
  run(outer());
}

TEST(Timeout, LeavesTheLockAloneThatItDidNotGet) {
  auto outer = []() -> Task<> {
    Lock lock;
    co_await lock.async_acquire();
    const auto wait = [&]() -> Task<> { co_await lock.async_acquire(); };
    const bool timed_out = co_await times_out(with_timeout(0s, wait()));
    EXPECT_TRUE(timed_out);
    lock.release();
    EXPECT_FALSE(lock.locked());
  };
  run(outer());
}

TEST(Timeout, GivesWhatWasGrantedBeforeItRang) {  // W7, W8
  Lock lock;
  bool got = false;
  auto outer = [&]() -> Task<> {
    co_await lock.async_acquire();
    auto waits = [&]() -> Task<> {
      const auto due = std::chrono::steady_clock::now();
      co_await with_timeout_at(due, lock.async_acquire());
      got = true;
      co_await sleep_for(0s);  // the wish to end was taken back
    };
    Task<> task = create_task(waits());
    // In the same pass, so before the loop looks at the clock again: the grant is under way, and arrives when it is
    // too late.
    EventLoop::running().call_soon([&] { lock.release(); });
    co_await task;
    EXPECT_EQ(task.cancelling(), 0U);
  };
  run(outer());
  EXPECT_TRUE(got);
  EXPECT_TRUE(lock.locked());
}

TEST(Timeout, DoesNotHideThatSomebodyElseCancelled) {  // W7
  Event never;
  Task<> task;
  auto waits = [&]() -> Task<> { co_await with_timeout(1ms, never.async_wait()); };
  auto outer = [&]() -> Task<> {
    task = create_task(waits());
    co_await sleep_for(0s);
    task.cancel();
    pass_time_until(std::chrono::steady_clock::now() + 2ms);
    const bool cancelled = co_await ends_cancelled(task);
    EXPECT_TRUE(cancelled);
    EXPECT_EQ(task.cancelling(), 1U);
  };
  run(outer());
}

TEST(Timeout, DoesNotHideACancellationThatPendedWhenItBegan) {  // W7
  EventLoop loop;
  Task<bool> task;
  auto body = [&]() -> Task<bool> {
    task.cancel();
    bool cancelled = false;
    try {
      co_await with_timeout(0s, sleep_for(0s));
    } catch (const CancelledError&) {
      cancelled = true;
    }
    co_return cancelled;
  };
  task = loop.create_task(body());
  EXPECT_TRUE(loop.run_until_complete(task));
  EXPECT_EQ(task.cancelling(), 1U);
}

TEST(Timeout, WithinAnotherTakesItsWishBackAlsoInATaskThatWasCancelledBefore) {  // W7, W8
  EventLoop loop;
  Future<int> future;
  Task<int> task;
  auto body = [&]() -> Task<int> {
    task.cancel();
    try {
      co_await sleep_for(0s);
    } catch (const CancelledError&) {  // and goes on all the same
    }
    const auto due = std::chrono::steady_clock::now() - 1ms;
    const int got = co_await with_timeout_at(due + 1us, with_timeout_at(due, future));
    co_await sleep_for(0s);
    co_return got;
  };
  task = loop.create_task(body());
  loop.call_soon([&] { future.set_result(3); });
  EXPECT_EQ(loop.run_until_complete(task), 3);
  EXPECT_EQ(task.cancelling(), 1U);
}

TEST(Timeout, WithinAnotherIsToldApartFromIt) {
  Event never;
  auto inner = [&]() -> Task<bool> {
    auto wait = [&]() -> Task<> { co_await never.async_wait(); };
    co_return co_await times_out(with_timeout(1ms, wait()));
  };
  auto outer = [&]() -> Task<> {
    const bool inner_timed_out = co_await with_timeout(1h, inner());
    EXPECT_TRUE(inner_timed_out);
    auto long_inner = [&]() -> Task<> { co_await with_timeout(1h, never.async_wait()); };
    const bool outer_timed_out = co_await times_out(with_timeout(1ms, long_inner()));
    EXPECT_TRUE(outer_timed_out);
  };
  run(outer());
}

Detached await_anyhow(Task<> task, bool& refused) {
  try {
    co_await task;
  } catch (const Error&) {
    refused = true;
  }
}

TEST(Timeout, NeedsATaskOfALoop) {
  Event event;
  bool refused = false;
  await_anyhow(with_timeout(1h, event.async_wait()), refused);
  EXPECT_TRUE(refused);
}

}  // namespace
}  // namespace lockstep::test
