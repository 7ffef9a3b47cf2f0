// FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET, FUTEX_REQUEUE and FUTEX_CMP_REQUEUE.
#include <thread>

#include "futex_calls.hpp"
#include "outcomes.hpp"

namespace lockstep::check {
namespace {

// Bits

TEST(FutexBits, AWakeWakesWhoHasABitInCommonAndNobodyElse) {
  EXPECT_TRUE(comes_to(
      [] {
        Word word{0};
        long results[2]{};
        std::thread a([&] { results[0] = wait_for_bits(word, 0, 1); });
        std::thread b([&] { results[1] = wait_for_bits(word, 0, 6); });
        const long woken = wake_bits(word, everyone, 4);
        word.store(1);
        const long rest = wake_bits(word, everyone, 1);
        assume(woken == 1 && rest == 1);
        a.join();
        b.join();
        outcome(name_of(results[0]) + ", " + name_of(results[1]));
      },
      {"woken, woken"}, only_woken));
}

TEST(FutexBits, WhoHasNoneInCommonSleepsOn) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        const Word word{0};
        std::thread thread([&] { wait_for_bits(word, 0, 1); });
        assume(wake_bits(word, everyone, 2) == 0);
        thread.join();
      },
      {"sleeps on the futex", "thread 1"}, only_woken));
}

TEST(FutexBits, ThoseWithoutABitInCommonAreNotCounted) {
  EXPECT_TRUE(comes_to(
      [] {
        Word word{0};
        std::thread a([&] { wait_for_bits(word, 0, 1); });
        std::thread b([&] { wait_for_bits(word, 0, 2); });
        const long first = wake_bits(word, 1, 2);
        word.store(1);
        wake(word, everyone);
        a.join();
        b.join();
        outcome(std::to_string(first));
      },
      {"0", "1"}, only_woken));
}

TEST(FutexBits, APlainWakeMatchesAnyBits) {
  EXPECT_TRUE(counts(
      [] {
        Word word{0};
        std::thread thread([&] {
          word.store(1);
          wake(word, 1);
        });
        outcome(name_of(wait_for_bits(word, 0, 0x8000'0000)));
        thread.join();
      },
      {{"changed", 1}, {"woken", 1}}, only_woken));
}

TEST(FutexBits, AnyBitsMatchAPlainWait) {
  EXPECT_TRUE(counts(
      [] {
        Word word{0};
        std::thread thread([&] {
          word.store(1);
          wake_bits(word, 1, 0x8000'0000);
        });
        outcome(name_of(wait(word, 0)));
        thread.join();
      },
      {{"changed", 1}, {"woken", 1}}, only_woken));
}

// Requeueing

TEST(FutexRequeue, WhoIsMovedIsWokenByAWakeOfTheOtherWord) {
  EXPECT_TRUE(passes(
      [] {
        const Word from{0}, to{0};
        std::thread thread([&] { require(wait(from, 0) == 0); });
        assume(requeue(from, 0, 1, to) == 1);
        require(wake(from, 1) == 0);
        require(wake(to, 1) == 1);
        thread.join();
      },
      only_woken));
}

TEST(FutexRequeue, WhoIsMovedIsNotWokenByAWakeOfTheFirstWord) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        const Word from{0}, to{0};
        std::thread thread([&] { wait(from, 0); });
        assume(requeue(from, 0, 1, to) == 1);
        wake(from, 1);
        thread.join();
      },
      {"sleeps on the futex", "thread 1"}, only_woken));
}

TEST(FutexRequeue, TheFirstAreWokenAndTheNextMoved) {
  EXPECT_TRUE(passes(
      [] {
        const Word from{0}, to{0};
        const auto sleep = [&] { wait(from, 0); };
        std::thread a(sleep), b(sleep);
        assume(requeue(from, 1, everyone, to) == 2);
        require(wake(from, everyone) == 0);
        require(wake(to, everyone) == 1);
        a.join();
        b.join();
      },
      only_woken));
}

TEST(FutexRequeue, CountsThoseWokenAndThoseMoved) {
  EXPECT_TRUE(comes_to(
      [] {
        Word from{0};
        const Word to{0};
        const auto sleep = [&] { wait(from, 0); };
        std::thread a(sleep), b(sleep);
        from.store(1);
        const long found = requeue(from, 1, 1, to);
        outcome(std::to_string(found));
        require(wake(to, everyone) == (found == 2 ? 1 : 0));
        a.join();
        b.join();
      },
      {"0", "1", "2"}, only_woken));
}

TEST(FutexRequeue, MovesNoMoreThanItIsTold) {
  EXPECT_TRUE(passes(
      [] {
        const Word from{0}, to{0};
        const auto sleep = [&] { wait(from, 0); };
        std::thread a(sleep), b(sleep);
        assume(requeue(from, 0, 1, to) == 1);
        assume(wake(from, everyone) == 1);
        require(wake(to, everyone) == 1);
        a.join();
        b.join();
      },
      only_woken));
}

TEST(FutexRequeue, MayBeMadeDependOnTheWord) {
  EXPECT_TRUE(counts(
      [] {
        const Word from{7}, to{0};
        outcome(name_of(requeue_if(from, 8, 1, 1, to)));
        outcome(std::to_string(requeue_if(from, 7, 1, 1, to)));
      },
      {{"changed 0", 1}}));
}

TEST(FutexRequeue, ThatFailsMovesNobody) {
  EXPECT_TRUE(passes(
      [] {
        Word from{0};
        const Word to{0};
        std::thread thread([&] { wait(from, 0); });
        require(requeue_if(from, 5, 0, 1, to) == -EAGAIN);
        require(wake(to, 1) == 0);
        from.store(1);
        wake(from, 1);
        thread.join();
      },
      only_woken));
}

TEST(FutexRequeue, WhoWasMovedMayStillTimeOut) {
  EXPECT_TRUE(comes_to(
      [] {
        const Word from{0}, to{0};
        const timespec soon{0, 1};
        long result = 0;
        std::thread thread([&] { result = wait(from, 0, &soon); });
        assume(requeue(from, 0, 1, to) == 1);
        const long woken = wake(to, 1);
        thread.join();
        outcome(name_of(result) + ", " + std::to_string(woken));
      },
      {"woken, 1", "timed out, 0"}, only_woken));
}

TEST(FutexRequeue, NumbersBelowZeroAreInvalid) {
  EXPECT_TRUE(passes([] {
    const Word from{0}, to{0};
    require(requeue(from, static_cast<std::uint32_t>(-1), 1, to) == -EINVAL);
    require(requeue(from, 1, -1, to) == -EINVAL);
  }));
}

// A condition variable's broadcast: one waiter is woken, the others queue for the mutex it needs.
TEST(FutexRequeue, ABroadcastMayMoveWaitersToTheMutexThatTheyWillNeed) {
  EXPECT_TRUE(passes(
      [] {
        Word sequence{0}, mutex{0};
        const auto lock = [&] {
          while (mutex.exchange(2, std::memory_order_acquire) != 0) wait(mutex, 2);
        };
        const auto unlock = [&] {
          mutex.store(0, std::memory_order_release);
          wake(mutex, 1);
        };
        bool is_set = false;
        std::thread thread([&] {
          lock();
          while (!is_set) {
            const std::uint32_t seen = sequence.load(std::memory_order_relaxed);
            unlock();
            wait(sequence, seen);
            lock();
          }
          unlock();
        });
        lock();
        is_set = true;
        const std::uint32_t next = sequence.fetch_add(1, std::memory_order_relaxed) + 1;
        requeue_if(sequence, next, 0, everyone, mutex);
        unlock();
        thread.join();
      },
      only_woken));
}

}  // namespace
}  // namespace lockstep::check
