// Asymmetric fences: one thread's membarrier() is a full fence for the other's accesses, if that has a
// fence of the compiler's between them.
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>

#include "outcomes.hpp"

namespace lockstep::check {
namespace {

enum class Fence { none, light, heavy };

void do_fence(Fence fence) {
  if (fence == Fence::light) std::atomic_signal_fence(std::memory_order_seq_cst);
  if (fence == Fence::heavy) {
    require(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0);
  }
}

/// Each writes its own and reads the other's: Dekker's.
Program store_buffering(Fence one, Fence other) {
  return [=] {
    std::atomic<int> x{0}, y{0};
    int seen = 0;
    std::thread thread([&] {
      x.store(1, std::memory_order_relaxed);
      do_fence(one);
      seen = y.load(std::memory_order_relaxed);
    });
    y.store(1, std::memory_order_relaxed);
    do_fence(other);
    const int mine = x.load(std::memory_order_relaxed);
    thread.join();
    outcome(std::to_string(seen) + std::to_string(mine));
  };
}

TEST(Membarrier, ForbidsThatBothSeeNothingIfTheOtherHasALightFence) {
  EXPECT_TRUE(
      counts(store_buffering(Fence::light, Fence::heavy), {{"01", 1}, {"10", 1}, {"11", 1}}));
  EXPECT_TRUE(
      counts(store_buffering(Fence::heavy, Fence::heavy), {{"01", 1}, {"10", 1}, {"11", 1}}));
}

TEST(Membarrier, IsNotEnoughWithoutALightFence) {
  EXPECT_TRUE(comes_to(store_buffering(Fence::none, Fence::heavy), {"00", "01", "10", "11"}));
}

TEST(Membarrier, LightFencesAloneOrderNothing) {
  EXPECT_TRUE(comes_to(store_buffering(Fence::light, Fence::light), {"00", "01", "10", "11"}));
}

TEST(Membarrier, IsNamedInTheVerdictThatItWeakens) {
  const Result result = explored(store_buffering(Fence::light, Fence::heavy));
  EXPECT_EQ(result.limits, "light fences taken for full ones");
}

TEST(Membarrier, SaysWhatItCanDo) {
  EXPECT_TRUE(passes([] {
    const long known = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
    require((known & MEMBARRIER_CMD_PRIVATE_EXPEDITED) != 0);
    require(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0);
  }));
  EXPECT_TRUE(is_refused([] { syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0); },
                         {"membarrier command 1 is not modelled"}));
}

}  // namespace
}  // namespace lockstep::check
