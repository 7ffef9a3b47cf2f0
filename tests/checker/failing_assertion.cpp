// Fails on purpose: assertions of GoogleTest that do not hold, in explored code. ctest looks at what it prints.
#include <atomic>
#include <string>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

TEST(FailingAssertion, IsReportedThoughItsExecutionIsGone) {
  const Result result = explore([] {
    std::atomic<int> x{0};
    std::thread thread([&] {
      for (int i = 0; i < 5; ++i)
        EXPECT_EQ(x.load(), 7) << "in a thread, " << std::string(100, 'x');
    });
    const int chosen = choose(50);
    EXPECT_NE(chosen, 10) << "in the first thread";
    thread.join();
  });
  std::string all;
  for (int i = 0; i < 1000; ++i) all += std::string(i % 100, 'y');
  EXPECT_EQ(result.executions, 50u) << result;
}

}  // namespace
}  // namespace lockstep::check
