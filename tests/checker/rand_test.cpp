// rand() and its like give the same numbers in each execution.
#include <atomic>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include "explored.hpp"

namespace lockstep::check {
namespace {

unsigned global_state = 1;

/// One number of each kind.
std::vector<double> numbers() {
  return {static_cast<double>(std::rand()),
          static_cast<double>(random()),
          static_cast<double>(lrand48()),
          static_cast<double>(mrand48()),
          drand48(),
          static_cast<double>(rand_r(&global_state))};
}

/// They come out the same in two executions.
testing::AssertionResult repeats(const std::function<std::vector<double>()>& numbers) {
  std::vector<std::vector<double>> seen;
  seen.reserve(3);
  const Result result = explored([&] {
    const std::vector<double> now = numbers();
    outcome(testing::PrintToString(now));
    (void)choose(3);
  });
  const bool is_one = result.passed() && result.executions == 3 && result.outcomes.size() == 1;
  return (is_one ? testing::AssertionSuccess() : testing::AssertionFailure())
         << result << testing::PrintToString(result.outcomes);
}

TEST(Rand, TheSameInEachExecution) { EXPECT_TRUE(repeats(&numbers)); }

TEST(Rand, TheSameInEachExecutionFromASeed) {
  EXPECT_TRUE(repeats([] {
    std::srand(7);
    srand48(8);
    return numbers();
  }));
}

TEST(Rand, ASeedMakesAnother) {
  EXPECT_TRUE(passes([] {
    const int first = std::rand();
    std::srand(7);
    const int second = std::rand();
    std::srand(7);
    require(std::rand() == second && first != second);
  }));
}

TEST(Rand, TheNumbersOfAThreadDoNotDependOnWhatOthersTook) {
  const Result result = explored([] {
    std::atomic<int> x{0};
    int in_thread = 0;
    std::thread thread([&] {
      x = 1;
      in_thread = std::rand();
    });
    (void)x.load();
    const int here = std::rand();
    thread.join();
    outcome(std::to_string(here) + ' ' + std::to_string(in_thread));
    require(here != in_thread);
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 2u);
  EXPECT_EQ(result.outcomes.size(), 1u) << result;
}

TEST(Rand, TheNumbersOutsideAreNotUsedUp) {
  std::srand(3);
  const int first = std::rand(), second = std::rand();
  std::srand(3);
  EXPECT_EQ(std::rand(), first);
  EXPECT_TRUE(passes([] { (void)std::rand(); }));
  EXPECT_EQ(std::rand(), second);
}

TEST(Rand, ALoopThatTakesNumbersIsNotTakenForOneThatWaits) {
  EXPECT_TRUE(passes([] {
    std::atomic<int> x{0};
    while (x.load() == 0 && std::rand() % 4 != 0) {
    }
  }));
}

}  // namespace
}  // namespace lockstep::check
