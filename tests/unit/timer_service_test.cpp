// Specifies wait/alarm_service.hpp through lockstep/timer.hpp: no callback delays another timer, a
// million may be pending, and while none is due the service sleeps (SEMANTICS TI3-TI5).

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "lockstep/event.hpp"
#include "lockstep/timer.hpp"
#include "running_timer.hpp"
#include "threads.hpp"

namespace {

using namespace std::chrono_literals;
using lockstep::Event;
using lockstep::Timer;
using lockstep::test::RunningTimer;
using lockstep::test::sanitized;

void nothing() {}

/// Starts a timer that is due at once, and returns when it has fired.
void expect_fires_at_once() {
  Timer timer(0s, nothing);
  timer.start();
  timer.join();
}

// No callback waits for another

TEST(TimerService, ATimerFiresWhileAnotherOnesCallbackRuns) {
  RunningTimer running;
  expect_fires_at_once();
  Timer later(1ms, nothing);
  later.start();
  later.join();
  EXPECT_FALSE(running.has_ended());
}

TEST(TimerService, ManyCallbacksMayBlockAtOnce) {
  constexpr std::size_t count = 50;
  std::atomic<std::size_t> begun{0};
  Event all_have_begun;
  const auto callback = [&] {
    if (++begun == count + 1) all_have_begun.set();
    all_have_begun.wait();  // for each other, and for the test
  };
  std::deque<Timer> timers;
  for (std::size_t i = 0; i < count; ++i)
    timers.emplace_back(std::chrono::microseconds(i % 7), callback).start();
  while (begun != count) std::this_thread::yield();
  expect_fires_at_once();
  for (const Timer& timer : timers) EXPECT_TRUE(timer.is_alive());
  callback();
  for (Timer& timer : timers) timer.join();
}

TEST(TimerService, ACallbackMayStartATimerAndWaitForIt) {
  constexpr int depth = 20;
  std::function<void(int)> nest = [&](int level) {
    if (level == depth) return;
    Timer inner(0s, nest, level + 1);
    inner.start();
    inner.join();
  };
  Timer outer(0s, nest, 0);
  outer.start();
  outer.join();
}

TEST(TimerService, ACallbackMayStartTheNext) {
  constexpr std::size_t count = 1'000;
  std::deque<Timer> chain;
  std::atomic<std::size_t> fired{0};
  for (std::size_t i = 0; i < count; ++i) {
    chain.emplace_back(0s, [&chain, &fired, i] {
      ++fired;
      if (i + 1 < count) chain[i + 1].start();
    });
  }
  chain.front().start();
  for (Timer& timer : chain) timer.join();  // each was started before the one before it ended
  EXPECT_EQ(fired, count);
}

TEST(TimerService, ACallbackMayCancelAndDestroyAnotherTimer) {
  std::optional<Timer> victim;
  victim.emplace(24h, [] { ADD_FAILURE() << "it was cancelled"; });
  victim->start();
  Timer timer(0s, [&] {
    EXPECT_TRUE(victim->cancel());
    victim.reset();
  });
  timer.start();
  timer.join();
  EXPECT_FALSE(victim);
}

TEST(TimerService, AnEarlierTimerFiresWhileItWaitsForALaterOne) {
  std::vector<std::unique_ptr<Timer>> later;
  for (const auto interval : {24h * 3, 24h * 2, 24h * 1}) {
    later.push_back(std::make_unique<Timer>(interval, nothing));
    later.back()->start();
    expect_fires_at_once();
    Timer soon(1ms, nothing);
    soon.start();
    soon.join();
  }
  for (const auto& timer : later) {
    EXPECT_TRUE(timer->is_alive());
    EXPECT_TRUE(timer->cancel());
  }
}

TEST(TimerService, ALaterTimerFiresAfterAnEarlierOneWasCancelled) {
  Timer earlier(1ms, nothing);
  Timer later(2ms, nothing);
  earlier.start();
  later.start();
  earlier.cancel();
  later.join();
}

// Many

TEST(TimerService, AMillionTimersFireOnceUnlessCancelled) {
  constexpr std::size_t count = sanitized ? 100'000 : 1'000'000;
  std::mt19937 random(1);
  std::vector<unsigned char> fired(count);
  std::deque<Timer> timers;
  for (std::size_t i = 0; i < count; ++i) {
    const auto soon = std::chrono::microseconds(random() % 20'000);
    timers.emplace_back(i % 2 == 0 ? std::chrono::microseconds(24h) + soon : soon,
                        [&fired, i] { ++fired[i]; });
  }
  for (Timer& timer : timers) timer.start();

  std::vector<std::size_t> to_cancel(count / 2);
  for (std::size_t i = 0; i < to_cancel.size(); ++i) to_cancel[i] = 2 * i;
  std::shuffle(to_cancel.begin(), to_cancel.end(), random);
  std::size_t cancelled = 0;
  for (const std::size_t i : to_cancel) cancelled += timers[i].cancel();
  EXPECT_EQ(cancelled, count / 2);

  for (Timer& timer : timers) timer.join();
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < count; ++i) wrong += fired[i] != i % 2;
  EXPECT_EQ(wrong, 0u);
}

TEST(TimerService, ThreadsMayStartCancelAndDestroyTimersAllAtOnce) {
  constexpr int threads = 4;
  constexpr int rounds = sanitized ? 500 : 5'000;
  std::atomic<int> called{0};
  std::atomic<int> prevented{0};
  {
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t) {
      workers.emplace_back([&, t] {
        std::minstd_rand random(static_cast<unsigned>(t + 1));
        std::deque<Timer> timers;
        for (int round = 0; round < rounds; ++round) {
          timers.emplace_back(std::chrono::microseconds(random() % 200), [&] { ++called; }).start();
          if (random() % 2 == 0) prevented += timers[random() % timers.size()].cancel();
          if (timers.size() == 10) {
            timers.front().join();
            timers.pop_front();
          }
        }
        for (Timer& timer : timers) timer.join();
      });
    }
  }
  EXPECT_EQ(called + prevented, threads * rounds);
}

// Its threads

/// The arguments of the system call in which each of the service's threads sleeps; empty for one
/// that is running.
std::vector<std::string> service_threads() {
  std::vector<std::string> calls;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    if (name != "lockstep-timer") continue;
    std::string call;
    std::getline(std::ifstream(task.path() / "syscall"), call);
    calls.push_back(call.starts_with(std::to_string(SYS_futex) + ' ') ? call : "");
  }
  return calls;
}

/// Is `call` a futex call without a timeout?
bool is_for_ever(const std::string& call) {
  unsigned long timeout = 1;
  return std::sscanf(call.c_str(), "%*d %*x %*x %*x %lx", &timeout) == 1 && timeout == 0;
}

/// Returns when one thread keeps watch, for ever, and the others, if there are any from a time when
/// there was more to do, sleep until they end.
void await_sleeping_service() {
  for (;; std::this_thread::yield()) {
    const std::vector<std::string> calls = service_threads();
    const bool all_asleep = std::count(calls.begin(), calls.end(), "") == 0;
    if (all_asleep && std::count_if(calls.begin(), calls.end(), is_for_ever) == 1) return;
  }
}

TEST(TimerService, SleepsForEverWhileNothingIsPending) {
  expect_fires_at_once();
  await_sleeping_service();
  Timer cancelled(24h, nothing);
  cancelled.start();
  cancelled.cancel();
  expect_fires_at_once();
  await_sleeping_service();
}

TEST(TimerService, NeedsNoThreadForPendingTimersButTheOneThatKeepsWatch) {
  expect_fires_at_once();
  await_sleeping_service();
  const std::size_t before = service_threads().size();
  std::deque<Timer> timers;
  for (int i = 0; i < 1'000; ++i) timers.emplace_back(24h, nothing).start();
  EXPECT_LE(service_threads().size(), before);
}

TEST(TimerService, UsesTheThreadsOfOneBurstForTheNext) {
  constexpr std::size_t burst = 10;
  {
    const std::deque<RunningTimer> running(burst);
  }
  await_sleeping_service();
  const std::size_t before = service_threads().size();
  const std::deque<RunningTimer> running(burst);
  EXPECT_LE(service_threads().size(), std::max(before, burst));
}

/// For so long this process gets no more than a megabyte of memory, and so no stack for a thread.
class NoMemoryForThreads {
 public:
  NoMemoryForThreads() {
    ::getrlimit(RLIMIT_AS, &before_);
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    rlimit less = before_;
    less.rlim_cur = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) + (1U << 20U);
    ::setrlimit(RLIMIT_AS, &less);
  }
  ~NoMemoryForThreads() { ::setrlimit(RLIMIT_AS, &before_); }
  NoMemoryForThreads(const NoMemoryForThreads&) = delete;
  NoMemoryForThreads& operator=(const NoMemoryForThreads&) = delete;

 private:
  rlimit before_{};
};

bool is_refused_without_memory() {
  const NoMemoryForThreads now;
  try {
    Timer timer(0s, nothing);
    timer.start();
  } catch (const std::system_error&) {
    return true;
  }
  return false;
}

/// Ends the process: with 0 if each start is refused until there is memory again.
[[noreturn]] void start_without_and_with_memory() {
  const bool refused = is_refused_without_memory() && is_refused_without_memory();
  expect_fires_at_once();
  std::_Exit(refused ? 0 : 1);
}

TEST(TimerService, RefusesToStartATimerWithoutAThreadAndIsReadyForTheNext) {
  if (sanitized) GTEST_SKIP() << "the sanitizers reserve more memory than may be limited";
  // In a new process, whose service has no thread yet.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(start_without_and_with_memory(), testing::ExitedWithCode(0), "");
}

// This takes the five seconds after which they end.
TEST(TimerService, EndsTheThreadsThatItNoLongerNeeds) {
  {
    std::deque<RunningTimer> running(10);
    EXPECT_GE(service_threads().size(), 10u);
  }
  while (service_threads().size() > 1) std::this_thread::sleep_for(1ms);
  expect_fires_at_once();
}

}  // namespace
