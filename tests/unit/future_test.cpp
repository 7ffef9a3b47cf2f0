// tests/unit/future_test.cpp: the states of a Future (EXAMPLES 45), and who is told.
#include "lockstep/async/future.hpp"
#include "cancelled.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "coroutines.hpp"
#include "lockstep/async/event_loop.hpp"
#include "lockstep/async/sleep.hpp"
#include "threads.hpp"
#include "throws.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

static_assert(sizeof(Future<int>) == 8);

TEST(Future, IsPendingAtFirst) {
  const Future<int> future;
  EXPECT_FALSE(future.done());
  EXPECT_FALSE(future.cancelled());
  EXPECT_FALSE(future.wait_for(0s));
  EXPECT_TRUE((throws<InvalidStateError>("Future::result", [&] { future.result(); })));
  EXPECT_TRUE((throws<InvalidStateError>("Future::exception",
                                         [&] { static_cast<void>(future.exception()); })));
}

TEST(Future, IsDoneWithAResult) {
  Future<int> future;
  future.set_result(3);
  EXPECT_TRUE(future.done());
  EXPECT_FALSE(future.cancelled());
  EXPECT_EQ(future.result(), 3);
  EXPECT_EQ(future.exception(), nullptr);
}

TEST(Future, IsDoneWithAnException) {
  Future<> future;
  future.set_exception(std::runtime_error("no"));
  EXPECT_TRUE(future.done());
  EXPECT_THROW(future.result(), std::runtime_error);
  EXPECT_NE(future.exception(), nullptr);
}

TEST(Future, IsCancelledOnce) {
  Future<> future;
  EXPECT_TRUE(future.cancel());
  EXPECT_FALSE(future.cancel());
  EXPECT_TRUE(future.cancelled());
  EXPECT_THROW(future.result(), CancelledError);
  EXPECT_THROW(static_cast<void>(future.exception()), CancelledError);
}

TEST(Future, IsMadeDoneOnce) {
  Future<int> future;
  future.set_result(1);
  EXPECT_TRUE((throws<InvalidStateError>("Future::set_result", [&] { future.set_result(2); })));
  EXPECT_TRUE((throws<InvalidStateError>(
      "Future::set_exception", [&] { future.set_exception(std::runtime_error("late")); })));
  EXPECT_FALSE(future.cancel());
  EXPECT_EQ(future.result(), 1);
}

TEST(Future, IsTheSameInItsCopies) {
  Future<int> future;
  const Future<int> copy = future;
  EXPECT_EQ(future, copy);
  future.set_result(1);
  EXPECT_EQ(copy.result(), 1);
  EXPECT_FALSE(copy == Future<int>());
}

TEST(Future, IsAwaitedByMany) {
  Future<std::string> future;
  auto reader = [&]() -> Task<std::string> { co_return co_await future; };
  auto outer = [&]() -> Task<> {
    Task<std::string> a = create_task(reader());
    Task<std::string> b = create_task(reader());
    co_await sleep_for(0s);
    future.set_result("both");
    const std::string from_a = co_await a;
    const std::string from_b = co_await b;
    EXPECT_EQ(from_a + from_b, "bothboth");
  };
  run(outer());
}

TEST(Future, ThatIsCancelledThrowsInWhoAwaitsIt) {
  Future<> future;
  auto reader = [&]() -> Task<> { co_await future; };
  auto outer = [&]() -> Task<bool> {
    Task<> task = create_task(reader());
    co_await sleep_for(0s);
    future.cancel();
    const bool cancelled = co_await ends_cancelled(task);
    co_return cancelled;
  };
  EXPECT_TRUE(run(outer()));
}

TEST(Future, IsCancelledWithATaskThatAwaitsIt) {
  Future<> future;
  auto reader = [&]() -> Task<> { co_await future; };
  auto outer = [&]() -> Task<> {
    Task<> task = create_task(reader());
    co_await sleep_for(0s);
    EXPECT_TRUE(task.cancel());
    EXPECT_TRUE(future.cancelled());
    co_await sleep_for(0s);
    EXPECT_TRUE(task.cancelled());
  };
  run(outer());
}

TEST(Future, IsSetByAThreadForALoopThatSleeps) {
  Future<std::unique_ptr<int>> future;
  auto reader = [&]() -> Task<int> {
    const std::unique_ptr<int> got = co_await future;
    co_return *got;
  };
  BlockedThread loop([&] { EXPECT_EQ(run(reader()), 4); });
  loop.wait_until_asleep();
  future.set_result(std::make_unique<int>(4));
  loop.join();
}

TEST(Future, IsWaitedForByThreads) {
  Future<int> future;
  BlockedThread waiter([&] {
    future.wait();
    EXPECT_EQ(future.result(), 5);
  });
  waiter.wait_until_asleep();
  future.set_result(5);
}

TEST(Future, IsMadeDoneByOneOfManyThreads) {
  for (int round = 0; round < (sanitized ? 50 : 500); ++round) {
    Future<int> future;
    std::atomic<int> winners{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i) {
      threads.emplace_back([&, i] {
        try {
          future.set_result(i);
          ++winners;
        } catch (const InvalidStateError&) {
        }
      });
    }
    threads.emplace_back([&] { winners += future.cancel() ? 1 : 0; });
    future.wait();
    threads.clear();
    EXPECT_EQ(winners, 1);
  }
}

TEST(Future, CallsBackAtOnceWhereNoLoopRuns) {
  Future<int> future;
  std::vector<int> got;
  future.add_done_callback([&](const Future<int>& done) { got.push_back(done.result()); });
  future.add_done_callback([&](const Future<int>& done) { got.push_back(done.result() + 1); });
  EXPECT_TRUE(got.empty());
  future.set_result(1);
  EXPECT_EQ(got, (std::vector{1, 2}));
  future.add_done_callback([&](const Future<int>& done) { got.push_back(done.result() + 2); });
  EXPECT_EQ(got, (std::vector{1, 2, 3}));
}

TEST(Future, CallsBackInTheLoopThatAskedForIt) {
  auto outer = []() -> Task<> {
    Future<int> future;
    std::thread::id where;
    future.add_done_callback([&](const Future<int>&) { where = std::this_thread::get_id(); });
    std::jthread([&] { future.set_result(1); }).join();
    EXPECT_EQ(where, std::thread::id());
    co_await sleep_for(0s);  // what other threads ask for comes after what was ready
    co_await sleep_for(0s);
    EXPECT_EQ(where, std::this_thread::get_id());
  };
  run(outer());
}

TEST(Future, ThatNobodyCanMakeDoneForgetsItsCallbacks) {
  auto alive = std::make_shared<int>(0);
  {
    Future<> future;
    future.add_done_callback([alive](const Future<>&) { ++*alive; });
    EXPECT_EQ(alive.use_count(), 2);
  }
  EXPECT_EQ(alive.use_count(), 1);
  EXPECT_EQ(*alive, 0);
}

}  // namespace
}  // namespace lockstep::test
