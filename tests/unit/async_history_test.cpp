// tests/unit/async_history_test.cpp: each bug that asyncio's primitives have had (SEMANTICS 8), and each class of bugs that
// others' have had (12, W1-W16), with threads, with coroutines, and with both. Mostly a grant in flight meets a cancellation.
// Of coroutines the moment between the two is as long as the test wants; a thread may have gone on before.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "conditions.hpp"
#include "either.hpp"
#include "lockstep/barrier.hpp"
#include "lockstep/condition.hpp"
#include "lockstep/event.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/semaphore.hpp"

namespace lockstep::test {
namespace {

// --- Locks and permits ---------------------------------------------------------------------------

/// A lock that the test holds, a semaphore without permits, and those who want one. They keep what they get.
class TakersHistory : public testing::TestWithParam<Mix> {
 protected:
  template <class T>
  void add(T& thing) {
    const std::stop_token stop = stops_.emplace_back().get_token();
    takers.add([&thing, stop] { return thing.acquire(stop); },
               [&thing, stop](Stage&, std::optional<bool>& taken) -> Actor {
                 taken = co_await thing.async_acquire(stop);
               });
  }
  template <class T>
  void add(T& thing, int count) {
    for (int i = 0; i < count; ++i) add(thing);
  }
  void stop(std::size_t number) { stops_[number].request_stop(); }

  Waiters<bool> takers{GetParam()};

 private:
  std::deque<std::stop_source> stops_;
};

INSTANTIATE_TEST_SUITE_P(With, TakersHistory, every_mix, testing::PrintToStringParamName());

TEST_P(TakersHistory, AReleaseStepsOverOneThatWasCancelled) {  // asyncio #393, W2, W3
  Lock lock;
  lock.acquire();
  add(lock, 2);
  stop(0);  // a coroutine has not run yet
  lock.release();
  EXPECT_TRUE(takers.result(1));
  EXPECT_FALSE(takers.result(0));
}

TEST_P(TakersHistory, OneThatIsCancelledAfterItsGrantHasTheLock) {  // bpo-27585, W1
  Lock lock;
  lock.acquire();
  add(lock, 2);
  lock.release();
  stop(0);
  EXPECT_TRUE(takers.result(0));
  takers.expect_waiting(1);
  lock.release();
  EXPECT_TRUE(takers.result(1));
}

TEST_P(TakersHistory, AReleaseAndACancellationLetOnlyOneIn) {  // bpo-32734, W4
  Semaphore semaphore(0);
  add(semaphore, 3);
  semaphore.release();
  stop(0);
  EXPECT_TRUE(takers.result(0));
  takers.expect_waiting(1);
  takers.expect_waiting(2);
  EXPECT_EQ(semaphore.value(), 0);
  stop(1);
  semaphore.release();
  EXPECT_TRUE(takers.result(2));
}

TEST_P(TakersHistory,
       OfThoseThatAreCancelledAfterAReleaseNobodyKeepsTheOthersWaiting) {  // asyncio #270
  Semaphore semaphore(0);
  add(semaphore, 4);
  semaphore.release(2);
  stop(0);
  stop(1);
  EXPECT_TRUE(takers.result(0));
  EXPECT_TRUE(takers.result(1));
  semaphore.release(2);
  EXPECT_TRUE(takers.result(2));
  EXPECT_TRUE(takers.result(3));
  EXPECT_EQ(semaphore.value(), 0);
}

TEST_P(TakersHistory, WhenAllWereCancelledAFreePermitIsTakenAtOnce) {  // gh-93222
  Semaphore semaphore(0);
  add(semaphore, 2);
  stop(1);
  stop(0);
  semaphore.release();
  EXPECT_FALSE(takers.result(0));
  EXPECT_FALSE(takers.result(1));
  EXPECT_TRUE(semaphore.try_acquire());
}

TEST_P(TakersHistory, SeveralPermitsServeAsMany) {  // gh-111693, W16, W10
  Semaphore semaphore(0);
  add(semaphore, 4);
  semaphore.release();
  semaphore.release();
  semaphore.release(2);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(takers.result(i));
  EXPECT_EQ(semaphore.value(), 0);
}

TEST_P(TakersHistory, ThoseThatWaitGetItInTheirOrder) {  // bpo-45997, gh-90155, W5
  Lock lock;
  lock.acquire();
  add(lock, 4);
  for (std::size_t i = 0; i < 4; ++i) {
    lock.release();
    EXPECT_TRUE(takers.result(i));
    EXPECT_TRUE(lock.locked());
    for (std::size_t behind = i + 1; behind < 4; ++behind) takers.expect_waiting(behind);
  }
}

TEST_P(TakersHistory, AHolderThatReleasesAndAsksAgainDoesNotOvertakeACoroutine) {  // bpo-45997, W5
  Lock lock;
  lock.acquire();
  add(lock, 2);
  lock.release();
  if (takers.is_coroutine(0)) {
    EXPECT_FALSE(lock.try_acquire());
  }
  EXPECT_TRUE(takers.result(0));
  lock.release();
  EXPECT_TRUE(takers.result(1));
}

TEST_P(TakersHistory, OneThatIsDestroyedAfterItsGrantGivesItToTheNext) {  // W9
  Semaphore semaphore(0);
  if (GetParam() == Mix::threads) GTEST_SKIP() << "threads are not destroyed";
  add(semaphore, 3);
  const std::size_t doomed = takers.is_coroutine(0) ? 0 : 1;
  semaphore.release(static_cast<std::ptrdiff_t>(doomed) + 1);
  takers.destroy(doomed);
  EXPECT_TRUE(takers.result(doomed + 1));
  semaphore.release();
  EXPECT_TRUE(takers.result(doomed == 0 ? 2 : 0));
}

TEST_P(TakersHistory, AValueThatGoesAndComesBackWakesThoseThatWait) {  // W15
  Semaphore semaphore(0);
  add(semaphore, 2);
  for (int round = 0; round < 100; ++round) {
    semaphore.release();
    if (!semaphore.try_acquire()) break;  // one has got it
  }
  semaphore.release();
  semaphore.release();
  EXPECT_TRUE(takers.result(0));
  EXPECT_TRUE(takers.result(1));
}

// --- Condition -----------------------------------------------------------------------------------

class ConditionHistory : public testing::TestWithParam<Mix> {
 protected:
  void add() {
    const std::stop_token stop = stops_.emplace_back().get_token();
    waiters.add(
        [this, stop] {
          const std::scoped_lock guard(condition);
          return note(condition.wait(stop));
        },
        [this, stop](Stage&, std::optional<bool>& notified) -> Actor {
          const auto guard = co_await condition.async_scoped();
          const bool result = co_await condition.async_wait(stop);
          notified = note(result);
        });
  }
  void add(int count) {
    for (int i = 0; i < count; ++i) add();
  }
  void stop(std::size_t number) { stops_[number].request_stop(); }

  Lock lock;
  BasicCondition<Lock> condition{lock};  // bpo-45416: over a lock that was given
  int inside = 0;                        // who has the lock may change it
  Waiters<bool> waiters{GetParam()};

 private:
  bool note(bool notified) {
    EXPECT_TRUE(lock.locked());
    ++inside;
    return notified;
  }
  std::deque<std::stop_source> stops_;
};

INSTANTIATE_TEST_SUITE_P(With, ConditionHistory, every_mix, testing::PrintToStringParamName());

TEST_P(ConditionHistory, OneThatIsCancelledWhileItQueuesForTheLockReturnsWithIt) {  // bpo-22970, W6
  add(2);
  lock.acquire();
  condition.notify();
  stop(0);
  EXPECT_EQ(inside, 0);
  lock.release();
  EXPECT_TRUE(waiters.result(0));
  waiters.expect_waiting(1);
  EXPECT_FALSE(lock.locked());
  notify_one(condition);
  EXPECT_TRUE(waiters.result(1));
}

TEST_P(ConditionHistory,
       ACancellationBeforeTheNotificationIsNotSwallowed) {  // bpo-32841, gh-112202, W6
  add(2);
  lock.acquire();
  stop(0);
  condition.notify();
  lock.release();
  EXPECT_TRUE(waiters.result(1));  // the notification was not lost either
  EXPECT_FALSE(waiters.result(0));
  EXPECT_FALSE(lock.locked());
}

TEST_P(ConditionHistory, OneThatGivesUpHasTheLockBeforeItLeaves) {  // bpo-33638, bpo-42600, W7
  add(1);
  lock.acquire();
  stop(0);
  EXPECT_EQ(inside, 0);
  lock.release();
  EXPECT_FALSE(waiters.result(0));
  EXPECT_EQ(inside, 1);
  EXPECT_FALSE(lock.locked());
}

TEST_P(ConditionHistory, NotificationsAndCancellationsAreConserved) {  // gh-112202, W1
  add(6);
  lock.acquire();
  stop(1);
  condition.notify(2);  // 0 and 2
  stop(2);
  stop(4);
  condition.notify();  // 3
  lock.release();
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(waiters.result(i), i == 0 || i == 2 || i == 3);
  waiters.expect_waiting(5);
  notify_one(condition);
  EXPECT_TRUE(waiters.result(5));
}

// --- Barrier, Event ------------------------------------------------------------------------------

class PartiesHistory : public testing::TestWithParam<Mix> {
 protected:
  void add(Barrier& barrier) {
    const std::stop_token stop = stops_.emplace_back().get_token();
    parties.add([&barrier, stop] { return index(barrier.wait(stop)); },
                [&barrier, stop](Stage&, std::optional<int>& result) -> Actor {
                  const std::optional<std::size_t> got = co_await barrier.async_wait(stop);
                  result = index(got);
                });
  }
  static int index(std::optional<std::size_t> index) {
    return index ? static_cast<int>(*index) : -1;
  }
  void stop(std::size_t number) { stops_[number].request_stop(); }

  Waiters<int> parties{GetParam()};

 private:
  std::deque<std::stop_source> stops_;
};

INSTANTIATE_TEST_SUITE_P(With, PartiesHistory, every_mix, testing::PrintToStringParamName());

TEST_P(PartiesHistory, IndicesAreUniqueAfterACancellation) {  // asyncio's Barrier, AB6
  Barrier barrier(3);
  add(barrier);
  add(barrier);
  stop(0);
  EXPECT_EQ(parties.result(0), -1);
  add(barrier);
  EXPECT_EQ(barrier.wait(), 2u);
  EXPECT_EQ(parties.result(1), 0);
  EXPECT_EQ(parties.result(2), 1);
}

TEST_P(PartiesHistory, ACancellationAfterTheTripTakesNobodysIndexAway) {  // W1, B11
  Barrier barrier(3);
  add(barrier);
  add(barrier);
  EXPECT_EQ(barrier.wait(), 2u);
  stop(0);
  EXPECT_EQ(parties.result(0), 0);
  EXPECT_EQ(parties.result(1), 1);
}

TEST_P(PartiesHistory, APulseIsMissedByNobody) {  // gh-57711
  Event event;
  const auto add_to_event = [&] {
    parties.add(
        [&event] {
          event.wait();
          return 1;
        },
        [&event](Stage&, std::optional<int>& result) -> Actor {
          co_await event.async_wait();
          result = 1;
        });
  };
  add_to_event();
  add_to_event();
  event.set();
  event.clear();
  EXPECT_EQ(parties.result(0), 1);
  EXPECT_EQ(parties.result(1), 1);
}

}  // namespace
}  // namespace lockstep::test
