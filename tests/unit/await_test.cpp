// How a coroutine waits: when it suspends, where it resumes, what ends the wait, and what happens to
// one that is destroyed. Shown with an Event and a Lock; what is particular to a primitive has its
// own test.

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "coroutines.hpp"
#include "lockstep/lockstep.hpp"
#include "threads.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;
using OnLater = Owned<OffersScheduler<Later>>;

template <class Promise>
Owned<Promise> acquire(auto&, Lock& lock, bool& acquired) {
  co_await lock.async_acquire();
  acquired = true;
}

Owned<> acquire(Lock& lock, bool& acquired) {
  co_await lock.async_acquire();
  acquired = true;
}

// Not suspended

TEST(Await, WhatIsFreeIsTakenWithoutSuspending) {  // SEMANTICS A1
  Later nobody_runs_it;
  Lock lock;
  bool acquired = false;
  const auto coroutine = acquire<OffersScheduler<Later>>(nobody_runs_it, lock, acquired);
  EXPECT_TRUE(acquired);
  EXPECT_TRUE(lock.locked());
}

Owned<OffersStop> acquire_stoppable(std::stop_source&, Lock& lock, bool& cancelled) {
  try {
    co_await lock.async_acquire();
  } catch (const CancelledError&) {
    cancelled = true;
  }
}

TEST(Await, WhatIsFreeIsTakenAlsoByATaskThatIsToEnd) {  // SEMANTICS A1
  std::stop_source source;
  source.request_stop();
  Lock lock;
  bool cancelled = false;
  const auto coroutine = acquire_stoppable(source, lock, cancelled);
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(cancelled);
}

TEST(Await, ATaskThatIsToEndDoesNotWait) {
  std::stop_source source;
  source.request_stop();
  Lock lock;
  lock.acquire();
  bool cancelled = false;
  const auto coroutine = acquire_stoppable(source, lock, cancelled);
  EXPECT_TRUE(cancelled);
  lock.release();
  EXPECT_FALSE(lock.locked());
}

// Where it resumes

TEST(Await, WithoutASchedulerItResumesWhereItIsWoken) {
  Lock lock;
  lock.acquire();
  bool acquired = false;
  const auto coroutine = acquire(lock, acquired);
  EXPECT_FALSE(acquired);
  lock.release();
  EXPECT_TRUE(acquired);
  EXPECT_TRUE(lock.locked());
}

TEST(Await, ItResumesOnTheSchedulerThatItsPromiseOffers) {
  Later later;
  Lock lock;
  lock.acquire();
  bool acquired = false;
  const auto coroutine = acquire<OffersScheduler<Later>>(later, lock, acquired);
  lock.release();
  EXPECT_FALSE(acquired);
  EXPECT_TRUE(lock.locked());  // handed over
  later.run();
  EXPECT_TRUE(acquired);
}

TEST(Await, ASchedulerMayKnowNothingButHandles) {
  LaterByHandle later;
  Lock lock;
  lock.acquire();
  bool acquired = false;
  const auto coroutine = acquire<OffersScheduler<LaterByHandle>>(later, lock, acquired);
  lock.release();
  EXPECT_FALSE(acquired);
  later.run();
  EXPECT_TRUE(acquired);
}

template <class Pointer>
struct OffersPointer {
  explicit OffersPointer(Pointer& chosen) : chosen_(chosen) {}
  Pointer scheduler() noexcept { return chosen_; }
  Pointer chosen_;
};

template <class Pointer>
void expect_to_resume_through(Pointer later) {
  Lock lock;
  lock.acquire();
  bool acquired = false;
  const auto coroutine = acquire<OffersPointer<Pointer>>(later, lock, acquired);
  lock.release();
  EXPECT_FALSE(acquired);
  later->run();
  EXPECT_TRUE(acquired);
}

TEST(Await, ASchedulerMayBeOfferedByPointer) {
  Later later;
  expect_to_resume_through(&later);
  expect_to_resume_through(std::make_shared<Later>());
}

Detached pass_on(Lock& lock, std::vector<int>& order, int number) {
  co_await lock.async_acquire();
  order.push_back(number);
  lock.release();
  order.push_back(-number);  // the next one has not begun
}

TEST(Await, OneThatIsWokenByAnotherResumesWhenThatHasSuspendedOrEnded) {
  Lock lock;
  lock.acquire();
  std::vector<int> order;
  for (int number = 1; number <= 3; ++number) pass_on(lock, order, number);
  lock.release();
  EXPECT_EQ(order, (std::vector{1, -1, 2, -2, 3, -3}));
}

Detached note_stack(Lock& lock, std::uintptr_t& lowest, std::uintptr_t& highest) {
  co_await lock.async_acquire();
  const auto here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  lowest = std::min(lowest, here);
  highest = std::max(highest, here);
  lock.release();
}

TEST(Await, AMillionHandOversTakeConstantStack) {  // SEMANTICS W14
  constexpr int many = sanitized ? 100'000 : 1'000'000;
  Lock lock;
  lock.acquire();
  std::uintptr_t lowest = UINTPTR_MAX;
  std::uintptr_t highest = 0;
  for (int i = 0; i < many; ++i) note_stack(lock, lowest, highest);
  lock.release();
  EXPECT_FALSE(lock.locked());
  EXPECT_EQ(lowest, highest);
}

// Stop tokens

Owned<> acquire_until(Lock& lock, std::stop_token stop, std::optional<bool>& result) {
  result = co_await lock.async_acquire(std::move(stop));
}

TEST(Await, AStopRequestEndsTheWait) {  // SEMANTICS A5, A7
  Lock lock;
  lock.acquire();
  std::stop_source source;
  std::optional<bool> result;
  const auto coroutine = acquire_until(lock, source.get_token(), result);
  EXPECT_FALSE(result.has_value());
  source.request_stop();
  EXPECT_EQ(result, false);
  lock.release();
  EXPECT_FALSE(lock.locked());
}

TEST(Await, AStopThatWasRequestedBeforeLetsNobodyWait) {
  Lock lock;
  std::stop_source source;
  source.request_stop();
  std::optional<bool> result;
  const auto first = acquire_until(lock, source.get_token(), result);
  EXPECT_EQ(result, true);  // it was free
  const auto second = acquire_until(lock, source.get_token(), result);
  EXPECT_EQ(result, false);
}

Owned<OffersScheduler<Later>> acquire_later(Later&, Lock& lock, std::stop_token stop,
                                            std::optional<bool>& result) {
  result = co_await lock.async_acquire(std::move(stop));
}

TEST(Await, AGrantBeforeTheStopRequestWins) {  // SEMANTICS A5
  Later later;
  Lock lock;
  lock.acquire();
  std::stop_source source;
  std::optional<bool> result;
  const auto coroutine = acquire_later(later, lock, source.get_token(), result);
  lock.release();
  source.request_stop();
  later.run();
  EXPECT_EQ(result, true);
  EXPECT_TRUE(lock.locked());
}

TEST(Await, AStopRequestBeforeTheGrantWins) {  // SEMANTICS A6: and it goes to the next
  Later later;
  Lock lock;
  lock.acquire();
  std::stop_source source;
  std::optional<bool> first_result;
  bool second_acquired = false;
  const auto first = acquire_later(later, lock, source.get_token(), first_result);
  const auto second = acquire(lock, second_acquired);
  source.request_stop();
  lock.release();
  EXPECT_TRUE(second_acquired);
  later.run();
  EXPECT_EQ(first_result, false);
}

TEST(Await, ATaskThatIsToEndGetsCancelledErrorWhereItWaits) {
  std::stop_source source;
  Lock lock;
  lock.acquire();
  bool cancelled = false;
  const auto coroutine = acquire_stoppable(source, lock, cancelled);
  EXPECT_FALSE(cancelled);
  source.request_stop();
  EXPECT_TRUE(cancelled);
  lock.release();
  EXPECT_FALSE(lock.locked());
}

// Deadlines

template <class Duration>
Detached acquire_for(Lock& lock, Duration duration, std::optional<bool>& result, Event& over) {
  result = co_await lock.async_try_acquire_for(duration);
  over.set();
}

TEST(Await, ADeadlineEndsTheWait) {
  Lock lock;
  lock.acquire();
  std::optional<bool> result;
  Event over;
  const auto begin = std::chrono::steady_clock::now();
  acquire_for(lock, 1ms, result, over);
  over.wait();
  EXPECT_EQ(result, false);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 1ms);  // SEMANTICS T8
  lock.release();
  EXPECT_FALSE(lock.locked());
}

TEST(Await, ADeadlineThatHasPassedIsOneAttempt) {  // SEMANTICS T2, T3
  for (const auto duration : {0ms, -1ms, std::chrono::milliseconds::min()}) {
    Lock lock;
    std::optional<bool> result;
    Event over;
    acquire_for(lock, duration, result, over);
    EXPECT_EQ(result, true);
    acquire_for(lock, duration, result, over);
    EXPECT_EQ(result, false);
  }
}

TEST(Await, ADeadlineTooFarToCountMeansForEver) {  // SEMANTICS T5
  Lock lock;
  lock.acquire();
  std::optional<bool> result;
  Event over;
  acquire_for(lock, std::chrono::hours::max(), result, over);
  EXPECT_FALSE(result.has_value());
  lock.release();
  EXPECT_EQ(result, true);
}

TEST(Await, AGrantBeforeTheDeadlineDisarmsIt) {
  Lock lock;
  for (int i = 0; i < 100; ++i) {
    lock.acquire();
    std::optional<bool> result;
    Event over;
    acquire_for(lock, 1h, result, over);
    lock.release();
    EXPECT_EQ(result, true);
    lock.release();
  }  // an alarm left behind would ring in a frame that is gone; asan
}

Detached acquire_at(Lock& lock, std::chrono::system_clock::time_point point,
                    std::optional<bool>& result, Event& over) {
  result = co_await lock.async_try_acquire_until(point);
  over.set();
}

TEST(Await, ADeadlineMayBeOnTheSystemClock) {  // SEMANTICS T6
  Lock lock;
  lock.acquire();
  std::optional<bool> result;
  Event over;
  const auto point = std::chrono::system_clock::now() + 1ms;
  acquire_at(lock, point, result, over);
  over.wait();
  EXPECT_EQ(result, false);
  EXPECT_GE(std::chrono::system_clock::now(), point);
}

// Destruction

TEST(Await, OneThatIsDestroyedWhileItWaitsIsAsIfItHadNeverCome) {  // SEMANTICS W9
  Lock lock;
  lock.acquire();
  bool first_acquired = false;
  bool second_acquired = false;
  auto first = acquire(lock, first_acquired);
  const auto second = acquire(lock, second_acquired);
  first.destroy();
  lock.release();
  EXPECT_FALSE(first_acquired);
  EXPECT_TRUE(second_acquired);
}

TEST(Await, WhatWasGrantedToOneThatIsDestroyedBeforeItRanGoesToTheNext) {  // SEMANTICS W9
  Later later;
  Lock lock;
  lock.acquire();
  bool first_acquired = false;
  bool second_acquired = false;
  auto first = acquire<OffersScheduler<Later>>(later, lock, first_acquired);
  const auto second = acquire(lock, second_acquired);
  lock.release();
  first.destroy();
  EXPECT_TRUE(second_acquired);
  later.run();
  EXPECT_FALSE(first_acquired);
}

OnLater take_permit(Later&, Semaphore& semaphore) { co_await semaphore.async_acquire(); }

TEST(Await, WhatWasGrantedToTheLastOneThatIsDestroyedIsFree) {
  Later later;
  Semaphore semaphore(0);
  auto coroutine = take_permit(later, semaphore);
  semaphore.release();
  EXPECT_EQ(semaphore.value(), 0);
  coroutine.destroy();
  EXPECT_EQ(semaphore.value(), 1);
}

TEST(Await, OneThatIsDestroyedHasNeitherDeadlineNorStopRequestLeft) {
  Lock lock;
  lock.acquire();
  std::stop_source source;
  auto wait_in_vain = [](Lock& on, std::stop_token stop) -> Owned<> {
    static_cast<void>(co_await on.async_try_acquire_for(1h, std::move(stop)));
  };
  {
    auto coroutine = wait_in_vain(lock, source.get_token());
  }
  source.request_stop();
  lock.release();
  EXPECT_FALSE(lock.locked());
}

TEST(Await, OneThatIsInLineToBeResumedMayBeDestroyed) {
  Lock lock;
  lock.acquire();
  bool acquired = false;
  std::optional<Owned<>> next;
  auto holder = [](Lock& on, std::optional<Owned<>>& other) -> Owned<> {
    co_await on.async_acquire();
    on.release();
    other.reset();
  };
  const auto first = holder(lock, next);
  next.emplace(acquire(lock, acquired));
  lock.release();
  EXPECT_FALSE(acquired);
  EXPECT_FALSE(lock.locked());
}

// Threads and coroutines

TEST(Await, AThreadAndACoroutineWaitInOneQueue) {
  Lock lock;
  lock.acquire();
  std::vector<int> order;
  std::optional<BlockedThread> thread;
  auto coroutine = [](Lock& on, std::vector<int>& served, int number) -> Detached {
    co_await on.async_acquire();
    served.push_back(number);
    on.release();
  };
  coroutine(lock, order, 1);
  thread.emplace([&] {
    lock.acquire();
    order.push_back(2);
    lock.release();
  });
  thread->wait_until_asleep();
  coroutine(lock, order, 3);
  lock.release();
  thread.reset();
  lock.acquire();
  ASSERT_EQ(order.size(), 3u);
  EXPECT_EQ(order.front(), 1);
}

TEST(Await, ACoroutineMayReleaseWhatAThreadAcquiredAndTheReverse) {
  Lock lock;
  lock.acquire();
  auto release = [](Lock& on) -> Detached {
    on.release();
    co_await on.async_acquire();
  };
  release(lock);
  EXPECT_TRUE(lock.locked());
  std::thread([&] { lock.release(); }).join();
  EXPECT_FALSE(lock.locked());
}

// An object that is not awaitable itself (SEMANTICS A10).
template <class T>
concept Awaitable = requires(T& object) { object.operator co_await(); } ||
                    requires(T& object) { object.await_ready(); };
static_assert(!Awaitable<Lock> && !Awaitable<RLock> && !Awaitable<Semaphore> &&
              !Awaitable<BoundedSemaphore> && !Awaitable<Event> && !Awaitable<Condition> &&
              !Awaitable<Barrier>);
static_assert(Awaitable<Timer>);

// Who may own an RLock.
template <class Promise>
concept MayAwaitRLock =
    requires(decltype(std::declval<RLock&>().async_acquire())& await,
             std::coroutine_handle<Promise> coroutine) { await.await_suspend(coroutine); };
static_assert(!MayAwaitRLock<Detached::promise_type>);
static_assert(MayAwaitRLock<Owned<OffersOwner>::promise_type>);

}  // namespace
}  // namespace lockstep::test
