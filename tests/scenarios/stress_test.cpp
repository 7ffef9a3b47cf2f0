// The scenarios as stress: each one many times, on real threads that start together.
//
// What it can find is what the machine happens to do; under the thread sanitizer also every race
// that is not ordered by the primitives, whether it went wrong or not. A scenario that hangs is a
// lost wake-up: ctest ends it.

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

// How long those that wait spin before they sleep: changed from run to run.
static std::atomic<int> spin_budget{0};
#define LOCKSTEP_SPIN_BUDGET spin_budget.load(std::memory_order_relaxed)

// So that permits are handed over often.
#define LOCKSTEP_PATIENCE 1

#include "async.hpp"
#include "barrier.hpp"
#include "condition.hpp"
#include "coroutine_barrier.hpp"
#include "coroutine_broken_barrier.hpp"
#include "coroutine_condition.hpp"
#include "coroutine_crowd.hpp"
#include "coroutine_event.hpp"
#include "coroutine_fate.hpp"
#include "coroutine_lock.hpp"
#include "coroutine_semaphore.hpp"
#include "coroutine_timer.hpp"
#include "coroutine_together.hpp"
#include "event.hpp"
#include "lock.hpp"
#include "loop.hpp"
#include "names.hpp"
#include "rlock.hpp"
#include "semaphore.hpp"
#include "timer.hpp"

namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int runs = 5'000;
#else
constexpr int runs = 10'000;
#endif

/// Delays of up to a microsecond or so, different from run to run, so that the threads meet in ever
/// other places.
class Jitter {
 public:
  explicit Jitter(int seed) noexcept : state_(static_cast<std::uint32_t>(seed) + 1) {}
  void operator()() noexcept {
    state_ = state_ * 1'664'525 + 1'013'904'223;
    for (std::uint32_t i = state_ >> 24; i > 0; --i) idle_.store(i, std::memory_order_relaxed);
  }

 private:
  std::uint32_t state_;
  std::atomic<std::uint32_t> idle_{0};
};

/// Runs a scenario again and again with the same threads, the caller's being the first, and a fresh
/// object each time.
template <class Scenario>
class Stress : public testing::Test {
 private:
  void TestBody() override {
    for (int index = 1; index < Scenario::threads; ++index) {
      others_.emplace_back([this, index] { follow(index); });
    }
    Jitter jitter(0);
    for (int run = 1; run <= runs; ++run) {
      scenario_.emplace();
      spin_budget.store(run % 2 == 0 ? 0 : 7, std::memory_order_relaxed);
      ended_.store(1, std::memory_order_relaxed);
      started_.store(run, std::memory_order_release);
      jitter();
      scenario_->thread(0);
      await(ended_, Scenario::threads);
      if constexpr (requires { scenario_->finish(); }) scenario_->finish();
    }
    for (std::thread& other : others_) other.join();
  }

  void follow(int index) {
    Jitter jitter(index);
    for (int run = 1; run <= runs; ++run) {
      await(started_, run);
      jitter();
      scenario_->thread(index);
      ended_.fetch_add(1, std::memory_order_acq_rel);
    }
  }

  // Without sleeping, so that all see it at about the same time; but the processor may be needed by
  // one of us.
  static void await(const std::atomic<int>& number, int wanted) {
    for (int i = 0; number.load(std::memory_order_acquire) != wanted; ++i) {
      if (i > 100) std::this_thread::yield();
    }
  }

  std::optional<Scenario> scenario_;
  std::atomic<int> started_{0};
  std::atomic<int> ended_{0};
  std::vector<std::thread> others_;
};

template <class... Scenarios>
void register_tests(const char* primitive, scenarios::List<Scenarios...>) {
  (testing::RegisterTest(primitive, scenarios::name_of<Scenarios>().c_str(), nullptr, nullptr,
                         __FILE__, __LINE__,
                         []() -> testing::Test* { return new Stress<Scenarios>; }),
   ...);
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  register_tests("Lock", scenarios::LockScenarios{});
  register_tests("Lock", scenarios::LockStopScenarios{});
  register_tests("RLock", scenarios::RLockScenarios{});
  register_tests("RLock", scenarios::RLockStopScenarios{});
  register_tests("Condition", scenarios::ConditionScenarios{});
  register_tests("Condition", scenarios::ConditionStopScenarios{});
  register_tests("Semaphore", scenarios::SemaphoreScenarios{});
  register_tests("Semaphore", scenarios::SemaphoreStopScenarios{});
  register_tests("Event", scenarios::EventScenarios{});
  register_tests("Event", scenarios::EventStopScenarios{});
  register_tests("Barrier", scenarios::BarrierScenarios{});
  register_tests("Barrier", scenarios::BarrierStopScenarios{});
  register_tests("Coroutine", scenarios::CoroutineLockScenarios{});
  register_tests("Coroutine", scenarios::CoroutineFateScenarios{});
  register_tests("Coroutine", scenarios::CoroutineRLockScenarios{});
  register_tests("Coroutine", scenarios::CoroutineSemaphoreScenarios{});
  register_tests("Coroutine", scenarios::CoroutineEventScenarios{});
  register_tests("Coroutine", scenarios::CoroutineConditionScenarios{});
  register_tests("Coroutine", scenarios::CoroutineBarrierScenarios{});
  register_tests("Coroutine", scenarios::CoroutineBrokenBarrierScenarios{});
  register_tests("Coroutine", scenarios::CoroutineTogetherScenarios{});
  register_tests("Barrier", scenarios::CoroutineCrowdScenarios{});
  register_tests("Timer", scenarios::TimerScenarios{});
  register_tests("Timer", scenarios::CoroutineTimerScenarios{});
  register_tests("Async", scenarios::AsyncScenarios{});
  register_tests("Async", scenarios::LoopScenarios{});
  return RUN_ALL_TESTS();
}
