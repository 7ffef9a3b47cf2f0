// tests/unit/async_rlock_test.cpp: whom an RLock belongs to when coroutines acquire it (SEMANTICS 2.2, for tasks): their task,
// or whoever is named, on whatever thread they run. How they wait is Lock's: async_lock_test.cpp.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <stop_token>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "coroutines.hpp"
#include "lockstep/error.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/rlock.hpp"
#include "threads.hpp"
#include "throws.hpp"

namespace lockstep {

struct RLockTestAccess {
  static void go_to_the_last_level(RLock& lock) { lock.depth_ = RLock::max_depth_; }
};

namespace test {
namespace {

using namespace std::chrono_literals;

/// Suspends; goes on when the test runs the stage.
class Pass : public wait::Ready {
 public:
  explicit Pass(Stage& stage) noexcept
      : Ready([](wait::Ready& ready) noexcept {
          const wait::ActingFor task(static_cast<Pass&>(ready).task_);
          ready.handle().resume();
        }),
        stage_(&stage) {}
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> coroutine) noexcept {
    task_ = coroutine.promise().owner();
    set_handle(coroutine);
    stage_->later.schedule(*this);
  }
  void await_resume() const noexcept {}

 private:
  Stage* stage_;
  Owner task_;
};

void run_on_another_thread(Stage& stage) {
  std::jthread([&] { stage.later.run(); }).join();
}

class AsyncRLock : public testing::Test {
 protected:
  /// Notes its number when it has the lock, and gives it up at once.
  Actor pass_through(Stage& on, int number) {
    co_await Pass(on);
    co_await lock.async_acquire();
    order.push_back(number);
    lock.release();
  }

  Stage stage;
  RLock lock;
  std::vector<int> order;
};

// --- By what the promise offers ------------------------------------------------------------------

TEST_F(AsyncRLock, ATaskMayAcquireItAgainAndFreesItWithItsLastRelease) {  // R1, R2, R4
  const auto body = [this](Stage& on) -> Actor {
    co_await Pass(on);
    co_await lock.async_acquire();
    co_await lock.async_acquire();
    EXPECT_EQ(lock.depth(), 2u);
    co_await Pass(on);
    lock.release();
    co_await Pass(on);
    lock.release();
  };
  const Actor owner = body(stage);
  stage.later.run_one();
  const Actor other = pass_through(stage, 1);
  stage.later.run_one();  // the owner goes down to one level
  EXPECT_TRUE(lock.locked());
  stage.later.run_one();  // the other one waits
  EXPECT_TRUE(order.empty());
  stage.later.run();
  EXPECT_EQ(order, std::vector{1});
  EXPECT_FALSE(lock.locked());
}

TEST_F(AsyncRLock, IsNotOwnedByTheThreadThatRunsTheTask) {  // R5, R6
  const auto body = [this](Stage&) -> Actor { co_await lock.async_acquire(); };
  const Actor owner = body(stage);
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(lock.owned());
  EXPECT_EQ(lock.depth(), 0u);
  EXPECT_FALSE(lock.try_acquire());
  EXPECT_TRUE(throws<NotAcquiredError>("RLock::release", [this] { lock.release(); }));  // R3
}

TEST_F(AsyncRLock, StaysWithATaskThatMovesToAnotherThread) {
  const auto body = [this](Stage& on, std::vector<std::size_t>& depths) -> Actor {
    co_await Pass(on);
    co_await lock.async_acquire();
    depths.push_back(lock.depth());
    co_await Pass(on);
    co_await lock.async_acquire();
    depths.push_back(lock.depth());
    co_await Pass(on);
    lock.release();
    lock.release();
  };
  std::vector<std::size_t> depths;
  const Actor task = body(stage, depths);
  for (int i = 0; i < 3; ++i) {
    std::jthread([&] { stage.later.run_one(); }).join();
  }
  EXPECT_TRUE(task.done());
  EXPECT_EQ(depths, (std::vector<std::size_t>{1, 2}));
  EXPECT_FALSE(lock.locked());
}

TEST_F(AsyncRLock, CallsThatBlockCountForTheTaskThatIsResumed) {
  const auto body = [this](Stage& on) -> Actor {
    co_await Pass(on);
    lock.acquire();
    co_await Pass(on);
    EXPECT_TRUE(lock.owned());
    EXPECT_TRUE(lock.try_acquire_for(1h));
    co_await lock.async_acquire();
    EXPECT_EQ(lock.depth(), 3u);
    for (int i = 0; i < 3; ++i) lock.release();
  };
  const Actor task = body(stage);
  stage.later.run_one();
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(lock.owned());
  run_on_another_thread(stage);
  EXPECT_TRUE(task.done());
  EXPECT_FALSE(lock.locked());
}

TEST_F(AsyncRLock, IsGivenToATaskAsItsFirstLevel) {
  const Owner main(&lock);
  ASSERT_TRUE(lock.try_acquire(main));
  ASSERT_TRUE(lock.try_acquire(main));
  std::size_t depth = 0;
  const auto body = [this](Stage&, std::size_t& seen) -> Actor {
    co_await lock.async_acquire();
    seen = lock.depth();
  };
  const Actor task = body(stage, depth);
  lock.release(main);
  EXPECT_TRUE(stage.later.empty());  // R4
  lock.release(main);
  stage.later.run();
  EXPECT_EQ(depth, 1u);
}

TEST_F(AsyncRLock, WhoIsRunningIsAsBeforeWhenAnotherTaskHasRunWithin) {
  // Resumed by the first one's release, as it has no scheduler.
  const auto inner = [this](int) -> Owned<OffersOwner> {
    co_await lock.async_acquire();
    EXPECT_TRUE(lock.owned());
    lock.release();
  };
  const auto outer = [this](Stage& on) -> Actor {
    co_await lock.async_acquire();
    co_await Pass(on);
    const Owner self = Owner::current();
    lock.release();
    EXPECT_EQ(Owner::current(), self);
    EXPECT_FALSE(lock.locked());
  };
  const Actor first = outer(stage);
  const Owned<OffersOwner> second = inner(0);
  stage.later.run();
  EXPECT_TRUE(first.done());
  EXPECT_TRUE(second.done());
}

TEST_F(AsyncRLock, AFreeLockIsTakenWhateverTheDeadline) {  // T9, A1
  const auto body = [this](Stage& on, int& times) -> Actor {
    co_await Pass(on);
    times += co_await lock.async_try_acquire_for(1h);
    times += co_await lock.async_try_acquire_for(0h);
    times += co_await lock.async_try_acquire_until(std::chrono::system_clock::now() + 1h);
    times += co_await lock.async_acquire(std::stop_token());
    for (int i = 0; i < 4; ++i) lock.release();
  };
  int times = 0;
  const Actor task = body(stage, times);
  stage.later.run();
  EXPECT_EQ(times, 4);
  EXPECT_FALSE(lock.locked());
}

// --- By name -------------------------------------------------------------------------------------

TEST_F(AsyncRLock, BelongsToWhoeverIsNamed) {
  const Owner somebody(&order);
  const auto body = [&](int) -> Detached {  // offers no owner
    co_await lock.async_acquire(somebody);
    co_await lock.async_acquire(somebody);
  };
  body(0);
  EXPECT_TRUE(lock.owned(somebody));
  EXPECT_FALSE(lock.owned());
  lock.release(somebody);
  EXPECT_TRUE(lock.locked());
  lock.release(somebody);
  EXPECT_FALSE(lock.locked());
}

TEST_F(AsyncRLock, IsGivenToTheNamedOneThatWaits) {
  const Owner somebody(&order);
  const auto body = [&](int) -> Detached { co_await lock.async_acquire(somebody); };
  lock.acquire();
  body(0);
  EXPECT_FALSE(lock.owned(somebody));
  lock.release();
  EXPECT_TRUE(lock.owned(somebody));
  lock.release(somebody);
}

TEST_F(AsyncRLock, CannotBelongToNobody) {
  for (const bool contended : {false, true}) {
    if (contended) lock.acquire();
    bool thrown = false;
    const auto body = [&](int) -> Detached {
      try {
        co_await lock.async_acquire(Owner());
      } catch (const Error&) {
        thrown = true;
      }
    };
    body(0);
    EXPECT_TRUE(thrown);
    EXPECT_EQ(lock.locked(), contended);
  }
  lock.release();
}

// --- Too deep ------------------------------------------------------------------------------------

TEST_F(AsyncRLock, BeyondTheLastLevelItThrowsOrGivesNothingAndStaysAsItWas) {  // R9
  const auto body = [this](Stage& on, int& errors, std::vector<bool>& taken) -> Actor {
    co_await Pass(on);
    co_await lock.async_acquire();
    RLockTestAccess::go_to_the_last_level(lock);
    const std::size_t last = lock.depth();
    try {
      co_await lock.async_acquire();
    } catch (const std::system_error& error) {
      errors += error.code() == std::errc::resource_unavailable_try_again;
    }
    try {
      const auto guard = co_await lock.async_scoped();
    } catch (const std::system_error&) {
      ++errors;
    }
    taken.push_back(co_await lock.async_acquire(std::stop_token()));
    taken.push_back(co_await lock.async_try_acquire_for(1h));
    taken.push_back(co_await lock.async_try_acquire_for(0h));
    EXPECT_EQ(lock.depth(), last);
  };
  int errors = 0;
  std::vector<bool> taken;
  const Actor task = body(stage, errors, taken);
  stage.later.run();
  EXPECT_TRUE(task.done());
  EXPECT_EQ(errors, 2);
  EXPECT_EQ(taken, (std::vector{false, false, false}));
}

// --- Guards --------------------------------------------------------------------------------------

TEST_F(AsyncRLock, AGuardReleasesForTheTaskWhoeverDestroysIt) {
  RLock other;
  other.acquire();
  const auto body = [&](Stage&) -> Actor {
    const auto guard = co_await lock.async_scoped();
    const auto again = co_await lock.async_scoped();
    co_await other.async_acquire();
  };
  for (const bool elsewhere : {false, true}) {
    Actor task = body(stage);
    EXPECT_TRUE(lock.locked());
    if (elsewhere) {
      std::jthread([&] { task.destroy(); }).join();
    } else {
      task.destroy();
    }
    EXPECT_FALSE(lock.locked());
  }
  other.release();
}

TEST_F(AsyncRLock, AGuardReleasesForTheOneThatIsNamed) {
  const Owner somebody(&order);
  const auto body = [&](int) -> Detached {
    const auto guard = co_await lock.async_scoped(somebody);
    EXPECT_TRUE(lock.owned(somebody));
  };
  for (const bool contended : {false, true}) {
    if (contended) lock.acquire();
    body(0);
    if (contended) lock.release();
    EXPECT_FALSE(lock.locked());
  }
}

// --- Stop requests and destruction ---------------------------------------------------------------

TEST_F(AsyncRLock, OneThatWasStoppedOwnsNothing) {  // A7
  std::stop_source source;
  std::optional<bool> taken;
  const auto body = [&](Stage&) -> Actor {
    taken = co_await lock.async_acquire(source.get_token());
    EXPECT_FALSE(lock.owned());
  };
  lock.acquire();
  const Actor task = body(stage);
  source.request_stop();
  lock.release();
  EXPECT_FALSE(lock.locked());
  stage.later.run();
  EXPECT_EQ(taken, false);
}

TEST_F(AsyncRLock, WhatWasGrantedToOneThatIsDestroyedGoesToTheNext) {  // W9
  lock.acquire();
  Actor first = pass_through(stage, 1);
  const Actor second = pass_through(stage, 2);
  stage.later.run();
  lock.release();
  first.destroy();
  stage.later.run();
  EXPECT_EQ(order, std::vector{2});
  EXPECT_FALSE(lock.locked());
}

TEST_F(AsyncRLock, ATaskIsNotItsThreadAndTheyExcludeEachOther) {  // R3, both kinds
  const auto body = [this](Stage&) -> Actor {
    co_await lock.async_acquire();
    order.push_back(1);
    lock.release();
  };
  lock.acquire();
  const Actor task = body(stage);
  EXPECT_FALSE(task.done());
  BlockedThread thread([this] {
    lock.acquire();
    order.push_back(2);
    lock.release();
  });
  thread.wait_until_asleep();
  lock.release();
  stage.later.run();
  thread.join();
  EXPECT_EQ(order, (std::vector{1, 2}));
}

}  // namespace
}  // namespace test
}  // namespace lockstep
