// A token brings back the execution that it was printed for, and nothing else.
#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

/// Wrong in one of its executions: both reads see 0.
void store_buffering() {
  std::atomic<int> x{0}, y{0};
  int a = 0;
  std::thread thread([&] {
    x.store(1, relaxed);
    a = y.load(relaxed);
  });
  y.store(1, relaxed);
  const int b = x.load(relaxed);
  thread.join();
  require(a != 0 || b != 0);
}

std::string token_of_store_buffering() {
  const Result result = explored(&store_buffering);
  EXPECT_EQ(result.wrong, Wrong::requirement) << result;
  return result.token;
}

TEST(Replay, TheTokenIsInTheReport) {
  const Result result = explored(&store_buffering);
  EXPECT_NE(result.report.find(result.token), std::string::npos) << result;
  EXPECT_FALSE(result.token.empty());
}

TEST(Replay, RepeatsTheWrongExecutionAndNoOther) {
  const Result found = explored(&store_buffering);
  const Result again = replayed(&store_buffering, found.token);
  EXPECT_EQ(again.verdict, Verdict::failed);
  EXPECT_EQ(again.wrong, Wrong::requirement);
  EXPECT_EQ(again.report, found.report);
  EXPECT_EQ(again.executions + again.blocked + again.cut, 0u);
}

TEST(Replay, OfARightExecutionSaysThatItIsOne) {
  const auto program = [](bool is_wrong) {
    return [is_wrong] {
      std::atomic<int> x{0};
      std::thread thread([&] { x = 1; });
      const int seen = x;
      thread.join();
      require(seen == 0 || !is_wrong);
    };
  };
  const Result found = explored(program(true));
  ASSERT_EQ(found.wrong, Wrong::requirement) << found;
  const Result repaired = replayed(program(false), found.token);
  EXPECT_EQ(repaired.verdict, Verdict::bounded) << repaired;
  EXPECT_TRUE(repaired.found_nothing());
  EXPECT_EQ(repaired.bound, "only the execution of the token");
  EXPECT_EQ(repaired.executions, 1u);
}

TEST(Replay, TheEnvironmentMayNameTheToken) {
  const std::string token = token_of_store_buffering();
  setenv("LOCKSTEP_REPLAY", token.c_str(), 1);
  const Result again = explore(&store_buffering);
  unsetenv("LOCKSTEP_REPLAY");
  EXPECT_EQ(again.wrong, Wrong::requirement);
  EXPECT_EQ(again.token, token);
  EXPECT_EQ(again.executions, 0u);
}

TEST(Replay, ATokenWithOneCharacterChangedIsInvalid) {
  const std::string token = token_of_store_buffering();
  for (std::size_t i = 0; i + 1 < token.size(); ++i) {  // of the last one, some bits say nothing
    std::string broken = token;
    broken[i] = broken[i] == 'B' ? 'C' : 'B';
    EXPECT_THROW((void)replayed(&store_buffering, broken), std::invalid_argument) << broken;
  }
}

TEST(Replay, ATokenThatIsCutShortIsInvalid) {
  const std::string token = token_of_store_buffering();
  for (std::size_t size = 1; size < token.size(); ++size) {
    EXPECT_THROW((void)replayed(&store_buffering, token.substr(0, size)), std::invalid_argument)
        << size;
  }
}

TEST(Replay, ATokenOfAnotherModelIsInvalid) {
  Options options;
  options.model = MemoryModel::sc;
  EXPECT_THROW((void)replayed(&store_buffering, token_of_store_buffering(), options),
               std::invalid_argument);
}

/// Says clearly that the token is of another program.
testing::AssertionResult is_told_apart(const Program& program) {
  const Result result = replayed(program, token_of_store_buffering());
  const bool is_clear = result.report.find("the token") != std::string::npos;
  const bool is_refused = result.verdict == Verdict::refused && result.wrong == Wrong::unsupported;
  return (is_refused && is_clear ? testing::AssertionSuccess() : testing::AssertionFailure())
         << result;
}

TEST(Replay, AProgramThatDoesSomethingElseIsToldApart) {
  EXPECT_TRUE(is_told_apart([] {
    std::atomic<int> x{0};
    (void)x.load();
  }));
}

TEST(Replay, AProgramOfOneThreadIsToldApart) {
  EXPECT_TRUE(is_told_apart([] {
    std::atomic<int> x{0};
    for (int i = 0; i < 100; ++i) x.store(i);
  }));
}

TEST(Replay, AProgramWithMoreThreadsIsToldApart) {
  EXPECT_TRUE(is_told_apart([] {
    std::thread a([] {}), b([] {}), c([] {});
    a.join();
    b.join();
    c.join();
  }));
}

TEST(Replay, AProgramThatChoosesIsToldApart) {
  EXPECT_TRUE(is_told_apart([] { (void)choose(5); }));
}

TEST(Replay, AProgramThatEndsEarlierIsToldApart) {
  EXPECT_TRUE(is_told_apart([] {}));
  EXPECT_TRUE(is_told_apart([] { std::thread([] {}).join(); }));
}

}  // namespace
}  // namespace lockstep::check
