// Waiting on atomics, semaphores, latches and barriers of the C++ library.
#include <atomic>
#include <barrier>
#include <chrono>
#include <latch>
#include <semaphore>
#include <thread>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

using namespace std::chrono_literals;

/// libstdc++ 12 counts those who wait, and who changes the value wakes nobody if it sees none: but that it sees
/// them, after a change that is no seq_cst one, C++ does not promise. The processors of TSO do.
Options on_tso() {
  Options options = only_woken;
  options.model = MemoryModel::tso;
  return options;
}

// Atomics

TEST(AtomicWait, EndsWhenTheValueHasChangedAndSomebodyNotified) {
  EXPECT_TRUE(passes([] {
    std::atomic<int> value{0};
    int data = 0;
    std::thread thread([&] {
      data = 1;
      value.store(1);
      value.notify_one();
    });
    value.wait(0);
    require(value.load() == 1 && data == 1);
    thread.join();
  }));
}

TEST(AtomicWait, ForAnotherValueThanItHasDoesNotWait) {
  EXPECT_TRUE(passes([] {
    const std::atomic<int> value{3};
    value.wait(0);
  }));
}

TEST(AtomicWait, OfAChangeThatNobodyNotifiesMayLastForEver) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        std::atomic<int> value{0};
        std::thread thread([&] { value.store(1); });
        value.wait(0);
        thread.join();
      },
      {"lost wake-up"}, only_woken));
}

TEST(AtomicWait, OfAChangeAfterTheNotificationMayLastForEver) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        std::atomic<int> value{0};
        std::thread thread([&] {
          value.notify_one();
          value.store(1);
        });
        value.wait(0);
        thread.join();
      },
      {"lost wake-up"}, only_woken));
}

TEST(AtomicWait, WithoutAcquireOrdersNothing) {
  EXPECT_TRUE(fails(
      Wrong::data_race,
      [] {
        std::atomic<int> value{0};
        int data = 0;
        std::thread thread([&] {
          data = 1;
          value.store(1);
          value.notify_one();
        });
        value.wait(0, std::memory_order_relaxed);
        require(data == 1);
        thread.join();
      },
      {"data race"}, only_woken));
}

// Of a size that is no futex's: the library keeps a word beside it.
TEST(AtomicWait, WorksForAnySize) {
  EXPECT_TRUE(passes(
      [] {
        std::atomic<long> value{0};
        std::thread thread([&] {
          value.store(1);
          value.notify_one();
        });
        value.wait(0);
        require(value.load() == 1);
        thread.join();
      },
      only_woken));
}

TEST(AtomicWait, OfAFlagHandsOverLikeALock) {
  EXPECT_TRUE(passes(
      [] {
        std::atomic_flag flag;
        int data = 0;
        std::thread thread([&] {
          data = 1;
          flag.test_and_set(std::memory_order_seq_cst);
          flag.notify_all();
        });
        flag.wait(false);
        require(data == 1);
        thread.join();
      },
      only_woken));
}

// Semaphores

TEST(BinarySemaphore, HandsOverWhatWasWrittenBeforeTheRelease) {
  EXPECT_TRUE(passes([] {
    std::binary_semaphore semaphore(0);
    int data = 0;
    std::thread thread([&] {
      data = 1;
      semaphore.release();
    });
    semaphore.acquire();
    require(data == 1);
    thread.join();
  }));
}

Program let_in(int count) {
  return [count] {
    std::counting_semaphore<2> semaphore(count);
    int value = 0;
    const auto body = [&] {
      semaphore.acquire();
      ++value;
      semaphore.release();
    };
    std::thread thread(body);
    body();
    thread.join();
  };
}

TEST(CountingSemaphore, LetsInAsManyAsItCounts) {
  EXPECT_TRUE(passes(let_in(1), only_woken));
  EXPECT_TRUE(fails(Wrong::data_race, let_in(2), {"data race"}, only_woken));
  EXPECT_TRUE(fails(Wrong::deadlock, let_in(0), {"waits for the semaphore"}, only_woken));
}

TEST(CountingSemaphore, TriesSucceedIfItCountsMoreThanZero) {
  EXPECT_TRUE(comes_to(
      [] {
        std::counting_semaphore<1> semaphore(1);
        bool is_others = false;
        std::thread thread([&] { is_others = semaphore.try_acquire(); });
        const bool is_mine = semaphore.try_acquire();
        thread.join();
        require(is_mine != is_others);
        outcome(is_mine ? "main" : "thread");
      },
      {"main", "thread"}, only_woken));
}

TEST(CountingSemaphore, AWaitWithADeadlineIsInTimeOrLate) {
  EXPECT_TRUE(comes_to(
      [] {
        std::binary_semaphore semaphore(0);
        std::thread thread([&] { semaphore.release(); });
        const auto begin = std::chrono::steady_clock::now();
        const bool is_acquired = semaphore.try_acquire_for(1s);
        require(is_acquired || std::chrono::steady_clock::now() - begin >= 1s);
        outcome(is_acquired ? "in time" : "late");
        thread.join();
      },
      {"in time", "late"}, only_woken));
}

// Latches and barriers

Program all_come_to_a_latch() {
  return [] {
    std::latch latch(2);
    int values[2]{};
    std::thread thread([&] {
      values[1] = 1;
      latch.count_down();
    });
    values[0] = 1;
    latch.arrive_and_wait();
    require(values[0] + values[1] == 2);
    thread.join();
  };
}

TEST(Latch, OpensWhenAllHaveComeAndShowsWhatTheyDid) {
  EXPECT_TRUE(passes(all_come_to_a_latch(), on_tso()));
}

// Its count_down releases, and then looks whether anybody waits: these two may change places.
TEST(Latch, OfThisLibraryMayMissWhoWaitsForIt) {
  if (_GLIBCXX_RELEASE != 12) GTEST_SKIP() << "another library";
  EXPECT_TRUE(fails(Wrong::deadlock, all_come_to_a_latch(), {"lost wake-up"}, only_woken));
}

TEST(Latch, StaysShutWhenOneIsMissing) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        std::latch latch(3);
        std::thread thread([&] { latch.count_down(); });
        latch.arrive_and_wait();
        thread.join();
      },
      {"sleeps on the futex"}, only_woken));
}

TEST(Latch, IsOpenOrNotWhenItIsTried) {
  EXPECT_TRUE(comes_to(
      [] {
        std::latch latch(1);
        std::thread thread([&] { latch.count_down(); });
        outcome(latch.try_wait() ? "open" : "shut");
        thread.join();
      },
      {"open", "shut"}, only_woken));
}

TEST(Barrier, RunsItsCompletionOnceARoundBetweenAllThatIsBeforeAndAfter) {
  EXPECT_TRUE(passes(
      [] {
        int rounds = 0;
        int values[2]{};
        const auto complete = [&]() noexcept {
          require(values[0] == values[1]);
          ++rounds;
        };
        std::barrier barrier(2, complete);
        const auto body = [&](int me) {
          ++values[me];
          barrier.arrive_and_wait();
          require(rounds == 1 && values[1 - me] == 1);
        };
        std::thread thread(body, 1);
        body(0);
        thread.join();
        require(rounds == 1);
      },
      on_tso()));
}

TEST(Barrier, ThatTooFewComeToIsADeadlock) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        std::barrier barrier(2);
        barrier.arrive_and_wait();
      },
      {"sleeps on the futex"}, only_woken));
}

}  // namespace
}  // namespace lockstep::check
