// SEMANTICS AC5, CO7, CO8 for coroutines: waiting for a condition until a predicate is true.

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <stop_token>

#include "coroutines.hpp"
#include "lockstep/condition.hpp"
#include "lockstep/event.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;
using LockCondition = BasicCondition<Lock>;

template <class Offer>
Owned<Offer> wait_until(auto&, LockCondition& changed, int& value, int wanted) {
  const auto guard = co_await changed.async_scoped();
  co_await changed.async_wait([&] { return value >= wanted; });
  value = -value;
}

void change(LockCondition& changed, int& value, int to) {
  changed.acquire();
  value = to;
  changed.notify_all();
  changed.release();
}

TEST(AsyncPredicate, OneThatIsTrueAtOnceNeedsNoLock) {
  LockCondition changed;
  bool over = false;
  auto coroutine = [](LockCondition& on, bool& done) -> Detached {
    co_await on.async_wait([] { return true; });
    done = true;
  };
  coroutine(changed, over);
  EXPECT_TRUE(over);
}

TEST(AsyncPredicate, OneThatIsFalseNeedsTheLock) {
  LockCondition changed;
  bool refused = false;
  auto coroutine = [](LockCondition& on, bool& thrown) -> Detached {
    try {
      co_await on.async_wait([] { return false; });
    } catch (const NotAcquiredError&) {
      thrown = true;
    }
  };
  coroutine(changed, refused);
  EXPECT_TRUE(refused);
}

TEST(AsyncPredicate, TheCoroutineResumesOnlyWhenItIsTrue) {
  Later later;
  LockCondition changed;
  int value = 0;
  const auto coroutine = wait_until<OffersScheduler<Later>>(later, changed, value, 2);
  change(changed, value, 1);
  later.run();  // evaluates the predicate, and waits on
  EXPECT_EQ(changed.waiters(), 1u);
  EXPECT_EQ(value, 1);
  EXPECT_FALSE(changed.underlying().locked());
  change(changed, value, 2);
  EXPECT_EQ(value, 2);  // it is evaluated where the coroutine runs
  later.run();
  EXPECT_EQ(value, -2);
  EXPECT_TRUE(coroutine.done());
}

TEST(AsyncPredicate, WithoutASchedulerItIsEvaluatedWhereTheCoroutineIsWoken) {
  LockCondition changed;
  int value = 0;
  int nothing = 0;
  const auto coroutine = wait_until<Nothing>(nothing, changed, value, 2);
  change(changed, value, 1);
  EXPECT_EQ(changed.waiters(), 1u);
  change(changed, value, 2);
  EXPECT_EQ(value, -2);
}

TEST(AsyncPredicate, WhatItThrowsComesOutWithTheLockHeld) {  // CO8
  LockCondition changed;
  bool thrown_with_lock = false;
  int evaluations = 0;
  auto coroutine = [](LockCondition& on, int& count, bool& seen) -> Detached {
    const auto guard = co_await on.async_scoped();
    try {
      co_await on.async_wait([&]() -> bool {
        if (++count == 2) throw std::logic_error("no");
        return false;
      });
    } catch (const std::logic_error&) {
      seen = on.underlying().locked();
    }
  };
  coroutine(changed, evaluations, thrown_with_lock);
  int value = 0;
  change(changed, value, 1);
  EXPECT_TRUE(thrown_with_lock);
  EXPECT_FALSE(changed.underlying().locked());
}

TEST(AsyncPredicate, OneThatGivesUpTheLockWhenItIsWokenIsAMistake) {
  LockCondition changed;
  bool refused = false;
  auto coroutine = [](LockCondition& on, bool& thrown) -> Detached {
    co_await on.async_acquire();
    int evaluations = 0;
    try {
      co_await on.async_wait([&] {
        if (++evaluations == 2) on.release();
        return false;
      });
    } catch (const NotAcquiredError&) {
      thrown = true;
    }
  };
  coroutine(changed, refused);
  changed.acquire();
  changed.notify();
  changed.release();
  EXPECT_TRUE(refused);
  EXPECT_FALSE(changed.underlying().locked());
}

TEST(AsyncPredicate, AStopRequestEndsItWithThePredicatesLastValue) {
  LockCondition changed;
  std::stop_source source;
  bool value = false;
  std::optional<bool> result;
  auto coroutine = [](LockCondition& on, std::stop_token stop, const bool& state,
                      std::optional<bool>& got) -> Detached {
    const auto guard = co_await on.async_scoped();
    got = co_await on.async_wait(std::move(stop), [&] { return state; });
  };
  coroutine(changed, source.get_token(), value, result);
  source.request_stop();
  EXPECT_EQ(result, false);
  value = true;
  result.reset();
  coroutine(changed, source.get_token(), value, result);
  EXPECT_EQ(result, true);
}

TEST(AsyncPredicate, ADeadlineBoundsAllWaitsTogether) {  // CO7
  LockCondition changed;
  Event over;
  std::optional<bool> result;
  auto coroutine = [](LockCondition& on, Event& end, std::optional<bool>& got) -> Detached {
    {
      const auto guard = co_await on.async_scoped();
      got = co_await on.async_wait_for(20ms, [] { return false; });
    }
    end.set();
  };
  const auto begin = std::chrono::steady_clock::now();
  coroutine(changed, over, result);
  while (!over.is_set()) {  // each notification begins another wait
    changed.acquire();
    changed.notify_all();
    changed.release();
  }
  EXPECT_EQ(result, false);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
}

struct OffersStopAndScheduler : OffersScheduler<Later> {
  explicit OffersStopAndScheduler(Later& chosen) : OffersScheduler(chosen) {}
  std::stop_token stop_token() const noexcept { return source.get_token(); }
  static inline std::stop_source source;
};

Owned<OffersStopAndScheduler> wait_in_vain(Later&, LockCondition& changed, bool& cancelled) {
  const auto guard = co_await changed.async_scoped();
  try {
    co_await changed.async_wait([] { return false; });
  } catch (const CancelledError&) {
    cancelled = changed.underlying().locked();
  }
}

TEST(AsyncPredicate, ATaskThatIsToEndGetsCancelledErrorWithTheLockHeld) {  // AC3
  Later later;
  LockCondition changed;
  bool cancelled = false;
  const auto coroutine = wait_in_vain(later, changed, cancelled);
  OffersStopAndScheduler::source.request_stop();
  later.run();
  EXPECT_TRUE(cancelled);
  EXPECT_FALSE(changed.underlying().locked());
}

TEST(AsyncPredicate, OneThatIsDestroyedMeanwhilePassesItsNotificationOn) {
  Later later;
  LockCondition changed;
  int value = 0;
  auto first = wait_until<OffersScheduler<Later>>(later, changed, value, 1);
  const auto second = wait_until<OffersScheduler<Later>>(later, changed, value, 1);
  changed.acquire();
  value = 1;
  changed.notify(1);
  changed.release();
  first.destroy();
  later.run();
  EXPECT_EQ(value, -1);
  EXPECT_TRUE(second.done());
}

// What knows only handles cannot evaluate it.
template <class Promise>
concept MayAwaitPredicate =
    requires(decltype(std::declval<LockCondition&>().async_wait([] { return true; }))& await,
             std::coroutine_handle<Promise> coroutine) { await.await_suspend(coroutine); };
static_assert(MayAwaitPredicate<Owned<OffersScheduler<Later>>::promise_type>);
static_assert(!MayAwaitPredicate<Owned<OffersScheduler<LaterByHandle>>::promise_type>);

}  // namespace
}  // namespace lockstep::test
