// Specifies what a child process has after fork (SEMANTICS O6, and the words on it in lock.hpp and
// timer.hpp): fresh objects work, timers that the parent started never fire in the child and can be
// destroyed there, and the parent does not notice.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "coroutines.hpp"
#include "lockstep/lockstep.hpp"
#include "running_timer.hpp"
#include "threads.hpp"

// A sanitized child may start threads only on request, if the parent had several.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0"; }

namespace {

using namespace std::chrono_literals;
using lockstep::Event;
using lockstep::Timer;
using lockstep::test::BlockedThread;
using lockstep::test::Detached;
using lockstep::test::RunningTimer;

/// Do all threads but the caller sleep?
bool do_others_sleep() {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    if (task.path().filename() == std::to_string(::gettid())) continue;
    std::ifstream file(task.path() / "stat");
    std::string stat;
    std::getline(file, stat);
    if (!stat.empty() && stat.find(") S ") == std::string::npos) return false;
  }
  return true;
}

/// Is `claim` true in a child process, whatever it takes to find out?
bool holds_in_child(const std::function<bool()>& claim) {
  // The address sanitizer of gcc 12 does not take its allocator's locks for a fork: one that a thread of the
  // parent holds, because it is just starting, stays locked in the child for ever.
  while (lockstep::test::sanitized && !do_others_sleep()) std::this_thread::yield();
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(200);  // rather than stay behind if it hangs
    ::_exit(claim() ? 0 : 1);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// A parent that has used everything, so that whatever is started on first use is there.
class Fork : public testing::Test {
 protected:
  Fork() {
    Timer timer(0s, [] {});
    timer.start();
    timer.join();
  }
};

// Fresh objects in the child

TEST_F(Fork, AFreshLockWorksInTheChild) {
  EXPECT_TRUE(holds_in_child([] {
    lockstep::Lock lock;
    lock.acquire();
    BlockedThread waiter([&] { lock.acquire(); });
    waiter.wait_until_asleep();
    lock.release();
    waiter.join();
    return lock.locked();
  }));
}

TEST_F(Fork, AFreshRLockBelongsToTheChildsThread) {
  EXPECT_TRUE(holds_in_child([] {
    lockstep::RLock lock;
    lock.acquire();
    lock.acquire();
    bool taken = true;
    BlockedThread([&] { taken = lock.try_acquire(); }).join();
    return lock.depth() == 2 && !taken;
  }));
}

TEST_F(Fork, AFreshConditionWorksInTheChild) {
  EXPECT_TRUE(holds_in_child([] {
    lockstep::Condition condition;
    bool notified = false;
    BlockedThread waiter([&] {
      const std::scoped_lock guard(condition);
      notified = condition.wait_for(24h);
    });
    waiter.wait_until_asleep();
    condition.acquire();
    condition.notify();
    condition.release();
    waiter.join();
    return notified;
  }));
}

TEST_F(Fork, AFreshSemaphoreAndEventWorkInTheChild) {
  EXPECT_TRUE(holds_in_child([] {
    lockstep::Semaphore semaphore(0);
    lockstep::Event event;
    BlockedThread waiter([&] {
      semaphore.acquire();
      event.set();
    });
    waiter.wait_until_asleep();
    semaphore.release();
    event.wait();
    return true;
  }));
}

TEST_F(Fork, AFreshBarrierWorksInTheChild) {
  EXPECT_TRUE(holds_in_child([] {
    int actions = 0;
    lockstep::Barrier barrier(2, [&] { ++actions; });
    BlockedThread party([&] { barrier.wait(); });
    party.wait_until_asleep();
    return barrier.wait() == 1 && actions == 1;
  }));
}

TEST_F(Fork, AFreshTimerWorksInTheChildAndItsChild) {
  const auto fires = [] {
    bool called = false;
    Timer timer(1ms, [&] { called = true; });
    timer.start();
    timer.join();
    return called;
  };
  EXPECT_TRUE(holds_in_child([&] { return fires() && holds_in_child(fires); }));
  EXPECT_TRUE(fires());
}

// Objects of the parent

TEST_F(Fork, ALockThatNobodyUsedGoesOnInBoth) {
  lockstep::Lock lock;
  lock.acquire();
  EXPECT_TRUE(holds_in_child([&] {
    lock.release();
    return lock.try_acquire();
  }));
  EXPECT_TRUE(lock.locked()) << "the child has its own";
}

TEST_F(Fork, ATimerThatWasNotStartedCanBeStartedInEach) {
  std::atomic<int> calls{0};
  Timer timer(0s, [&] { ++calls; });
  const auto fires = [&] {
    timer.start();
    timer.join();
    return calls == 1;
  };
  EXPECT_TRUE(holds_in_child(fires));
  EXPECT_TRUE(fires());
}

TEST_F(Fork, APendingTimerFiresInTheParentOnly) {
  std::atomic<int> calls{0};
  Timer timer(20ms, [&] { ++calls; });
  timer.start();
  EXPECT_TRUE(holds_in_child([&] {
    const int before = calls;
    Timer later(25ms, [] {});  // when this fires, the parent's is due
    later.start();
    later.join();
    return !timer.is_alive() && !timer.cancel() && calls == before;
  }));
  timer.join();
  EXPECT_EQ(calls, 1);
}

TEST_F(Fork, APendingTimerOfTheParentIsJoinedAtOnceInTheChild) {
  Timer timer(24h, [] {});
  timer.start();
  EXPECT_TRUE(holds_in_child([&] {
    timer.join();
    return timer.join_for(24h);
  }));
  EXPECT_TRUE(timer.is_alive());
}

TEST_F(Fork, APendingTimerOfTheParentCanBeDestroyedInTheChild) {
  std::deque<std::unique_ptr<Timer>> timers;
  for (int i = 0; i < 100; ++i) {
    timers.push_back(std::make_unique<Timer>(24h + std::chrono::milliseconds(i * 37 % 100), [] {}));
    timers.back()->start();
  }
  EXPECT_TRUE(holds_in_child([&] {
    Timer own(0s, [] {});
    own.start();
    timers.clear();
    own.join();
    return true;
  }));
  for (const auto& timer : timers) EXPECT_TRUE(timer->cancel()) << "the parent's are as they were";
}

TEST_F(Fork, ARunningTimerOfTheParentCanBeDestroyedInTheChild) {
  RunningTimer running;
  EXPECT_TRUE(holds_in_child([&] {
    const bool alive = running.timer->is_alive();
    running.timer.reset();  // nobody runs its callback here
    return !alive;
  }));
  EXPECT_TRUE(running.timer->is_alive());
  running.end();
  running.timer->join();
  EXPECT_TRUE(running.has_ended());
}

TEST_F(Fork, AFiredTimerOfTheParentCanBeJoinedInTheChild) {
  Timer timer(0s, [] {});
  timer.start();
  timer.join();
  EXPECT_TRUE(holds_in_child([&] {
    timer.join();
    return !timer.is_alive() && !timer.cancel();
  }));
}

TEST_F(Fork, ACoroutineWithADeadlineOfTheParentGoesOnInTheChild) {
  Event event;
  bool released = false;
  const auto body = [&](int) -> Detached { released = co_await event.async_wait_for(1h); };
  body(0);
  EXPECT_TRUE(holds_in_child([&] {
    event.set();
    return released;
  }));
  EXPECT_FALSE(released);
  event.set();
  EXPECT_TRUE(released);
}

TEST_F(Fork, AnyMomentWillDoForIt) {
  // Forks while other threads start and cancel timers: whatever the service is doing then, the
  // child's is a new one.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP()
      << "the sanitizers cannot fork while threads are being started: the thread sanitizer "
         "dies of a \"dup thread\", and the address sanitizer's allocator stays locked in a child";
#endif
  std::jthread busy([](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      Timer fires(0s, [] {});
      Timer cancelled(24h, [] {});
      fires.start();
      cancelled.start();
      cancelled.cancel();
      fires.join();
    }
  });
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(holds_in_child([] {
      bool called = false;
      Timer timer(0s, [&] { called = true; });
      timer.start();
      timer.join();
      return called;
    }));
  }
}

}  // namespace
