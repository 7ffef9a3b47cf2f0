// Locks on futexes, from the literature, and each mistake that is made with them.
//
// Drepper, "Futexes Are Tricky" (2011): mutex (1) has a wake too many, mutex2 has three states, and 0 is
// free, 1 held, 2 held with perhaps somebody asleep; mutex3 spares mutex2 an atomic operation.
#include <thread>
#include <vector>

#include "futex_calls.hpp"
#include "outcomes.hpp"

namespace lockstep::check {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;
constexpr auto acquire = std::memory_order_acquire;
constexpr auto release = std::memory_order_release;

/// Of `free` to `taken`; what it was.
std::uint32_t take(Word& word, std::uint32_t taken, std::memory_order order = acquire) {
  std::uint32_t seen = 0;
  word.compare_exchange_strong(seen, taken, order, relaxed);
  return seen;
}

/// Each of the threads counts once under the lock; and then all have, and nobody else did at that moment.
template <class Lock>
Program used_by(int threads) {
  return [threads] {
    Lock lock;
    int value = 0;
    const auto body = [&] {
      lock.lock();
      ++value;
      lock.unlock();
    };
    std::vector<std::thread> others;
    for (int i = 1; i < threads; ++i) others.emplace_back(body);
    body();
    for (std::thread& other : others) other.join();
    require(value == threads);
  };
}

// Those that are right

/// Drepper's first: the number of those who have come since it was free.
struct Mutex1 {
  Word word{0};

  void lock() {
    for (std::uint32_t seen; (seen = word.fetch_add(1, acquire)) != 0;) wait(word, seen + 1);
  }
  void unlock() {
    word.store(0, release);
    wake(word, 1);
  }
};

struct Mutex2 {
  Word word{0};

  void lock() {
    std::uint32_t seen = take(word, 1);
    while (seen != 0) {
      if (seen == 2 || !was_free_when_marked()) wait(word, 2);
      seen = take(word, 2);
    }
  }
  bool was_free_when_marked() {
    std::uint32_t held = 1;
    return !word.compare_exchange_strong(held, 2, relaxed, relaxed) && held == 0;
  }
  void unlock() {
    if (word.fetch_sub(1, release) != 1) {
      word.store(0, release);
      wake(word, 1);
    }
  }
};

struct Mutex3 {
  Word word{0};

  void lock() {
    if (take(word, 1) == 0) return;
    while (word.exchange(2, acquire) != 0) wait(word, 2);
  }
  void unlock() {
    if (word.exchange(0, release) == 2) wake(word, 1);
  }
};

TEST(FutexLocks, DreppersThreeStatesAreRight) {
  EXPECT_TRUE(passes(used_by<Mutex2>(2)));
  EXPECT_TRUE(passes(used_by<Mutex3>(2)));
}

TEST(FutexLocks, DreppersThreeStatesAreRightForThreeThreads) {
  EXPECT_TRUE(passes(used_by<Mutex3>(3), only_woken));
}

// Its word counts up while others wait, so with two they may chase each other for ever, as the paper says:
// every round takes events, of which there are only so many here.
TEST(FutexLocks, DreppersFirstIsRightAsFarAsItsExecutionsEnd) {
  Options options = only_woken;
  options.max_events = 20;
  options.max_executions = 20'000;
  const Result result = explored(used_by<Mutex1>(2), options);
  EXPECT_TRUE(result.found_nothing()) << result;
  EXPECT_GT(result.executions, 2u);
}

// Those that are not

/// Who has slept takes the lock as held, though others may sleep: their wake is forgotten.
struct TakesItAsHeldAfterSleep : Mutex3 {
  void lock() {
    while (take(word, 1) != 0) {
      if (word.exchange(2, acquire) == 0) return;
      wait(word, 2);
    }
  }
};

TEST(FutexLockMistakes, ToTakeItAsHeldAfterASleepForgetsTheOtherSleepers) {
  EXPECT_TRUE(passes(used_by<TakesItAsHeldAfterSleep>(2), only_woken));
  EXPECT_TRUE(fails(Wrong::deadlock, used_by<TakesItAsHeldAfterSleep>(3),
                    {"lost wake-up", "sleeps on the futex"}, only_woken));
}

/// Two states: nobody knows whether somebody sleeps, and nobody asks.
struct NeverWakes : Mutex3 {
  void unlock() { word.store(0, release); }
};

TEST(FutexLockMistakes, AnUnlockThatForgetsToWake) {
  EXPECT_TRUE(fails(Wrong::deadlock, used_by<NeverWakes>(2), {"lost wake-up"}, only_woken));
}

/// The mark is set by a store, which may undo an unlock that came between.
struct MarksByAStore : Mutex3 {
  void lock() {
    while (take(word, 1) != 0) {
      word.store(2, relaxed);
      wait(word, 2);
    }
  }
};

TEST(FutexLockMistakes, AMarkThatIsStoredBlindly) {
  EXPECT_TRUE(
      fails(Wrong::deadlock, used_by<MarksByAStore>(2), {"sleeps on the futex"}, only_woken));
}

/// Sleeps without a mark: the holder sees 1, and thinks that nobody does.
struct SleepsUnmarked : Mutex3 {
  void lock() {
    while (take(word, 1) != 0) wait(word, 1);
  }
};

TEST(FutexLockMistakes, ASleepWithoutAMark) {
  EXPECT_TRUE(fails(Wrong::deadlock, used_by<SleepsUnmarked>(2), {"lost wake-up"}, only_woken));
}

struct WakesFirst : Mutex3 {
  void unlock() {
    if (word.load(relaxed) == 2) wake(word, 1);
    word.store(0, release);
  }
};

TEST(FutexLockMistakes, AWakeBeforeTheStore) {
  EXPECT_TRUE(fails(Wrong::deadlock, used_by<WakesFirst>(2), {"lost wake-up"}, only_woken));
}

/// Looks whether somebody sleeps, and then frees it: one may come between.
struct LooksBeforeItFrees : Mutex3 {
  void unlock() {
    const bool is_contended = word.load(relaxed) == 2;
    word.store(0, release);
    if (is_contended) wake(word, 1);
  }
};

TEST(FutexLockMistakes, ALookBeforeTheStoreMissesWhoComesBetween) {
  EXPECT_TRUE(fails(Wrong::deadlock, used_by<LooksBeforeItFrees>(2), {"lost wake-up"}, only_woken));
}

/// Takes a return of the wait for the lock.
struct DoesNotLookAgain : Mutex3 {
  void lock() {
    if (take(word, 1) == 0) return;
    if (word.exchange(2, acquire) != 0) wait(word, 2);
  }
};

TEST(FutexLockMistakes, AWaitThatIsTakenForTheLock) {
  EXPECT_TRUE(fails(Wrong::data_race, used_by<DoesNotLookAgain>(2), {"data race"}));
}

struct AcquiresNothing : Mutex3 {
  void lock() {
    if (take(word, 1, relaxed) == 0) return;
    while (word.exchange(2, relaxed) != 0) wait(word, 2);
  }
};
struct AcquiresOnlyIfFast : Mutex3 {
  void lock() {
    if (take(word, 1) == 0) return;
    while (word.exchange(2, relaxed) != 0) wait(word, 2);
  }
};
struct ReleasesNothing : Mutex3 {
  void unlock() {
    if (word.exchange(0, relaxed) == 2) wake(word, 1);
  }
};

TEST(FutexLockMistakes, OrdersThatAreTooWeakAreRaces) {
  EXPECT_TRUE(fails(Wrong::data_race, used_by<AcquiresNothing>(2), {"data race"}));
  EXPECT_TRUE(fails(Wrong::data_race, used_by<AcquiresOnlyIfFast>(2), {"data race"}));
  EXPECT_TRUE(fails(Wrong::data_race, used_by<ReleasesNothing>(2), {"data race"}));
}

TEST(FutexLockMistakes, OrdersThatAreTooWeakAreNoneOnOneInterleaving) {
  Options sc;
  sc.model = MemoryModel::sc;
  EXPECT_TRUE(passes(used_by<Mutex3>(2), sc));
  EXPECT_TRUE(fails(Wrong::deadlock, used_by<NeverWakes>(2), {"lost wake-up"}, sc));
}

/// Mutual exclusion itself, without a race to tell: two have it at once.
struct TestsAndThenSets : Mutex3 {
  void lock() {
    while (word.load(acquire) != 0) wait(word, 1);
    word.store(1, relaxed);
  }
  void unlock() {
    word.store(0, release);
    wake(word, everyone);
  }
};

TEST(FutexLockMistakes, ATestAndASetThatAreTwoSteps) {
  EXPECT_TRUE(fails(Wrong::requirement,
                    [] {
                      TestsAndThenSets lock;
                      std::atomic<int> inside{0};
                      const auto body = [&] {
                        lock.lock();
                        require(inside.fetch_add(1) == 0);
                        inside.fetch_sub(1);
                        lock.unlock();
                      };
                      std::thread thread(body);
                      body();
                      thread.join();
                    },
                    {"a requirement does not hold"}));
}

}  // namespace
}  // namespace lockstep::check
