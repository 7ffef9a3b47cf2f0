// The scenarios of another header: include it here and name its lists in all_programs.
#include "programs.hpp"

// How often a thread looks before it sleeps. Spinning adds executions and, but for what it looks at, no behaviour: only
// the scenarios of spinning.hpp do it, and they do not yield.
static int spin_budget = 0;
#define LOCKSTEP_SPIN_BUDGET spin_budget
#define LOCKSTEP_YIELDS 0

#define LOCKSTEP_SCENARIO_TOOLS "../model/claims.hpp"

#include <array>
#include <thread>

#if __has_include(<asio/version.hpp>) || __has_include(<boost/asio/version.hpp>)
#define LOCKSTEP_ASIO_SCENARIOS 1
#include "asio_waits.hpp"
#endif
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
#include "histories.hpp"
#include "lock.hpp"
#include "loop.hpp"
#include "names.hpp"
#include "rlock.hpp"
#include "semaphore.hpp"
#include "spinning.hpp"
#include "timer.hpp"

namespace model {

namespace {

/// The caller is the scenario's first thread.
template <class Scenario>
void run() {
  Scenario scenario;
  std::array<std::thread, Scenario::threads - 1> others;
  for (int index = 1; std::thread & other : others) {
    other = std::thread([&scenario, index] { scenario.thread(index); });
    ++index;
  }
  scenario.thread(0);
  for (std::thread& other : others) other.join();
  if constexpr (requires { scenario.finish(); }) scenario.finish();
}

template <class... Scenarios>
void append(std::vector<Program>& programs, const char* primitive, scenarios::List<Scenarios...>) {
  (programs.push_back({primitive, scenarios::name_of<Scenarios>(), &run<Scenarios>}), ...);
}

/// The library asks the system once how many processors there are. Outside of any exploration.
void ask_for_processors() {
  spin_budget = 1;
  static_cast<void>(lockstep::os::Spin().step());
  spin_budget = 0;
}

}  // namespace

std::vector<Program> all_programs() {
  ask_for_processors();
  std::vector<Program> programs;
  append(programs, "Lock", scenarios::LockScenarios{});
  append(programs, "Lock", scenarios::LockStopScenarios{});
  append(programs, "RLock", scenarios::RLockScenarios{});
  append(programs, "RLock", scenarios::RLockStopScenarios{});
  append(programs, "Condition", scenarios::ConditionScenarios{});
  append(programs, "Condition", scenarios::ConditionStopScenarios{});
  append(programs, "Semaphore", scenarios::SemaphoreScenarios{});
  append(programs, "Semaphore", scenarios::SemaphoreStopScenarios{});
  append(programs, "Event", scenarios::EventScenarios{});
  append(programs, "Event", scenarios::EventStopScenarios{});
  append(programs, "Barrier", scenarios::BarrierScenarios{});
  append(programs, "Barrier", scenarios::BarrierStopScenarios{});
  append(programs, "Coroutine", scenarios::CoroutineLockScenarios{});
  append(programs, "Coroutine", scenarios::CoroutineFateScenarios{});
  append(programs, "Coroutine", scenarios::CoroutineRLockScenarios{});
  append(programs, "Coroutine", scenarios::CoroutineSemaphoreScenarios{});
  append(programs, "Coroutine", scenarios::CoroutineEventScenarios{});
  append(programs, "Coroutine", scenarios::CoroutineConditionScenarios{});
  append(programs, "Coroutine", scenarios::CoroutineBarrierScenarios{});
  append(programs, "Coroutine", scenarios::CoroutineBrokenBarrierScenarios{});
  append(programs, "Barrier", scenarios::CoroutineCrowdScenarios{});
  append(programs, "Coroutine", scenarios::CoroutineTogetherScenarios{});
  append(programs, "Timer", scenarios::TimerScenarios{});
  append(programs, "Timer", scenarios::CoroutineTimerScenarios{});
  append(programs, "Async", scenarios::AsyncScenarios{});
  append(programs, "Async", scenarios::LoopScenarios{});
#ifdef LOCKSTEP_ASIO_SCENARIOS
  append(programs, "Asio", scenarios::AsioScenarios{});
#endif
  append(programs, "Barrier", scenarios::SpinningBarrierScenarios{});
  append(programs, "Lock", scenarios::SpinningLockScenarios{});
  append(programs, "Condition", scenarios::SpinningConditionScenarios{});
  append(programs, "Lock", scenarios::LockHistories{});
  append(programs, "RLock", scenarios::RLockHistories{});
  append(programs, "Semaphore", scenarios::SemaphoreHistories{});
  append(programs, "Event", scenarios::EventHistories{});
  append(programs, "Barrier", scenarios::BarrierHistories{});
  append(programs, "Queue", scenarios::QueueHistories{});
  return programs;
}

}  // namespace model
