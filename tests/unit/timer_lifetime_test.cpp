// Specifies the end of a lockstep/timer.hpp: by whom and when it may be destroyed, and what becomes
// of it when the process ends (SEMANTICS TI10, O3).

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "lockstep/event.hpp"
#include "lockstep/timer.hpp"
#include "running_timer.hpp"
#include "threads.hpp"

namespace {

using namespace std::chrono_literals;
using lockstep::Event;
using lockstep::Timer;
using lockstep::test::BlockedThread;
using lockstep::test::RunningTimer;

void nothing() {}

// Destruction

TEST(TimerLifetime, IsCancelledByItsDestructor) {
  bool called = false;
  {
    Timer timer(24h, [&] { called = true; });
    timer.start();
  }
  EXPECT_FALSE(called);
}

TEST(TimerLifetime, IsJoinedByItsDestructor) {
  RunningTimer running;
  BlockedThread destroyer([&] {
    running.timer.reset();
    EXPECT_TRUE(running.has_ended());
  });
  destroyer.wait_until_asleep();
  running.end();
}

TEST(TimerLifetime,
     MayBeDestroyedAsSoonAsItIsNotAlive) {  // O3: the service may still be about to say so
  for (int round = 0; round < 2'000; ++round) {
    auto timer = std::make_unique<Timer>(0s, nothing);
    timer->start();
    while (timer->is_alive()) std::this_thread::yield();
    timer.reset();
  }
}

TEST(TimerLifetime, MayBeDestroyedAsSoonAsItIsJoined) {  // O3
  for (int round = 0; round < 2'000; ++round) {
    auto timer = std::make_unique<Timer>(0s, nothing);
    timer->start();
    timer->join();
    timer.reset();
  }
}

TEST(TimerLifetime, MayBeDestroyedAsSoonAsItsCallbackSaysSo) {  // O3
  for (int round = 0; round < 2'000; ++round) {
    std::atomic<bool> done{false};
    auto timer = std::make_unique<Timer>(0s, [&] { done = true; });
    timer->start();
    while (!done) std::this_thread::yield();
    timer.reset();
  }
}

TEST(TimerLifetime, MayBeDestroyedByItsOwnCallback) {
  std::unique_ptr<Timer> timer;
  Event destroyed;
  timer = std::make_unique<Timer>(
      0s,
      [&](const std::string& argument) {
        timer.reset();
        EXPECT_EQ(argument, "which the callback still has") << argument;
        destroyed.set();
      },
      std::string("which the callback still has"));
  timer->start();
  destroyed.wait();
  Timer next(0s, nothing);
  next.start();
  next.join();
}

TEST(TimerLifetime, MayBeDestroyedByItsOwnCallbackThatThrows) {
  std::unique_ptr<Timer> timer;
  Event destroyed;
  timer = std::make_unique<Timer>(0s, [&] {
    timer.reset();
    destroyed.set();
    throw std::runtime_error("nobody can hear it");
  });
  timer->start();
  destroyed.wait();
}

TEST(TimerLifetime, MayBelongToItsOwnCallback) {  // and so is destroyed when that is
  Event destroyed;
  struct Owner {
    explicit Owner(Event& event) : destroyed(event) {}
    Owner(const Owner&) = delete;
    ~Owner() { destroyed.set(); }
    Event& destroyed;
    std::optional<Timer> timer;
  };
  auto owner = std::make_shared<Owner>(destroyed);
  Owner& alias = *owner;
  alias.timer.emplace(0s, [owner = std::move(owner)] {});
  alias.timer->start();
  destroyed.wait();
}

// The end of the process. Each of these runs in a process of its own, which has to end in good
// order.

class TimerAtExitDeathTest : public testing::Test {
 protected:
  TimerAtExitDeathTest() { testing::FLAGS_gtest_death_test_style = "threadsafe"; }
};

TEST_F(TimerAtExitDeathTest, APendingOneKeepsNobody) {
  const auto exit_with_one_pending = [] {
    static Timer* const leaked = new Timer(24h, nothing);
    leaked->start();
    std::exit(0);
  };
  EXPECT_EXIT(exit_with_one_pending(), testing::ExitedWithCode(0), "");
}

TEST_F(TimerAtExitDeathTest, ARunningOneKeepsNobody) {
  const auto exit_with_one_running = [] {
    static RunningTimer* const leaked = new RunningTimer;
    std::exit(leaked->has_ended() ? 1 : 0);
  };
  EXPECT_EXIT(exit_with_one_running(), testing::ExitedWithCode(0), "");
}

TEST_F(TimerAtExitDeathTest, AStaticPendingOneIsCancelled) {
  const auto exit_with_static = [] {
    static Timer timer(24h, [] { std::_Exit(1); });
    timer.start();
    std::exit(0);
  };
  EXPECT_EXIT(exit_with_static(), testing::ExitedWithCode(0), "");
}

TEST_F(TimerAtExitDeathTest, AStaticRunningOneIsJoined) {
  const auto exit_with_static = [] {
    // Destroyed in reverse: first the trigger, which lets the callback end; then the timer, which
    // waits for that; then the judge.
    static bool returned = false;
    struct Judge {
      ~Judge() {
        if (!returned) std::_Exit(1);
      }
    };
    static Judge judge;
    static Event exiting;
    static Event running;
    static Timer timer(0s, [] {
      running.set();
      exiting.wait();
      returned = true;
    });
    struct Trigger {
      ~Trigger() { exiting.set(); }
    };
    static Trigger trigger;
    timer.start();
    running.wait();
    std::exit(0);
  };
  EXPECT_EXIT(exit_with_static(), testing::ExitedWithCode(0), "");
}

TEST_F(TimerAtExitDeathTest, ACallbackMayEndTheProcess) {
  const auto exit_in_callback = [] {
    static Timer timer(0s,
                       [] { std::exit(7); });  // destroys the timer, on the thread that calls this
    timer.start();
    for (;;) ::pause();
  };
  EXPECT_EXIT(exit_in_callback(), testing::ExitedWithCode(7), "");
}

TEST_F(TimerAtExitDeathTest, OneMayBeStartedByAStaticDestructor) {
  const auto exit_and_start = [] {
    struct Late {
      ~Late() {
        bool called = false;
        Timer timer(0s, [&] { called = true; });
        timer.start();
        timer.join();
        std::_Exit(called ? 0 : 1);
      }
    };
    static Late late;
    std::exit(2);
  };
  EXPECT_EXIT(exit_and_start(), testing::ExitedWithCode(0), "");
}

}  // namespace
