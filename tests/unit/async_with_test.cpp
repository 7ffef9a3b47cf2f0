// tests/unit/async_with_test.cpp: scopes whose beginning and end wait (EXAMPLES 46).
#include "lockstep/async/async_with.hpp"
#include "cancelled.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "lockstep/async/event_loop.hpp"
#include "lockstep/async/sleep.hpp"
#include "lockstep/event.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

class Context {
 public:
  explicit Context(Lines& said) : said_(&said) {}
  Task<int> enter() {
    co_await sleep_for(0s);
    said_->emplace_back("entering context");
    co_return 4;
  }
  Task<> exit() {
    co_await sleep_for(0s);
    said_->emplace_back("exiting context");
  }

 private:
  Lines* said_;
};

class Closed {
 public:
  Task<> enter() {
    throw std::runtime_error("closed");
    co_return;
  }
  Task<> exit() {
    ADD_FAILURE() << "it was never entered";
    co_return;
  }
};

TEST(AsyncWith, EntersRunsTheBodyAndExits) {
  Lines said;
  auto outer = [&]() -> Task<int> {
    Context context(said);
    auto body = [&](int entered) -> Task<int> {
      said.emplace_back("body");
      co_return entered + 1;
    };
    co_return co_await async_with(context, body);
  };
  EXPECT_EQ(run(outer()), 5);
  EXPECT_EQ(said, (Lines{"entering context", "body", "exiting context"}));
}

TEST(AsyncWith, KeepsAContextThatIsPassedAsRvalue) {
  Lines said;
  auto outer = [&]() -> Task<> {
    auto scope = async_with(Context(said), [&]() -> Task<> {
      said.emplace_back("body");
      co_return;
    });
    EXPECT_TRUE(said.empty());
    co_await scope;
  };
  run(outer());
  EXPECT_EQ(said.size(), 3U);
}

TEST(AsyncWith, ExitsWhenTheBodyThrows) {
  Lines said;
  auto outer = [&]() -> Task<> {
    auto body = []() -> Task<> {
      throw std::runtime_error("body");
      co_return;
    };
    co_await async_with(Context(said), body);
  };
  EXPECT_THROW(run(outer()), std::runtime_error);
  EXPECT_EQ(said, (Lines{"entering context", "exiting context"}));
}

TEST(AsyncWith, ExitsWhenTheTaskIsCancelled) {
  Lines said;
  Event never;
  auto scope = [&]() -> Task<> {
    auto body = [&]() -> Task<> { co_await never.async_wait(); };
    co_await async_with(Context(said), body);
  };
  auto outer = [&]() -> Task<> {
    Task<> task = create_task(scope());
    while (said.empty()) co_await sleep_for(0s);
    co_await sleep_for(0s);
    task.cancel();
    const bool cancelled = co_await ends_cancelled(task);
    EXPECT_TRUE(cancelled);
  };
  run(outer());
  EXPECT_EQ(said.back(), "exiting context");
}

TEST(AsyncWith, DoesNotExitWhatItCouldNotEnter) {
  auto outer = []() -> Task<> {
    auto body = []() -> Task<> { co_return; };
    co_await async_with(Closed(), body);
  };
  EXPECT_THROW(run(outer()), std::runtime_error);
}

}  // namespace
}  // namespace lockstep::test
