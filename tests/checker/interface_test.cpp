// What a program says to the checker, and what that comes to where nobody explores.
#include <gtest/gtest-spi.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "explored.hpp"

namespace lockstep::check {
namespace {

using Outcomes = std::map<std::string, std::uint64_t>;

TEST(Outcome, ASecondNoteIsAddedAfterASpace) {
  const Result result = explored([] {
    outcome("first");
    outcome("second");
  });
  EXPECT_EQ(result.outcomes, (Outcomes{{"first second", 1}}));
}

TEST(Outcome, MayBeNotedInAnyThread) {
  const Result result =
      explored([] { std::thread([] { outcome(choose(2) == 0 ? "heads" : "tails"); }).join(); });
  EXPECT_EQ(result.outcomes, (Outcomes{{"heads", 1}, {"tails", 1}}));
}

TEST(Assume, ExecutionsWithoutItAreNotCounted) {
  const Result result = explored([] {
    const int chosen = choose(4);
    assume(chosen != 2);
    outcome(std::to_string(chosen));
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 3u);
  EXPECT_EQ(result.blocked, 0u);
  EXPECT_EQ(result.outcomes, (Outcomes{{"0", 1}, {"1", 1}, {"3", 1}}));
}

TEST(Assume, WhatIsAssumedAwayIsNoError) {
  EXPECT_TRUE(passes([] {
    std::atomic<int> x{0};
    std::thread thread([&] { x = 1; });
    const int seen = x;
    assume(seen == 1);
    require(seen == 1);
    thread.join();
  }));
}

TEST(Choose, EachCombinationIsAnExecution) {
  const Result result = explored([] {
    const int a = choose(2), b = choose(3);
    outcome(std::to_string(a) + std::to_string(b));
  });
  EXPECT_EQ(result.executions, 6u);
  EXPECT_EQ(result.outcomes.size(), 6u) << result;
}

TEST(Choose, TheChoicesOfTwoThreadsAreIndependent) {
  const Result result = explored([] {
    int theirs = 0;
    std::thread thread([&] { theirs = choose(3); });
    const int mine = choose(3);
    thread.join();
    outcome(std::to_string(mine) + std::to_string(theirs));
  });
  EXPECT_EQ(result.executions, 9u);
  EXPECT_EQ(result.outcomes.size(), 9u) << result;
}

TEST(Choose, FromNothingIsInvalid) {
  EXPECT_TRUE(fails(Wrong::uncaught_exception, [] { (void)choose(0); }, {"std::invalid_argument"}));
  EXPECT_THROW((void)choose(0), std::invalid_argument);
}

TEST(Exploring, WithinAnExplorationIsALogicError) {
  EXPECT_TRUE(passes([] {
    bool has_thrown = false;
    try {
      (void)explore([] {});
    } catch (const std::logic_error&) {
      has_thrown = true;
    }
    require(has_thrown);
  }));
}

TEST(Exploring, IsWhatTheProgramIsToldToBeAt) {
  EXPECT_FALSE(is_exploring());
  EXPECT_TRUE(passes([] {
    require(is_exploring());
    std::thread([] { require(is_exploring()); }).join();
  }));
  EXPECT_FALSE(is_exploring());
}

// Where nobody explores

TEST(Outside, TheFunctionsDoAsIfItWereTheOnlyExecution) {
  require(true);
  assume(false);
  outcome("of no consequence");
  EXPECT_EQ(choose(7), 0);
}

TEST(OutsideDeathTest, ARequirementThatDoesNotHoldAborts) {
  EXPECT_DEATH(require(false), "interface_test.cpp:[0-9]+: a requirement does not hold");
}

template <class T>
void count_natively() {
  std::atomic<T> count{0};
  std::atomic<T> exchanged{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) {
        count.fetch_add(1, std::memory_order_relaxed);
        T seen = exchanged.load();
        while (!exchanged.compare_exchange_weak(seen, static_cast<T>(seen + 1))) {
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count.load(), static_cast<T>(4000));
  EXPECT_EQ(exchanged.exchange(1), static_cast<T>(4000));
}

TEST(Outside, AtomicsAndThreadsAreNative) {
  count_natively<std::uint8_t>();
  count_natively<std::uint16_t>();
  count_natively<std::uint32_t>();
  count_natively<std::uint64_t>();
}

// GoogleTest's assertions

TEST(Assertions, OfGoogleTestThatHoldMayBeUsedInExploredCode) {
  EXPECT_TRUE(passes([] {
    std::thread thread([] { EXPECT_EQ(choose(2) / 2, 0); });
    thread.join();
    ASSERT_TRUE(is_exploring());
  }));
}

TEST(Assertions, OfGoogleTestThatDoNotHoldFailTheTest) {
  EXPECT_NONFATAL_FAILURE_ON_ALL_THREADS((void)explore([] {
                                           const int chosen = choose(3);
                                           EXPECT_NE(chosen, 1) << "in explored code";
                                         }),
                                         "in explored code");
}

}  // namespace
}  // namespace lockstep::check
