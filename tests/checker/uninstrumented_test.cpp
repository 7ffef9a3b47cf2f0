// Compiled without the instrumentation, on purpose: only the library is linked.
#include <atomic>
#include <string>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

TEST(Uninstrumented, AProgramIsRefusedInsteadOfPassed) {
  EXPECT_TRUE(is_refused(
      [] {
        int payload = 0;
        std::thread thread([&] { payload = 1; });
        payload = 2;  // a race that nobody would see
        thread.join();
      },
      {"not explored", "not instrumented", "lockstep::checker"}));
}

TEST(Uninstrumented, AProgramRunsNativelyOutsideExplorations) {
  std::atomic<int> count{0};
  std::thread thread([&] { ++count; });
  ++count;
  thread.join();
  EXPECT_EQ(count, 2);
}

}  // namespace
}  // namespace lockstep::check
