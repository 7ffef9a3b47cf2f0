// tests/unit/sleep_test.cpp: time that passes in coroutines.
#include "lockstep/async/sleep.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "coroutines.hpp"
#include "lockstep/async/event_loop.hpp"
#include "lockstep/async/gather.hpp"
#include "lockstep/event.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST(Sleep, NeverEndsEarly) {
  auto outer = []() -> Task<> {
    const auto start = Clock::now();
    co_await sleep_for(2ms);
    EXPECT_GE(Clock::now() - start, 2ms);
    const auto until = std::chrono::system_clock::now() + 2ms;
    co_await sleep_until(until);
    EXPECT_GE(std::chrono::system_clock::now(), until);
  };
  run(outer());
}

TEST(Sleep, OfZeroOrLessLetsEachOtherHaveOneTurn) {
  std::string order;
  auto letters = [&](char letter) -> Task<> {
    order += letter;
    co_await sleep_for(0s);
    order += letter;
    co_await sleep_for(-1h);
    order += letter;
    co_await sleep_until(Clock::now() - 1h);
    order += letter;
  };
  auto outer = [&]() -> Task<> { co_await gather(letters('a'), letters('b')); };
  run(outer());
  EXPECT_EQ(order, "abababab");
}

TEST(Sleep, EndsInTheOrderOfTheTimes) {
  std::vector<int> order;
  bool all_slept = false;
  auto sleeper = [&](Clock::time_point start, int number) -> Task<> {
    co_await sleep_until(start + number * 1ms);
    order.push_back(number);
  };
  auto note_whether_all_sleep = [&](Clock::time_point start) -> Task<> {
    all_slept = Clock::now() < start + 1ms;
    co_return;
  };
  auto outer = [&]() -> Task<> {
    order.clear();
    const auto start = Clock::now();
    co_await gather(sleeper(start, 3), sleeper(start, 1), sleeper(start, 2),
                    note_whether_all_sleep(start));
  };
  while (!all_slept) run(outer());  // after a stall they do not: what is past is not slept until
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

Detached sleep_and_set(Event& event) {
  co_await sleep_for(1ms);
  co_await sleep_for(0s);
  event.set();
}

TEST(Sleep, WorksInACoroutineOfAnyTypeOnTheServicesClock) {
  Event event;
  const auto start = Clock::now();
  sleep_and_set(event);
  event.wait();
  EXPECT_GE(Clock::now() - start, 1ms);
}

Detached yield_often(int count, int& done) {
  for (int i = 0; i < count; ++i) co_await sleep_for(0s);
  done = count;
}

TEST(Sleep, YieldsAMillionTimesInConstantStack) {
  constexpr int many = sanitized ? 100'000 : 1'000'000;
  int done = 0;
  yield_often(many, done);
  EXPECT_EQ(done, many);
}

struct Stoppable {
  explicit Stoppable(std::stop_source& source) : token(source.get_token()) {}
  std::stop_token stop_token() const { return token; }
  std::stop_token token;
};

Owned<Stoppable> sleep_long(std::stop_source&, bool& cancelled) {
  try {
    co_await sleep_for(1h);
  } catch (const CancelledError&) {
    cancelled = true;
  }
}

TEST(Sleep, EndsWithAStopRequestOfThePromise) {
  std::stop_source source;
  bool cancelled = false;
  const auto sleeper = sleep_long(source, cancelled);
  EXPECT_FALSE(cancelled);
  source.request_stop();
  EXPECT_TRUE(cancelled);
}

TEST(Sleep, OfACoroutineThatIsDestroyedIsOver) {
  std::stop_source source;
  bool cancelled = false;
  {
    auto sleeper = sleep_long(source, cancelled);
    sleeper.destroy();
  }
  source.request_stop();
  EXPECT_FALSE(cancelled);
}

TEST(Sleep, ManyAtOnceAllEnd) {
  constexpr int many = sanitized ? 10'000 : 100'000;
  auto sleeper = [](int number) -> Task<int> {
    co_await sleep_for(std::chrono::microseconds(number % 1000));
    co_return 1;
  };
  auto outer = [&]() -> Task<int> {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < many; ++i) tasks.push_back(create_task(sleeper(i)));
    int sum = 0;
    for (Task<int>& each : tasks) sum += co_await each;
    co_return sum;
  };
  EXPECT_EQ(run(outer()), many);
}

}  // namespace
}  // namespace lockstep::test
