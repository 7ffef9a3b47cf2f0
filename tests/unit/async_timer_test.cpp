// tests/unit/async_timer_test.cpp: coroutines that wait for a Timer's end (SEMANTICS 2.8, TI7).
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

#include "coroutines.hpp"
#include "lockstep/error.hpp"
#include "lockstep/event.hpp"
#include "lockstep/timer.hpp"
#include "loop.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

class AsyncTimer : public testing::Test {
 protected:
  Actor join(Stage&, Timer& timer, int number) {
    co_await timer;
    order.push_back(number);
  }

  Loop loop;
  Stage stage;
  std::vector<int> order;
};

TEST_F(AsyncTimer, IsAwaitedUntilItsCallbackHasReturned) {
  int calls = 0;
  Timer timer(1ms, [&] { ++calls; });
  timer.start();
  Event over;
  const auto body = [&](Loop&) -> OnLoop {
    co_await timer;
    EXPECT_EQ(calls, 1);
    over.set();
  };
  std::optional<OnLoop> joiner;
  loop.call([&] { joiner.emplace(body(loop)); });
  over.wait();
  loop.call([&] { joiner.reset(); });
}

TEST_F(AsyncTimer, OneThatIsOverIsNotWaitedFor) {  // A1
  Timer timer(0ms, [] {});
  timer.start();
  timer.join();
  const Actor actor = join(stage, timer, 1);
  EXPECT_TRUE(actor.done());
}

TEST_F(AsyncTimer, CancelLetsAllGoOnThatWaitForIt) {  // TI4
  Timer timer(1h, [] {});
  timer.start();
  const std::array actors{join(stage, timer, 1), join(stage, timer, 2)};
  EXPECT_TRUE(timer.cancel());
  EXPECT_TRUE(order.empty());  // A8
  stage.later.run();
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST_F(AsyncTimer, ThrowsWhatItsCallbackThrew) {  // TI9
  Event failed;
  Timer timer(0ms, [] { throw std::runtime_error("callback"); });
  int errors = 0;
  const auto body = [&](Loop&) -> OnLoop {
    for (int times = 0; times < 2; ++times) {  // the second time it is over
      try {
        co_await timer;
      } catch (const std::runtime_error& error) {
        errors += error.what() == std::string_view("callback");
      }
    }
    failed.set();
  };
  timer.start();
  std::optional<OnLoop> joiner;
  loop.call([&] { joiner.emplace(body(loop)); });
  failed.wait();
  loop.call([&] { joiner.reset(); });
  EXPECT_EQ(errors, 2);
}

TEST_F(AsyncTimer, OneThatWasNotStartedCannotBeAwaited) {  // TI7
  Timer timer(1h, [] {});
  bool thrown = false;
  const auto body = [&](Stage&) -> Actor {
    try {
      co_await timer;
    } catch (const Error&) {
      thrown = true;
    }
  };
  const Actor actor = body(stage);
  EXPECT_TRUE(thrown);
}

TEST_F(AsyncTimer, ItsOwnCallbackCannotAwaitIt) {  // TI7
  bool thrown = false;
  std::unique_ptr<Timer> timer;
  const auto body = [&](int) -> Detached {
    try {
      co_await timer->async_join();
    } catch (const Error&) {
      thrown = true;
    }
  };
  timer = std::make_unique<Timer>(0ms, [&] { body(0); });
  timer->start();
  timer->join();
  EXPECT_TRUE(thrown);
}

TEST_F(AsyncTimer, ADeadlineEndsTheWaitAndNotTheTimer) {
  Timer timer(1h, [] {});
  timer.start();
  std::optional<bool> over;
  Event asked;
  const auto body = [&](int) -> Detached {
    over = co_await timer.async_join_for(1ms);
    asked.set();
  };
  body(0);
  asked.wait();
  EXPECT_EQ(over, false);
  EXPECT_TRUE(timer.is_alive());
  timer.cancel();
  body(0);
  EXPECT_EQ(over, true);  // T9
}

TEST_F(AsyncTimer, ATaskThatIsToEndGetsCancelledErrorAndTheTimerGoesOn) {
  Timer timer(1h, [] {});
  timer.start();
  stage.stop = std::stop_source();
  bool cancelled = false;
  const auto body = [&](Stage&) -> Actor {
    try {
      co_await timer;
    } catch (const CancelledError&) {
      cancelled = true;
    }
  };
  const Actor actor = body(stage);
  stage.stop.request_stop();
  stage.later.run();
  EXPECT_TRUE(cancelled);
  EXPECT_TRUE(timer.is_alive());
}

TEST_F(AsyncTimer, OneThatIsDestroyedWhileItWaitsOrWhenItIsOverDoesNotGoOn) {
  Timer timer(1h, [] {});
  timer.start();
  Actor first = join(stage, timer, 1);
  Actor second = join(stage, timer, 2);
  first.destroy();
  timer.cancel();
  second.destroy();
  stage.later.run();
  EXPECT_TRUE(order.empty());
}

TEST_F(AsyncTimer, TheOneThatAwaitedItMayDestroyIt) {  // O3
  Event gone;
  auto timer = std::make_unique<Timer>(1ms, [] {});
  const auto body = [&](int) -> Detached {
    co_await *timer;
    timer.reset();
    gone.set();
  };
  timer->start();
  body(0);
  gone.wait();
  EXPECT_EQ(timer, nullptr);
}

TEST_F(AsyncTimer, ThreadsAndCoroutinesMayWaitForOne) {
  Event go;
  Timer timer(0ms, [&] { go.wait(); });
  timer.start();
  const auto body = [&](Loop&, Event& over) -> OnLoop {
    co_await timer;
    over.set();
  };
  Event over;
  std::optional<OnLoop> joiner;
  loop.call([&] { joiner.emplace(body(loop, over)); });
  BlockedThread thread([&] { timer.join(); });
  thread.wait_until_asleep();
  EXPECT_FALSE(over.is_set());
  go.set();
  over.wait();
  thread.join();
  loop.call([&] { joiner.reset(); });
}

}  // namespace
}  // namespace lockstep::test
