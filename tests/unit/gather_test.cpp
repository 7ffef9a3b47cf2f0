// tests/unit/gather_test.cpp: several tasks at the same time.
#include "lockstep/async/gather.hpp"
#include "cancelled.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <variant>
#include <vector>

#include "lockstep/async/sleep.hpp"
#include "lockstep/async/thread_pool.hpp"
#include "lockstep/event.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

Task<int> after_turns(int value, int turns) {
  for (int i = 0; i < turns; ++i) co_await sleep_for(0s);
  co_return value;
}

Task<> fail_after_turns(int turns) {
  for (int i = 0; i < turns; ++i) co_await sleep_for(0s);
  throw std::runtime_error("failed");
}

Task<> wait_for(Event& event) { co_await event.async_wait(); }

TEST(Gather, GivesResultsInTheOrderOfItsArguments) {
  auto nothing = []() -> Task<> { co_return; };
  auto pointer = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(3); };
  auto outer = [&]() -> Task<> {
    auto got = co_await gather(after_turns(1, 5), nothing(), pointer(), after_turns(4, 0));
    static_assert(
        std::is_same_v<decltype(got), std::tuple<int, std::monostate, std::unique_ptr<int>, int>>);
    EXPECT_EQ(std::get<0>(got), 1);
    EXPECT_EQ(*std::get<2>(got), 3);
    EXPECT_EQ(std::get<3>(got), 4);
  };
  run(outer());
}

TEST(Gather, RunsItsTasksAtTheSameTime) {
  std::string order;
  auto letters = [&](char letter) -> Task<> {
    for (int i = 0; i < 2; ++i) {
      order += letter;
      co_await sleep_for(0s);
    }
  };
  auto outer = [&]() -> Task<> { co_await gather(letters('a'), letters('b')); };
  run(outer());
  EXPECT_EQ(order, "abab");
}

TEST(Gather, TakesAVector) {
  auto outer = []() -> Task<std::vector<int>> {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 4; ++i) tasks.push_back(after_turns(i, 4 - i));
    co_return co_await gather(std::move(tasks));
  };
  EXPECT_EQ(run(outer()), (std::vector{0, 1, 2, 3}));
}

TEST(Gather, OfNothingIsDone) {
  auto outer = []() -> Task<std::size_t> {
    auto nothing = gather(std::vector<Task<int>>());
    EXPECT_TRUE(nothing.done());
    co_await gather();
    const auto got = co_await nothing;
    co_return got.size();
  };
  EXPECT_EQ(run(outer()), 0U);
}

TEST(Gather, ThrowsTheFirstExceptionAtOnceAndTheOthersGoOn) {
  auto outer = []() -> Task<> {
    Task<int> slow = create_task(after_turns(1, 10));
    bool thrown = false;
    try {
      co_await gather(slow, fail_after_turns(1), fail_after_turns(2));
    } catch (const std::runtime_error&) {
      thrown = true;
    }
    EXPECT_TRUE(thrown);
    EXPECT_FALSE(slow.done());
    const int got = co_await slow;
    EXPECT_EQ(got, 1);
  };
  run(outer());
}

TEST(Gather, CollectsExceptionsIfAskedTo) {
  auto outer = []() -> Task<> {
    auto [value, failure] =
        co_await gather(return_exceptions, after_turns(1, 3), fail_after_turns(1));
    EXPECT_EQ(value.value(), 1);
    EXPECT_FALSE(failure.has_value());
    EXPECT_THROW(failure.value(), std::runtime_error);
    std::vector<Task<>> tasks;
    tasks.push_back(fail_after_turns(0));
    const auto all = co_await gather(return_exceptions, std::move(tasks));
    EXPECT_NE(all.at(0).exception(), nullptr);
  };
  run(outer());
}

TEST(Gather, ThatIsCancelledCancelsAll) {
  Event never;
  auto outer = [&]() -> Task<> {
    Task<> a = create_task(wait_for(never));
    Task<> b = create_task(wait_for(never));
    auto gatherer = [&]() -> Task<> { co_await gather(a, b); };
    Task<> task = create_task(gatherer());
    co_await sleep_for(0s);
    EXPECT_TRUE(task.cancel());
    const bool cancelled = co_await ends_cancelled(task);
    EXPECT_TRUE(cancelled);
    co_await sleep_for(0s);
    EXPECT_TRUE(a.cancelled());
    EXPECT_TRUE(b.cancelled());
  };
  run(outer());
}

TEST(Gather, ThatIsCancelledIsCancelledEvenIfNoPartIs) {  // as asyncio's: bpo-32684
  Event never;
  auto stubborn = [&]() -> Task<> {
    try {
      co_await never.async_wait();
    } catch (const CancelledError&) {
    }
  };
  auto outer = [&]() -> Task<> {
    auto both = gather(stubborn(), stubborn());
    co_await sleep_for(0s);
    EXPECT_TRUE(both.cancel());
    EXPECT_FALSE(both.done());
    const bool cancelled = co_await ends_cancelled(both);
    EXPECT_TRUE(cancelled);
    EXPECT_TRUE(both.cancelled());
  };
  run(outer());
}

TEST(Gather, TakesAFutureThatIsConst) {
  Future<int> future;
  const Future<int> same = future;
  future.set_result(3);
  auto outer = [&]() -> Task<> {
    const auto [got] = co_await gather(same);
    EXPECT_EQ(got, 3);
  };
  run(outer());
}

TEST(Gather, ThatIsCancelledWhileItCollectsEndsWhenAllHave) {
  Event never;
  int cleaned = 0;
  auto stubborn = [&]() -> Task<> {
    try {
      co_await never.async_wait();
    } catch (const CancelledError&) {
      ++cleaned;
    }
    co_await sleep_for(0s);
    ++cleaned;
  };
  auto outer = [&]() -> Task<> {
    auto both = gather(return_exceptions, stubborn(), stubborn());
    co_await sleep_for(0s);
    both.cancel();
    const bool cancelled = co_await ends_cancelled(both);
    EXPECT_TRUE(cancelled);
    EXPECT_EQ(cleaned, 4);
  };
  run(outer());
}

TEST(Gather, TakesFuturesThatThreadsSet) {
  constexpr int rounds = sanitized ? 50 : 500;
  ThreadPool pool(2);
  auto outer = [&]() -> Task<int> {
    int sum = 0;
    for (int i = 0; i < rounds; ++i) {
      auto one = to_thread(pool, [] { return 1; });
      auto two = to_thread(pool, [] { return 2; });
      const auto [a, b, c] = co_await gather(one, two, after_turns(3, 1));
      sum += a + b + c;
    }
    co_return sum;
  };
  EXPECT_EQ(run(outer()), 6 * rounds);
}

TEST(Gather, NeedsALoop) { EXPECT_THROW(static_cast<void>(gather(after_turns(1, 0))), Error); }

}  // namespace
}  // namespace lockstep::test
