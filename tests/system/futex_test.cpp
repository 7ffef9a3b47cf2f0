// FUTEX_WAIT and FUTEX_WAKE: who sleeps, who is woken, and what they know then.
#include <memory>
#include <thread>

#include "futex_calls.hpp"
#include "outcomes.hpp"

namespace lockstep::check {
namespace {

std::string with_count(long result, long woken) {
  return name_of(result) + ", " + std::to_string(woken);
}

// Sleeping

// By hand: the word is seen before or after the store. If before, the waiter came into the queue before
// the wake, or else it would have known of the store: so there is no third.
TEST(Futex, AWaitThatIsFollowedByAChangeAndAWakeIsNeverForGood) {
  EXPECT_TRUE(counts(
      [] {
        Word word{0};
        long woken = 0;
        std::thread thread([&] {
          word.store(1, std::memory_order_relaxed);
          woken = wake(word, 1);
        });
        const long result = wait(word, 0);
        thread.join();
        outcome(with_count(result, woken));
      },
      {{"changed, 0", 1}, {"woken, 1", 1}}, only_woken));
}

TEST(Futex, ItIsTheSameForProcessesThatShareTheWord) {
  EXPECT_TRUE(counts(
      [] {
        Word word{0};
        long woken = 0;
        std::thread thread([&] {
          word.store(1, std::memory_order_relaxed);
          woken = futex(&word, FUTEX_WAKE, 1);
        });
        const long result = futex(&word, FUTEX_WAIT, 0);
        thread.join();
        outcome(with_count(result, woken));
      },
      {{"changed, 0", 1}, {"woken, 1", 1}}, only_woken));
}

TEST(Futex, AWaitForAnotherValueThanTheWordHasDoesNotSleep) {
  EXPECT_TRUE(counts(
      [] {
        const Word word{3};
        outcome(name_of(wait(word, 4)));
      },
      {{"changed", 1}}));
}

TEST(Futex, AWakeIsNotRememberedForWhoComesLater) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        const Word word{0};
        std::thread thread([&] { wake(word, 1); });
        wait(word, 0);
        thread.join();
      },
      {"sleeps on the futex", "thread 0"}, only_woken));
}

TEST(Futex, AWakeBeforeTheChangeMayFindNobodyAndIsLost) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        Word word{0};
        std::thread thread([&] {
          wake(word, 1);
          word.store(1);
        });
        wait(word, 0);
        thread.join();
      },
      {"lost wake-up", "thread 0"}, only_woken));
}

TEST(Futex, AChangeWithoutAWakeLeavesTheSleeperAsleep) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        Word word{0};
        std::thread thread([&] { word.store(1); });
        wait(word, 0);
        thread.join();
      },
      {"lost wake-up"}, only_woken));
}

TEST(Futex, AWakeOfAnotherWordWakesNobody) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        Word words[2]{};
        std::thread thread([&] {
          words[0] = 1;
          wake(words[1], everyone);
        });
        wait(words[0], 0);
        thread.join();
      },
      {"sleeps on the futex"}, only_woken));
}

// Waking

TEST(Futex, AWakeOfNobodyReturnsZero) {
  EXPECT_TRUE(counts(
      [] {
        const Word word{0};
        outcome(std::to_string(wake(word, everyone)));
      },
      {{"0", 1}}));
}

// Each sleeper asleep, or too late to be; and then the first that came into the queue is woken.
TEST(Futex, AWakeOfOneWakesAtMostOneAndAWakeOfAllTheRest) {
  EXPECT_TRUE(comes_to(
      [] {
        Word word{0};
        long first = 0, second = 0;
        const auto sleep = [&] { wait(word, 0); };
        std::thread a(sleep), b(sleep);
        word.store(1);
        first = wake(word, 1);
        second = wake(word, everyone);
        a.join();
        b.join();
        outcome(std::to_string(first) + std::to_string(second));
      },
      {"00", "10", "11"}, only_woken));
}

TEST(Futex, EitherOfTwoSleepersMayBeTheFirst) {
  EXPECT_TRUE(comes_to(
      [] {
        Word word{0};
        long results[2]{};
        std::thread a([&] { results[0] = wait(word, 0); });
        std::thread b([&] { results[1] = wait(word, 0); });
        assume(wake(word, 1) == 1);
        word.store(1);
        assume(wake(word, 1) == 0);
        a.join();
        b.join();
        outcome(name_of(results[0]) + ", " + name_of(results[1]));
      },
      {"woken, changed", "changed, woken"}, only_woken));
}

/// The thread a is in the queue before b: both are moved there, one after the other.
template <class Then>
Program with_two_asleep(Then then) {
  return [=] {
    const Word first{0}, second{0}, both{0};
    std::thread a([&] { wait(first, 0); });
    std::thread b([&] { wait(second, 0); });
    assume(requeue(first, 0, 1, both) == 1);
    assume(requeue(second, 0, 1, both) == 1);
    require(wake(both, 1) == 1);
    then(both, a, b);
  };
}

TEST(Futex, WhoCameFirstIsWokenFirst) {
  EXPECT_TRUE(passes(with_two_asleep([](const Word& both, std::thread& a, std::thread& b) {
                       a.join();
                       require(wake(both, 1) == 1);
                       b.join();
                     }),
                     only_woken));
  EXPECT_TRUE(fails(Wrong::deadlock,
                    with_two_asleep([](const Word& both, std::thread& a, std::thread& b) {
                      b.join();
                      require(wake(both, 1) == 1);
                      a.join();
                    }),
                    {"thread 0 waits for the end of thread 2"}, only_woken));
}

TEST(Futex, WhoWasWokenMaySleepAgain) {
  EXPECT_TRUE(comes_to(
      [] {
        Word word{0};
        int sleeps = 0;
        std::thread thread([&] {
          for (const std::uint32_t value : {1u, 2u}) {
            word.store(value);
            wake(word, 1);
          }
        });
        for (std::uint32_t seen; (seen = word.load()) != 2;)
          sleeps += wait(word, seen) == 0 ? 1 : 0;
        thread.join();
        outcome(std::to_string(sleeps));
      },
      {"0", "1", "2"}, only_woken));
}

// What a wake orders: nothing

TEST(Futex, AWakeDoesNotPublishWhatWasWrittenBefore) {
  const Program program = [] {
    const Word word{0};
    int data = 0;
    std::thread thread([&] {
      data = 1;
      assume(wake(word, 1) == 1);
    });
    wait(word, 0);
    require(data == 1);
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::data_race, program,
                    {"data race", LINE_OF("data = 1;"), LINE_OF("require(data == 1);")},
                    only_woken));
}

Program hand_over(std::memory_order store, std::memory_order load) {
  return [=] {
    Word word{0};
    int data = 0;
    std::thread thread([&] {
      data = 1;
      word.store(1, store);
      wake(word, 1);
    });
    while (word.load(load) == 0) wait(word, 0);
    require(data == 1);
    thread.join();
  };
}

TEST(Futex, AnAcquireLoadAfterTheWaitSeesWhatTheReleaseStorePublished) {
  EXPECT_TRUE(passes(hand_over(std::memory_order_release, std::memory_order_acquire)));
  EXPECT_TRUE(fails(Wrong::data_race,
                    hand_over(std::memory_order_release, std::memory_order_relaxed),
                    {"data race"}));
  EXPECT_TRUE(fails(Wrong::data_race,
                    hand_over(std::memory_order_relaxed, std::memory_order_acquire),
                    {"data race"}));
}

// Memory that is gone

TEST(Futex, AWakeMayComeWhenTheWordIsGone) {
  EXPECT_TRUE(comes_to(
      [] {
        auto word = std::make_unique<Word>(0);
        std::thread thread([address = word.get()] {
          address->store(1);
          wake(*address, 1);
        });
        const bool sleeps = word->load() == 0 && wait(*word, 0) == 0;
        assume(word->load() == 1);
        word.reset();
        thread.join();
        outcome(sleeps ? "slept" : "did not");
      },
      {"slept", "did not"}, only_woken));
}

TEST(Futex, AWaitOnAWordThatIsGoneIsAnError) {
  EXPECT_TRUE(fails(Wrong::use_after_free,
                    [] {
                      auto word = std::make_unique<Word>(0);
                      const Word* gone = word.get();
                      asm("" : "+r"(gone));  // not for the compiler to see
                      word.reset();
                      wait(*gone, 1);
                    },
                    {"thread 0"}));
}

TEST(Futex, AWaitReadsTheWordAndSoRacesWithPlainWrites) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      std::uint32_t word = 0;
                      escape(&word);
                      std::thread thread([&] { word = 1; });
                      futex(&word, FUTEX_WAIT_PRIVATE, 1);
                      thread.join();
                    },
                    {"data race"}));
}

}  // namespace
}  // namespace lockstep::check
