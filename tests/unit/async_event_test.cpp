// tests/unit/async_event_test.cpp: what an Event does for coroutines (SEMANTICS 3.3).
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "coroutines.hpp"
#include "lockstep/error.hpp"
#include "lockstep/event.hpp"
#include "staged_clock.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

class AsyncEvent : public testing::Test {
 protected:
  AsyncEvent() { StagedClock::put_off(); }

  Actor wait(Stage&, int number) {
    co_await event.async_wait();
    order.push_back(number);
  }

  Actor wait_until(Stage&, std::stop_token token, std::optional<bool>& released) {
    released = co_await event.async_wait(std::move(token));
  }

  Stage stage;
  Event event;
  std::vector<int> order;
};

// --- Set and clear -------------------------------------------------------------------------------

TEST_F(AsyncEvent, OnceSetItLetsEverybodyPassWithoutSuspending) {  // AE1, AE4, T9
  event.set();
  std::stop_source stopped;
  stopped.request_stop();
  const auto body = [&](Stage&, int& times) -> Actor {
    co_await event.async_wait();
    times += co_await event.async_wait(stopped.get_token());
    times += co_await event.async_wait_for(0h);
    times += co_await event.async_wait_for(1h, stopped.get_token());
    times += co_await event.async_wait_until(std::chrono::steady_clock::time_point{});
  };
  int times = 0;
  const Actor actor = body(stage, times);
  EXPECT_EQ(times, 4);
  EXPECT_TRUE(actor.done());
}

TEST_F(AsyncEvent, SetReleasesAllThatWaitInTheirOrder) {  // AE2, A8
  const std::array actors{wait(stage, 1), wait(stage, 2), wait(stage, 3)};
  event.set();
  EXPECT_TRUE(order.empty());
  stage.later.run();
  EXPECT_EQ(order, (std::vector{1, 2, 3}));
}

TEST_F(AsyncEvent, APulseReleasesOnceThoseThatWaited) {  // AE3
  const Actor before = wait(stage, 1);
  event.set();
  event.clear();
  const Actor after = wait(stage, 2);
  stage.later.run();
  EXPECT_EQ(order, std::vector{1});
  EXPECT_FALSE(after.done());
  event.set();
  stage.later.run();
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST_F(AsyncEvent, OneThatWasReleasedAndWaitsAgainNeedsAnotherSet) {  // AE3
  const auto body = [this](Stage&) -> Actor {
    for (int round = 0; round < 2; ++round) {
      co_await event.async_wait();
      order.push_back(round);
      event.clear();
    }
  };
  const Actor actor = body(stage);
  event.set();
  event.set();  // further ones do not count
  stage.later.run();
  EXPECT_EQ(order, std::vector{0});
  event.set();
  stage.later.run();
  EXPECT_EQ(order, (std::vector{0, 1}));
}

TEST_F(AsyncEvent, ANewcomerPassesBeforeThoseThatWereReleasedRun) {  // AE4
  const Actor waiter = wait(stage, 1);
  event.set();
  const Actor newcomer = wait(stage, 2);
  stage.later.run();
  EXPECT_EQ(order, (std::vector{2, 1}));
}

TEST_F(AsyncEvent, ACoroutineMaySetWhatItsNeighboursWaitFor) {
  const auto body = [this](Stage&) -> Actor {
    event.set();
    co_await event.async_wait();
    order.push_back(0);
  };
  const Actor waiter = wait(stage, 1);
  const Actor setter = body(stage);
  stage.later.run();
  EXPECT_EQ(order, (std::vector{0, 1}));
}

// --- Stop requests and deadlines -----------------------------------------------------------------

TEST_F(AsyncEvent, OneThatWasStoppedIsNotReleased) {  // AE5
  std::stop_source source;
  std::optional<bool> released;
  const Actor first = wait_until(stage, source.get_token(), released);
  const Actor second = wait(stage, 2);
  source.request_stop();
  event.set();
  stage.later.run();
  EXPECT_EQ(released, false);
  EXPECT_EQ(order, std::vector{2});
}

TEST_F(AsyncEvent, OneThatIsStoppedAfterTheSetWasReleased) {  // AE5, A5
  std::stop_source source;
  std::optional<bool> released;
  const Actor actor = wait_until(stage, source.get_token(), released);
  event.set();
  event.clear();
  source.request_stop();
  stage.later.run();
  EXPECT_EQ(released, true);
}

TEST_F(AsyncEvent, ATaskThatIsToEndGetsCancelledErrorWhereItWaits) {  // AE5
  stage.stop = std::stop_source();
  bool cancelled = false;
  const auto body = [&](Stage&) -> Actor {
    try {
      co_await event.async_wait_for(1h);
    } catch (const CancelledError&) {
      cancelled = true;
    }
  };
  const Actor actor = body(stage);
  stage.stop.request_stop();
  stage.later.run();
  EXPECT_TRUE(cancelled);
}

TEST_F(AsyncEvent, ADeadlineThatHasPassedReadsTheFlag) {  // E7, T2, T3
  for (const auto duration : {0h, -1h, std::chrono::hours::min()}) {
    std::optional<bool> released;
    const auto body = [&](Stage&) -> Actor { released = co_await event.async_wait_for(duration); };
    const Actor actor = body(stage);
    EXPECT_EQ(released, false);
  }
}

TEST_F(AsyncEvent, ADeadlineComesNotBeforeItsTimeOnAnyClock) {  // T6, T8
  std::optional<bool> released;
  Event over;
  const auto body = [&](int) -> Detached {
    released = co_await event.async_wait_until(StagedClock::deadline);
    over.set();
  };
  body(0);
  EXPECT_FALSE(over.wait_for(5ms));
  StagedClock::let_it_come();
  over.wait();
  EXPECT_EQ(released, false);
}

// --- Destruction ---------------------------------------------------------------------------------

TEST_F(AsyncEvent, OneThatIsDestroyedWhileItWaitsOrWhenItWasReleasedDoesNotRun) {
  Actor first = wait(stage, 1);
  Actor second = wait(stage, 2);
  const Actor third = wait(stage, 3);
  first.destroy();
  event.set();
  second.destroy();
  stage.later.run();
  EXPECT_EQ(order, std::vector{3});
}

TEST_F(AsyncEvent, TheFirstThatGoesOnMayDestroyTheOthers) {
  std::array<std::optional<Owned<>>, 3> coroutines;
  const auto body = [&](std::size_t self) -> Owned<> {
    co_await event.async_wait();
    order.push_back(static_cast<int>(self));
    for (std::size_t other = 0; other < coroutines.size(); ++other) {
      if (other != self) coroutines[other].reset();
    }
  };
  for (std::size_t i = 0; i < coroutines.size(); ++i) coroutines[i].emplace(body(i));
  event.set();
  EXPECT_EQ(order, std::vector{0});
}

TEST_F(AsyncEvent, OneThatGoesOnMayEndTheEvent) {  // O3
  auto own = std::make_unique<Event>();
  const auto body = [&](int) -> Detached {
    co_await own->async_wait();
    own.reset();
  };
  body(0);
  own->set();
  EXPECT_EQ(own, nullptr);
}

TEST_F(AsyncEvent, OneThatItReleasedMayBeDestroyedAfterTheEvent) {  // O3; asan
  auto own = std::make_unique<Event>();
  const auto body = [](Stage&, Event& awaited) -> Actor { co_await awaited.async_wait(); };
  {
    const Actor released = body(stage, *own);
    own->set();
    own.reset();
    EXPECT_FALSE(stage.later.empty());
  }
  EXPECT_TRUE(stage.later.empty());
}

TEST_F(AsyncEvent, ThreadsAreReleasedThoughACoroutineGoesOnWithinTheSet) {
  // The coroutine waits, blocking, for a thread that the same call of set releases.
  Event thread_ended;
  bool coroutine_ended = false;
  const auto body = [&](int) -> Detached {
    co_await event.async_wait();
    thread_ended.wait();
    coroutine_ended = true;
  };
  body(0);
  BlockedThread thread([&] {
    event.wait();
    thread_ended.set();
  });
  thread.wait_until_asleep();
  event.set();
  EXPECT_TRUE(coroutine_ended);
}

}  // namespace
}  // namespace lockstep::test
