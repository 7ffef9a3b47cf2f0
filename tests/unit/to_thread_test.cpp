// tests/unit/to_thread_test.cpp: calls that other threads make for a loop.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "cancelled.hpp"
#include "lockstep/async.hpp"
#include "lockstep/event.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

TEST(ToThread, CallsElsewhereAndComesBack) {
  auto outer = []() -> Task<> {
    const auto here = std::this_thread::get_id();
    const auto there = co_await to_thread([] { return std::this_thread::get_id(); });
    EXPECT_NE(there, here);
    EXPECT_EQ(std::this_thread::get_id(), here);
  };
  run(outer());
}

TEST(ToThread, PassesArgumentsAndResultsThatCanOnlyBeMoved) {
  auto outer = []() -> Task<int> {
    auto pointer = co_await to_thread(
        [](std::unique_ptr<int> given, int more) {
          *given += more;
          return given;
        },
        std::make_unique<int>(3), 4);
    co_await to_thread([](int& kept) { kept += 1; }, std::ref(*pointer));
    co_return *pointer;
  };
  EXPECT_EQ(run(outer()), 8);
}

TEST(ToThread, ThrowsWhatTheCallThrew) {
  auto outer = []() -> Task<> { co_await to_thread([] { throw std::runtime_error("there"); }); };
  EXPECT_THROW(run(outer()), std::runtime_error);
}

TEST(ToThread, ThatIsCancelledLeavesTheCallRunning) {
  ThreadPool pool(1);
  Event began;
  Event go_on;
  std::atomic<bool> finished{false};
  auto waits = [&]() -> Task<int> {
    co_return co_await to_thread(pool, [&] {
      began.set();
      go_on.wait();
      finished = true;
      return 1;
    });
  };
  auto outer = [&]() -> Task<> {
    Task<int> task = create_task(waits());
    co_await began.async_wait();
    task.cancel();
    const bool cancelled = co_await ends_cancelled(task);
    EXPECT_TRUE(cancelled);
    EXPECT_FALSE(finished);
  };
  run(outer());
  go_on.set();
  pool.submit([] {}).wait();
  EXPECT_TRUE(finished);
}

TEST(ToThread, ThatIsCancelledBeforeTheCallBeganPreventsIt) {
  Event go_on;
  bool called = false;
  {
    ThreadPool pool(1);
    auto first = pool.submit([&] { go_on.wait(); });
    auto second = pool.submit([&] { called = true; });
    EXPECT_TRUE(second.cancel());
    go_on.set();
    first.wait();
  }
  EXPECT_FALSE(called);
}

TEST(ThreadPool, MakesAllCallsBeforeItIsDestroyed) {
  std::atomic<int> calls{0};
  {
    ThreadPool pool(3);
    EXPECT_EQ(pool.size(), 3U);
    for (int i = 0; i < 1000; ++i) static_cast<void>(pool.submit([&] { ++calls; }));
  }
  EXPECT_EQ(calls, 1000);
}

TEST(ThreadPool, WithOneThreadCallsInOrder) {
  std::vector<int> order;
  {
    ThreadPool pool(0);
    EXPECT_EQ(pool.size(), 1U);
    for (int i = 0; i < 3; ++i) static_cast<void>(pool.submit([&order, i] { order.push_back(i); }));
  }
  EXPECT_EQ(order, (std::vector{0, 1, 2}));
}

TEST(ThreadPool, BlocksNoLoopWhileItsCallsWait) {
  ThreadPool pool(2);
  Event first;
  Event second;
  auto outer = [&]() -> Task<> {
    co_await gather(to_thread(pool,
                              [&] {
                                first.set();
                                second.wait();
                              }),
                    to_thread(pool, [&] {
                      second.set();
                      first.wait();
                    }));
  };
  run(outer());
  EXPECT_TRUE(first.is_set() && second.is_set());
}

}  // namespace
}  // namespace lockstep::test
