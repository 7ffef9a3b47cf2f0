// Waiting for several futexes at once: futex_waitv.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "futex_calls.hpp"
#include "outcomes.hpp"

namespace lockstep::check {
namespace {

using Words = std::array<Word, 2>;

long wait_for_any(const Words& words, std::uint32_t flags = FUTEX_32,
                  const timespec* deadline = nullptr, std::uint32_t second_expected = 0) {
  std::array<struct futex_waitv, 2> waiters{};
  for (std::size_t i = 0; i < words.size(); ++i) {
    waiters[i].uaddr = reinterpret_cast<std::uintptr_t>(&words[i]);
    waiters[i].flags = flags;
  }
  waiters[1].val = second_expected;
  const long result =
      syscall(SYS_futex_waitv, waiters.data(), waiters.size(), 0, deadline, CLOCK_MONOTONIC);
  return result < 0 ? -errno : result;
}

std::string text(long result) {
  return result > 0 ? std::to_string(result) : result == 0 ? "0" : name_of(result);
}

void change_and_wake(Word& word) {
  word = 1;
  wake(word, 1);
}

TEST(FutexWaitv, TellsWhichOfItsFutexesWokeIt) {
  EXPECT_TRUE(comes_to(
      [] {
        Words words{};
        std::thread waker([&] { change_and_wake(words[1]); });
        outcome(text(wait_for_any(words, FUTEX_32 | FUTEX_PRIVATE_FLAG)));
        waker.join();
      },
      {"1", "changed"}, only_woken));
}

TEST(FutexWaitv, MayBeWokenByEitherAndTellsTheLastOfBoth) {
  EXPECT_TRUE(comes_to(
      [] {
        Words words{};
        std::thread first([&] { change_and_wake(words[0]); });
        std::thread second([&] { change_and_wake(words[1]); });
        outcome(text(wait_for_any(words)));
        first.join();
        second.join();
      },
      {"0", "1", "changed"}, only_woken));
}

TEST(FutexWaitv, ThatSawAChangedWordSleepsOnNone) {
  EXPECT_TRUE(comes_to(
      [] {
        Words words{};
        const long result = wait_for_any(words, FUTEX_32, nullptr, 7);
        outcome(text(result) + ", " + std::to_string(wake(words[0], 1)));
      },
      {"changed, 0"}, only_woken));
}

TEST(FutexWaitv, LeavesTheOthersWhenOneHasWokenIt) {
  EXPECT_TRUE(comes_to(
      [] {
        Words words{};
        std::thread waker([&] { wake(words[0], 1); });
        const timespec deadline{2'000, 0};
        const long result = wait_for_any(words, FUTEX_32, &deadline);
        waker.join();
        outcome(text(result) + ", " + std::to_string(wake(words[1], 1)));
      },
      {"0, 0", "timed out, 0"}, only_woken));
}

TEST(FutexWaitv, ThatNobodyWakesIsADeadlock) {
  EXPECT_TRUE(fails(
      Wrong::deadlock,
      [] {
        Words words{};
        std::thread waiter([&] { wait_for_any(words); });
        waiter.join();
      },
      {"thread 1 sleeps on several futexes", LINE_OF("syscall(SYS_futex_waitv")}, only_woken));
}

TEST(FutexWaitv, RefusesWhatLinuxRefuses) {
  EXPECT_TRUE(passes([] {
    Words words{};
    require(wait_for_any(words, 0) == -EINVAL);  // of no size
    require(wait_for_any(words, FUTEX_32 | 64) == -EINVAL);
    require(syscall(SYS_futex_waitv, nullptr, 1, 0, nullptr, 0) == -1 && errno == EINVAL);
  }));
}

}  // namespace
}  // namespace lockstep::check
