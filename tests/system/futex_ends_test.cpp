// How a FUTEX_WAIT may end other than by a wake: deadlines, signals, no reason; and calls that are wrong.
#include <chrono>
#include <thread>

#include "futex_calls.hpp"
#include "outcomes.hpp"

namespace lockstep::check {
namespace {

constexpr timespec millisecond{0, 1'000'000};

std::int64_t nanoseconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

timespec in_a_second(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  ++time.tv_sec;
  return time;
}

std::int64_t count_of(const timespec& time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; }

// Deadlines

// A wake counts whom it woke, so the two always agree on who was first.
TEST(FutexDeadline, AWakeAndATimeoutRaceAndOneOfThemWins) {
  EXPECT_TRUE(counts(
      [] {
        Word word{0};
        long woken = 0;
        std::thread thread([&] {
          word.store(1);
          woken = wake(word, 1);
        });
        const long result = wait(word, 0, &millisecond);
        thread.join();
        outcome(name_of(result) + ", " + std::to_string(woken));
      },
      {{"changed, 0", 1}, {"woken, 1", 1}, {"timed out, 0", 1}}, only_woken));
}

TEST(FutexDeadline, WhoTimedOutTakesNoWakeFromTheOther) {
  EXPECT_TRUE(passes(
      [] {
        Word word{0};
        long results[2]{};
        std::thread a([&] { results[0] = wait(word, 0, &millisecond); });
        std::thread b([&] { results[1] = wait(word, 0); });
        word.store(1);
        const long woken = wake(word, 1);
        wake(word, everyone);
        a.join();
        b.join();
        require(woken == 1 || results[0] != 0);
        outcome(name_of(results[0]) + ", " + name_of(results[1]));
      },
      only_woken));
}

TEST(FutexDeadline, AWaitThatNobodyEndsTimesOut) {
  EXPECT_TRUE(counts(
      [] {
        const Word word{0};
        outcome(name_of(wait(word, 0, &millisecond)));
      },
      {{"timed out", 1}}, only_woken));
}

TEST(FutexDeadline, ARelativeOneHasPassedWhenTheWaitTimesOut) {
  EXPECT_TRUE(passes([] {
    const Word word{0};
    const std::int64_t before = nanoseconds(CLOCK_MONOTONIC);
    if (wait(word, 0, &millisecond) != -ETIMEDOUT) return;
    require(nanoseconds(CLOCK_MONOTONIC) - before >= 1'000'000);
  }));
}

TEST(FutexDeadline, OfABitsetWaitIsAbsoluteAndByEitherClock) {
  for (const bool is_real : {false, true}) {
    EXPECT_TRUE(comes_to(
        [is_real] {
          const Word word{0};
          const clockid_t clock = is_real ? CLOCK_REALTIME : CLOCK_MONOTONIC;
          const timespec deadline = in_a_second(clock);
          const int operation = FUTEX_WAIT_BITSET_PRIVATE | (is_real ? FUTEX_CLOCK_REALTIME : 0);
          const long result =
              futex(&word, operation, 0, &deadline, nullptr, FUTEX_BITSET_MATCH_ANY);
          require(result != -ETIMEDOUT || nanoseconds(clock) >= count_of(deadline));
          require(result != -ETIMEDOUT || nanoseconds(clock) < count_of(deadline) + 1'000'000'000);
          outcome(name_of(result));
        },
        {"timed out"}, only_woken))
        << is_real;
  }
}

TEST(FutexDeadline, ThatIsPastIsMetAtOnceWhateverTheBounds) {
  Options never;
  never.timeouts = never.spurious_wakes = 0;
  EXPECT_TRUE(comes_to(
      [] {
        const Word word{0};
        const timespec past{1, 0};
        outcome(name_of(
            futex(&word, FUTEX_WAIT_BITSET_PRIVATE, 0, &past, nullptr, FUTEX_BITSET_MATCH_ANY)));
      },
      {"timed out"}, never));
}

TEST(FutexDeadline, IsLookedAtOnlyIfTheWordIsWhatItIsExpectedToBe) {
  EXPECT_TRUE(counts(
      [] {
        const Word word{1};
        outcome(name_of(wait(word, 0, &millisecond)));
      },
      {{"changed", 1}}));
}

TEST(FutexDeadline, NoTimeoutsMeansThatOnlyAWakeEndsTheWait) {
  Options never = only_woken;
  never.timeouts = 0;
  EXPECT_TRUE(counts(
      [] {
        Word word{0};
        std::thread thread([&] {
          word.store(1);
          wake(word, 1);
        });
        outcome(name_of(wait(word, 0, &millisecond)));
        thread.join();
      },
      {{"changed", 1}, {"woken", 1}}, never));
}

TEST(FutexDeadline, AWaitThatHasOneIsNoDeadlockThoughItMayTimeOutNoMore) {
  Options never = only_woken;
  never.timeouts = 0;
  const Result result = explored(
      [] {
        const Word word{0};
        wait(word, 0, &millisecond);
      },
      never);
  EXPECT_TRUE(result.found_nothing()) << result;
  EXPECT_EQ(result.executions, 0u) << result;
  EXPECT_EQ(result.blocked, 1u) << result;
}

TEST(FutexDeadline, IsMetAsOftenAsTheOptionsSay) {
  Options twice = only_woken;
  twice.timeouts = 2;
  const Result result = explored(
      [] {
        const Word word{0};
        int times = 0;
        while (times < 3 && wait(word, 0, &millisecond) == -ETIMEDOUT) ++times;
        outcome("ended");
      },
      twice);
  EXPECT_TRUE(result.found_nothing()) << result;
  EXPECT_EQ(result.executions, 0u) << "the third time it waits";
}

// For no reason

TEST(FutexSpurious, AWaitMayReturnOrBeInterruptedThoughNobodyWokeIt) {
  EXPECT_TRUE(counts(
      [] {
        Word word{0};
        long woken = 0;
        std::thread thread([&] {
          word.store(1);
          woken = wake(word, 1);
        });
        const long result = wait(word, 0);
        thread.join();
        outcome(name_of(result) + ", " + std::to_string(woken));
      },
      {{"changed, 0", 1}, {"woken, 1", 1}, {"woken, 0", 1}, {"interrupted, 0", 1}}));
}

TEST(FutexSpurious, ToBeTakenForAWakeIsAMistakeUnlessTheOptionsRuleItOut) {
  const Program program = [] {
    const Word word{0};
    require(wait(word, 0, &millisecond) != 0);
  };
  EXPECT_TRUE(fails(Wrong::requirement, program, {"wakes for no reason", "thread 0"}));
  EXPECT_TRUE(passes(program, only_woken));
}

TEST(FutexSpurious, WhoWokeForNoReasonTakesNoWakeFromTheOther) {
  EXPECT_TRUE(passes([] {
    Word word{0};
    const auto await = [&] {
      while (word.load() == 0) wait(word, 0);
    };
    std::thread a(await), b(await);
    word.store(1);
    wake(word, 2);
    a.join();
    b.join();
  }));
}

// Calls that are wrong

TEST(FutexErrors, AWordThatIsNotAlignedIsInvalid) {
  EXPECT_TRUE(passes([] {
    alignas(8) char bytes[8]{};
    for (const int operation : {FUTEX_WAIT_PRIVATE, FUTEX_WAKE_PRIVATE, FUTEX_WAIT, FUTEX_WAKE}) {
      require(futex(&bytes[2], operation, 0) == -EINVAL);
    }
  }));
}

TEST(FutexErrors, AWaitOnNoAddressFaults) {
  EXPECT_TRUE(passes([] { require(futex(nullptr, FUTEX_WAIT_PRIVATE, 0) == -EFAULT); }));
}

// As Linux 6 answers.
TEST(FutexErrors, AWakeOnNoAddressWakesNobodyOfOnesOwn) {
  EXPECT_TRUE(passes([] {
    require(futex(nullptr, FUTEX_WAKE_PRIVATE, 1) == 0);
    require(futex(nullptr, FUTEX_WAKE, 1) == -EFAULT);
  }));
}

TEST(FutexErrors, RealTimeIsForWaitsByBitsOnly) {
  EXPECT_TRUE(passes([] {
    const Word word{0};
    const timespec second{1, 0};
    for (const int operation : {FUTEX_WAIT, FUTEX_WAKE}) {
      require(futex(&word, operation | FUTEX_CLOCK_REALTIME, 0, &second) == -ENOSYS);
    }
  }));
}

TEST(FutexErrors, ATimeThatIsNoneIsInvalid) {
  EXPECT_TRUE(passes([] {
    const Word word{0};
    for (const timespec& time : {timespec{-1, 0}, timespec{0, -1}, timespec{0, 1'000'000'000}}) {
      require(wait(word, 0, &time) == -EINVAL);
      require(wait(word, 1, &time) == -EINVAL);  // before the word is looked at
    }
  }));
}

TEST(FutexErrors, AnEmptyBitsetIsInvalid) {
  EXPECT_TRUE(passes([] {
    const Word word{0};
    require(wait_for_bits(word, 0, 0) == -EINVAL);
    require(wake_bits(word, 1, 0) == -EINVAL);
  }));
}

TEST(FutexErrors, AnOperationThatIsNotModelledIsRefused) {
  EXPECT_TRUE(is_refused(
      [] {
        const Word word{0};
        futex(&word, FUTEX_LOCK_PI_PRIVATE, 0);
      },
      {"futex operation 6 is not modelled", "futex_calls.hpp"}));
}

TEST(FutexErrors, ASystemCallThatIsNotModelledIsRefused) {
  EXPECT_TRUE(
      is_refused([] { syscall(SYS_mlockall, 0); }, {"is not modelled", "futex_ends_test.cpp"}));
}

}  // namespace
}  // namespace lockstep::check
