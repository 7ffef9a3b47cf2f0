// Condition variables, semaphores and events on futexes, and the mistakes that are made with them.
#include <mutex>
#include <thread>

#include "futex_calls.hpp"
#include "outcomes.hpp"

namespace lockstep::check {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;

// Condition variables: a number that each notification changes, so that who read it before sleeps no more

struct Condition {
  Word sequence{0};

  void wait(std::unique_lock<std::mutex>& lock) {
    const std::uint32_t seen = sequence.load(relaxed);
    lock.unlock();
    check::wait(sequence, seen);
    lock.lock();
  }
  void notify_one() {
    sequence.fetch_add(1, relaxed);
    wake(sequence, 1);
  }
  void notify_all() {
    sequence.fetch_add(1, relaxed);
    wake(sequence, everyone);
  }
};

template <class Condition>
Program notified_by(int waiters, bool all) {
  return [waiters, all] {
    std::mutex mutex;
    Condition condition;
    bool is_set = false;
    const auto await = [&] {
      std::unique_lock lock(mutex);
      while (!is_set) condition.wait(lock);
    };
    const auto set = [&] {
      {
        const std::scoped_lock lock(mutex);
        is_set = true;
      }
      if (all) {
        condition.notify_all();
      } else {
        condition.notify_one();
      }
    };
    std::thread thread(set);
    std::thread other;
    if (waiters == 2) other = std::thread(await);
    await();
    thread.join();
    if (waiters == 2) other.join();
  };
}

TEST(FutexCondition, OfASequenceReadUnderTheMutexMissesNothing) {
  EXPECT_TRUE(passes(notified_by<Condition>(1, false)));
  EXPECT_TRUE(passes(notified_by<Condition>(2, true), only_woken));
}

TEST(FutexCondition, NotifyOneIsTooFewForTwo) {
  EXPECT_TRUE(fails(Wrong::deadlock, notified_by<Condition>(2, false), {"sleeps on the futex"},
                    only_woken));
}

struct ReadsTooLate : Condition {
  void wait(std::unique_lock<std::mutex>& lock) {
    lock.unlock();
    check::wait(sequence, sequence.load(relaxed));
    lock.lock();
  }
};

TEST(FutexCondition, ASequenceReadAfterUnlockingMissesWhatCameBetween) {
  EXPECT_TRUE(fails(Wrong::deadlock, notified_by<ReadsTooLate>(1, false), {"sleeps on the futex"},
                    only_woken));
}

struct CountsAfterTheWake : Condition {
  void notify_one() {
    wake(sequence, 1);
    sequence.fetch_add(1, relaxed);
  }
};

TEST(FutexCondition, ASequenceThatGoesOnAfterTheWakeMissesWhoComesBetween) {
  EXPECT_TRUE(fails(Wrong::deadlock, notified_by<CountsAfterTheWake>(1, false), {"lost wake-up"},
                    only_woken));
}

struct DoesNotCount : Condition {
  void notify_one() { wake(sequence, 1); }
};

TEST(FutexCondition, WithoutASequenceTheWakeMayComeBetweenUnlockAndSleep) {
  EXPECT_TRUE(fails(Wrong::deadlock, notified_by<DoesNotCount>(1, false), {"sleeps on the futex"},
                    only_woken));
}

// The counter's order is relaxed: that it is enough, the mutex sees to, which both sides take.
TEST(FutexCondition, WithoutTheMutexOnTheNotifiersSideTheStateIsARace) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      std::mutex mutex;
                      Condition condition;
                      bool is_set = false;
                      std::thread thread([&] {
                        is_set = true;
                        condition.notify_one();
                      });
                      {
                        std::unique_lock lock(mutex);
                        while (!is_set) condition.wait(lock);
                      }
                      thread.join();
                    },
                    {"data race"}));
}

// Semaphores: how many may go on, and whether anybody sleeps

struct Semaphore {
  Word count{0};
  Word sleepers{0};

  void acquire() {
    for (;;) {
      std::uint32_t seen = count.load(relaxed);
      while (seen != 0) {
        if (count.compare_exchange_strong(seen, seen - 1, check::acquire, relaxed)) return;
      }
      sleepers.fetch_add(1);
      check::wait(count, 0);
      sleepers.fetch_sub(1, relaxed);
    }
  }
  void release() {
    count.fetch_add(1, check::release);
    wake(count, 1);
  }
};

template <class Semaphore>
Program handed_over() {
  return [] {
    Semaphore semaphore;
    int data = 0;
    std::thread thread([&] {
      data = 1;
      semaphore.release();
    });
    semaphore.acquire();
    require(data == 1);
    thread.join();
  };
}

template <class Semaphore>
Program both_released() {
  return [] {
    Semaphore semaphore;
    const auto acquire = [&] { semaphore.acquire(); };
    std::thread a(acquire), b(acquire);
    semaphore.release();
    semaphore.release();
    a.join();
    b.join();
  };
}

/// Two use it as a lock.
template <class Semaphore>
Program taken_and_released() {
  return [] {
    Semaphore semaphore;
    semaphore.release();
    const auto body = [&] {
      semaphore.acquire();
      semaphore.release();
    };
    std::thread thread(body);
    body();
    thread.join();
  };
}

TEST(FutexSemaphore, HandsOverAndLosesNothing) {
  EXPECT_TRUE(passes(handed_over<Semaphore>()));
  EXPECT_TRUE(passes(both_released<Semaphore>(), only_woken));
}

// It must be a fence between the count and the look at the sleepers, on both sides, or a call to the kernel
// each time: the store and the load after it may else change places.
struct LooksForSleepers : Semaphore {
  void release() {
    count.fetch_add(1, check::release);
    if (sleepers.load(relaxed) != 0) wake(count, 1);
  }
};

TEST(FutexSemaphore, ALookForSleepersThatMayComeBeforeTheStoreMissesOne) {
  EXPECT_TRUE(
      fails(Wrong::deadlock, handed_over<LooksForSleepers>(), {"lost wake-up"}, only_woken));
}

/// As libc++'s once was (LLVM bug 47013): only the release from zero wakes.
struct WakesOnlyFromZero : Semaphore {
  void release() {
    if (count.fetch_add(1, check::release) == 0) wake(count, 1);
  }
};

TEST(FutexSemaphore, AWakeOnlyFromZeroMissesTheSecondSleeper) {
  EXPECT_TRUE(passes(handed_over<WakesOnlyFromZero>(), only_woken));
  EXPECT_TRUE(
      fails(Wrong::deadlock, both_released<WakesOnlyFromZero>(), {"lost wake-up"}, only_woken));
}

/// As libstdc++ 12 does (GCC bug 104928): what it sleeps on it reads before it tries, and while it does so, another
/// may take the last one and a third release it again.
struct SleepsOnAnOldValue : WakesOnlyFromZero {
  void acquire() {
    for (;;) {
      const std::uint32_t old = count.load(check::acquire);
      std::uint32_t seen = count.load(relaxed);
      if (seen != 0 && count.compare_exchange_strong(seen, seen - 1, check::acquire, relaxed))
        return;
      check::wait(count, old);
    }
  }
};

TEST(FutexSemaphore, ASleepOnAValueFromBeforeTheTryMissesAReleaseBetween) {
  Options sc = only_woken;  // not for want of an order
  sc.model = MemoryModel::sc;
  EXPECT_TRUE(fails(Wrong::deadlock, taken_and_released<SleepsOnAnOldValue>(),
                    {"sleeps on the futex"}, sc));
  EXPECT_TRUE(passes(taken_and_released<Semaphore>(), sc));
}

struct DoesNotAcquire : Semaphore {
  void acquire() {
    for (;;) {
      std::uint32_t seen = count.load(relaxed);
      if (seen != 0 && count.compare_exchange_strong(seen, seen - 1, relaxed, relaxed)) return;
      check::wait(count, 0);
    }
  }
};

TEST(FutexSemaphore, AnAcquireThatIsNoneIsARace) {
  EXPECT_TRUE(fails(Wrong::data_race, handed_over<DoesNotAcquire>(), {"data race"}));
}

// Events

struct Event {
  Word is_set{0};

  void set() {
    is_set.store(1, release);
    wake(is_set, everyone);
  }
  void wait() {
    while (is_set.load(acquire) == 0) check::wait(is_set, 0);
  }
};

template <class Event>
Program announced() {
  return [] {
    Event event;
    int data = 0;
    const auto await = [&] {
      event.wait();
      require(data == 1);
    };
    std::thread a(await), b(await);
    data = 1;
    event.set();
    a.join();
    b.join();
  };
}

TEST(FutexEvent, AllWhoWaitSeeWhatWasBeforeIt) { EXPECT_TRUE(passes(announced<Event>())); }

struct WakesOne : Event {
  void set() {
    is_set.store(1, release);
    wake(is_set, 1);
  }
};
struct DoesNotAwait : Event {
  void wait() {
    if (is_set.load(acquire) == 0) check::wait(is_set, 0);
  }
};
struct SetsRelaxed : Event {
  void set() {
    is_set.store(1, relaxed);
    wake(is_set, everyone);
  }
};

TEST(FutexEvent, AWakeOfOneLeavesTheOtherAsleep) {
  EXPECT_TRUE(fails(Wrong::deadlock, announced<WakesOne>(), {"lost wake-up"}, only_woken));
}

TEST(FutexEvent, AWaitWithoutALookAfterwardsOrdersNothing) {
  EXPECT_TRUE(fails(Wrong::data_race, announced<DoesNotAwait>(), {"data race"}, only_woken));
}

TEST(FutexEvent, ASetThatDoesNotReleaseIsARace) {
  EXPECT_TRUE(fails(Wrong::data_race, announced<SetsRelaxed>(), {"data race"}));
}

}  // namespace
}  // namespace lockstep::check
