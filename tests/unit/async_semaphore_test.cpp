// tests/unit/async_semaphore_test.cpp: what the semaphores do for coroutines (SEMANTICS 3.5). How they wait is Lock's:
// async_lock_test.cpp.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "coroutines.hpp"
#include "lockstep/bounded_semaphore.hpp"
#include "lockstep/error.hpp"
#include "lockstep/semaphore.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

/// Either semaphore, of three permits, all of which the test has.
template <class S>
class AsyncSemaphore : public testing::Test {
 protected:
  AsyncSemaphore() {
    for (int i = 0; i < 3; ++i) semaphore.acquire();
  }

  Actor take(Stage&, int number) {
    co_await semaphore.async_acquire();
    order.push_back(number);
  }

  Actor take_until(Stage&, std::stop_token token, std::optional<bool>& taken) {
    taken = co_await semaphore.async_acquire(std::move(token));
  }

  Stage stage;
  S semaphore{3};
  std::vector<int> order;
};

struct Names {
  template <class S>
  static std::string GetName(int) {
    return std::is_same_v<S, Semaphore> ? "Unbounded" : "Bounded";
  }
};
using Both = testing::Types<Semaphore, BoundedSemaphore>;
TYPED_TEST_SUITE(AsyncSemaphore, Both, Names);

// --- Permits -------------------------------------------------------------------------------------

TYPED_TEST(AsyncSemaphore, TakesAFreePermitWithoutSuspending) {  // AS2
  this->semaphore.release(2);
  const Actor actor = this->take(this->stage, 1);
  EXPECT_TRUE(actor.done());
  EXPECT_EQ(this->semaphore.value(), 1);
}

TYPED_TEST(AsyncSemaphore, APermitThatIsGivenToOneThatWaitsIsGoneFromTheValueAtOnce) {  // AS4, AS6
  const Actor actor = this->take(this->stage, 1);
  this->semaphore.release();
  EXPECT_FALSE(actor.done());  // A8
  EXPECT_EQ(this->semaphore.value(), 0);
  EXPECT_TRUE(this->semaphore.locked());
  EXPECT_FALSE(this->semaphore.try_acquire());
  this->stage.later.run();
  EXPECT_TRUE(actor.done());
}

TYPED_TEST(AsyncSemaphore, AReleaseServesExactlyOne) {  // A4, AS3
  const Actor first = this->take(this->stage, 1);
  const Actor second = this->take(this->stage, 2);
  this->semaphore.release();
  this->stage.later.run();
  EXPECT_EQ(this->order, std::vector{1});
}

TYPED_TEST(AsyncSemaphore, ReleasesBeforeAnybodyRanServeAsManyInOrder) {  // AS5
  const std::array actors{this->take(this->stage, 1), this->take(this->stage, 2),
                          this->take(this->stage, 3)};
  this->semaphore.release();
  this->semaphore.release();
  EXPECT_EQ(this->semaphore.value(), 0);
  this->stage.later.run();
  EXPECT_EQ(this->order, (std::vector{1, 2}));
}

TYPED_TEST(AsyncSemaphore, AReleaseOfSeveralServesAsManyAndTheRestIsFree) {  // AS3, AS5
  const std::array actors{this->take(this->stage, 1), this->take(this->stage, 2)};
  this->semaphore.release(3);
  EXPECT_EQ(this->semaphore.value(), 1);
  this->stage.later.run();
  EXPECT_EQ(this->order, (std::vector{1, 2}));
}

TYPED_TEST(AsyncSemaphore, OneThatReleasesAndAsksAgainComesAfterThoseThatWait) {  // A3, gh-90155
  const auto body = [this](Stage&, int number) -> Actor {
    for (int round = 0; round < 2; ++round) {
      co_await this->semaphore.async_acquire();
      this->order.push_back(number);
      this->semaphore.release();
    }
  };
  const std::array actors{body(this->stage, 1), body(this->stage, 2)};
  this->semaphore.release();
  this->stage.later.run();
  EXPECT_EQ(this->order, (std::vector{1, 2, 1, 2}));
}

TYPED_TEST(AsyncSemaphore, GuardsHoldAPermitEach) {  // S5
  const auto body = [this](Stage&, int number) -> Actor {
    const auto guard = co_await this->semaphore.async_scoped();
    EXPECT_TRUE(guard);
    this->order.push_back(number);
  };
  const std::array actors{body(this->stage, 1), body(this->stage, 2)};
  this->semaphore.release();
  this->stage.later.run();
  EXPECT_EQ(this->order, (std::vector{1, 2}));
  EXPECT_EQ(this->semaphore.value(), 1);
}

TYPED_TEST(AsyncSemaphore, EveryWayToAskTakesAFreePermit) {  // T9, A1
  const auto body = [this](Stage&, int& times) -> Actor {
    times += co_await this->semaphore.async_try_acquire_for(0h);
    times += co_await this->semaphore.async_try_acquire_until(std::chrono::system_clock::now());
    const auto guard = co_await this->semaphore.async_scoped(std::stop_token());
    times += static_cast<bool>(guard);
  };
  this->semaphore.release(3);
  int times = 0;
  const Actor actor = body(this->stage, times);
  EXPECT_EQ(times, 3);
  EXPECT_EQ(this->semaphore.value(), 1);
}

// --- Stop requests -------------------------------------------------------------------------------

TYPED_TEST(AsyncSemaphore, OneThatWasStoppedIsSteppedOver) {  // A6
  std::stop_source source;
  std::optional<bool> taken;
  const Actor first = this->take_until(this->stage, source.get_token(), taken);
  const Actor second = this->take(this->stage, 2);
  source.request_stop();
  this->semaphore.release();
  this->stage.later.run();
  EXPECT_EQ(taken, false);
  EXPECT_EQ(this->order, std::vector{2});
  EXPECT_EQ(this->semaphore.value(), 0);
}

TYPED_TEST(AsyncSemaphore, AllStoppedLeaveAllPermitsFree) {  // A7, S8
  std::stop_source source;
  std::array<std::optional<bool>, 2> taken;
  const Actor first = this->take_until(this->stage, source.get_token(), taken[0]);
  const Actor second = this->take_until(this->stage, source.get_token(), taken[1]);
  source.request_stop();
  this->semaphore.release(3);
  EXPECT_EQ(this->semaphore.value(), 3);
  this->stage.later.run();
  EXPECT_EQ(this->semaphore.value(), 3);
}

TYPED_TEST(AsyncSemaphore, ATaskThatIsToEndGetsNoPermitAndThoseBehindItDo) {  // A6, A7
  Stage doomed;
  doomed.stop = std::stop_source();
  bool cancelled = false;
  const auto body = [this](Stage&, bool& told) -> Actor {
    try {
      co_await this->semaphore.async_acquire();
    } catch (const CancelledError&) {
      told = true;
    }
  };
  const Actor first = body(doomed, cancelled);
  const Actor second = this->take(this->stage, 2);
  doomed.stop.request_stop();
  this->semaphore.release();
  doomed.later.run();
  this->stage.later.run();
  EXPECT_TRUE(cancelled);
  EXPECT_EQ(this->order, std::vector{2});
}

// --- Destruction ---------------------------------------------------------------------------------

TYPED_TEST(AsyncSemaphore, WhatWasGrantedToSomeThatAreDestroyedGoesToOthers) {  // W9, S8
  std::vector<Actor> actors;
  for (int number = 1; number <= 4; ++number) actors.push_back(this->take(this->stage, number));
  this->semaphore.release(2);
  actors[1].destroy();
  this->stage.later.run();
  EXPECT_EQ(this->order, (std::vector{1, 3}));
  actors[3].destroy();
  this->semaphore.release();
  EXPECT_EQ(this->semaphore.value(), 1);
}

/// Where nobody schedules, the first one that is resumed destroys the others.
TYPED_TEST(AsyncSemaphore, OneThatIsServedMayDestroyOthersThatWereServedWithIt) {
  std::array<std::optional<Owned<>>, 3> coroutines;
  const auto body = [&](std::size_t self) -> Owned<> {
    co_await this->semaphore.async_acquire();
    for (std::size_t other = 0; other < coroutines.size(); ++other) {
      if (other != self) coroutines[other].reset();
    }
  };
  for (std::size_t i = 0; i < coroutines.size(); ++i) coroutines[i].emplace(body(i));
  this->semaphore.release(3);
  EXPECT_TRUE(coroutines[0]->done());
  EXPECT_EQ(this->semaphore.value(), 2);
}

// --- The bound -----------------------------------------------------------------------------------

TEST(AsyncBoundedSemaphore, AReleaseThatGoesToOneThatWaitsIsNoOverRelease) {  // AS8, BS4
  Stage stage;
  BoundedSemaphore semaphore(1);
  const auto body = [&](Stage&, int& times) -> Actor {
    co_await semaphore.async_acquire();
    ++times;
  };
  int times = 0;
  const std::array actors{body(stage, times), body(stage, times)};
  semaphore.release();  // to the second
  EXPECT_EQ(semaphore.value(), 0);
  semaphore.release();
  EXPECT_EQ(semaphore.value(), 1);
  EXPECT_THROW(semaphore.release(), OverReleaseError);
  EXPECT_EQ(semaphore.value(), 1);
  stage.later.run();
  EXPECT_EQ(times, 2);
}

TEST(AsyncBoundedSemaphore, WhatOneThatIsDestroyedGivesBackIsNoOverRelease) {
  Stage stage;
  BoundedSemaphore semaphore(1);
  semaphore.acquire();
  const auto body = [&](Stage&) -> Actor { co_await semaphore.async_acquire(); };
  Actor actor = body(stage);
  semaphore.release();
  actor.destroy();
  EXPECT_EQ(semaphore.value(), 1);
}

}  // namespace
}  // namespace lockstep::test
