// Specifies lockstep/timer.hpp: what one timer calls, and what its methods answer (SEMANTICS
// TI1-TI9, TI11). Its end, and that of the process: timer_lifetime_test.cpp. Many at once, and the
// service that they share: timer_service_test.cpp.

#include "lockstep/timer.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include "lockstep/error.hpp"
#include "lockstep/os/spin.hpp"
#include "running_timer.hpp"
#include "threads.hpp"

namespace {

using namespace std::chrono_literals;
using lockstep::Error;
using lockstep::Timer;
using lockstep::test::BlockedThread;
using lockstep::test::RunningTimer;
using lockstep::test::sanitized;

void nothing() {}

// TI1: construction

TEST(Timer, StartsNothingUntilItIsStarted) {
  bool called = false;
  {
    Timer timer(0s, [&] { called = true; });
    EXPECT_FALSE(timer.is_alive());
    Timer later(0s, nothing);
    later.start();
    later.join();
  }
  EXPECT_FALSE(called);
}

TEST(Timer, CallsWithCopiesOfTheArgumentsMadeAtConstruction) {
  std::string text = "before";
  int number = 1;
  std::string result;
  Timer timer(
      0s,
      [&](const std::string& a, int b, const std::string& c) {
        result = a + std::to_string(b) + c;
      },
      text, number, "literal");
  text = "after";
  number = 2;
  timer.start();
  timer.join();
  EXPECT_EQ(result, "before1literal");
}

TEST(Timer, PassesAReferenceWhereOneIsWrapped) {
  int number = 1;
  Timer timer(0s, [](int& n) { n = 2; }, std::ref(number));
  timer.start();
  timer.join();
  EXPECT_EQ(number, 2);
}

TEST(Timer, TakesCallablesAndArgumentsThatCanOnlyBeMoved) {
  int sum = 0;
  Timer timer(
      0s,
      [&sum, three = std::make_unique<int>(3)](const std::unique_ptr<int>& four) {
        sum = *three + *four;
      },
      std::make_unique<int>(4));
  timer.start();
  timer.join();
  EXPECT_EQ(sum, 7);
}

TEST(Timer, TakesLargeCallables) {
  const std::array<int, 100> numbers{1, 2, 3};
  int sum = 0;
  Timer timer(0s, [&sum, numbers] { sum = numbers[0] + numbers[1] + numbers[2]; });
  timer.start();
  timer.join();
  EXPECT_EQ(sum, 6);
}

TEST(Timer, CallsMemberFunctionsAndIgnoresResults) {
  std::vector<int> numbers{1, 2};
  Timer clearer(0s, &std::vector<int>::clear, &numbers);
  clearer.start();
  clearer.join();
  EXPECT_TRUE(numbers.empty());
  Timer answer(0s, [] { return 42; });
  answer.start();
  answer.join();
}

static_assert(!std::is_copy_constructible_v<Timer> && !std::is_move_constructible_v<Timer>);
static_assert(!std::is_copy_assignable_v<Timer> && !std::is_move_assignable_v<Timer>);

// TI2: start

TEST(Timer, StartsOnce) {
  std::atomic<int> calls{0};
  Timer timer(5ms, [&] { ++calls; });
  timer.start();
  EXPECT_THROW(timer.start(), Error);
  timer.join();
  EXPECT_THROW(timer.start(), Error) << "also after the end";
  timer.join();
  EXPECT_EQ(calls, 1) << "and once in spite of that";
}

TEST(Timer, CannotBeStartedAgainAfterItWasCancelled) {
  Timer timer(24h, nothing);
  timer.start();
  EXPECT_TRUE(timer.cancel());
  EXPECT_THROW(timer.start(), Error);
}

// TI3, TI11: it fires

TEST(Timer, FiresOnceNotEarlyAndInAnotherThread) {
  std::atomic<int> calls{0};
  std::chrono::steady_clock::time_point fired;
  std::thread::id caller;
  Timer timer(2ms, [&] {
    ++calls;
    fired = std::chrono::steady_clock::now();
    caller = std::this_thread::get_id();
  });
  const auto before = std::chrono::steady_clock::now();
  timer.start();
  timer.join();
  EXPECT_GE(fired, before + 2ms);
  EXPECT_NE(caller, std::this_thread::get_id());
  EXPECT_EQ(calls, 1);
}

TEST(Timer, CountsItsIntervalFromTheStart) {
  std::chrono::steady_clock::time_point fired;
  Timer timer(5ms, [&] { fired = std::chrono::steady_clock::now(); });
  Timer meanwhile(5ms, nothing);
  meanwhile.start();
  meanwhile.join();
  const auto before = std::chrono::steady_clock::now();
  timer.start();
  timer.join();
  EXPECT_GE(fired, before + 5ms);
}

TEST(Timer, FiresAtOnceWithoutAnInterval) {
  const auto expect_fires = [](auto interval) {
    bool called = false;
    Timer timer(interval, [&] { called = true; });
    timer.start();
    timer.join();
    EXPECT_TRUE(called);
  };
  expect_fires(0s);
  expect_fires(-1s);
  expect_fires(std::chrono::nanoseconds::min());
  expect_fires(std::chrono::hours::min());
  expect_fires(std::chrono::duration<double>(-1e300));
}

TEST(Timer, IsPendingForEverWithAnIntervalTooLongToCount) {  // T5
  const auto expect_pending = [](auto interval) {
    bool called = false;
    Timer timer(interval, [&] { called = true; });
    timer.start();
    Timer other(0s, nothing);  // the service has looked at both
    other.start();
    other.join();
    EXPECT_TRUE(timer.is_alive());
    EXPECT_TRUE(timer.cancel());
    EXPECT_FALSE(called);
  };
  expect_pending(std::chrono::nanoseconds::max());
  expect_pending(std::chrono::hours::max());
  expect_pending(std::chrono::duration<double>(1e300));
}

TEST(Timer, CallsWithAllSignalsBlocked) {
  sigset_t blocked;
  Timer timer(0s, [&] { ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked); });
  timer.start();
  timer.join();
  for (const int signal : {SIGINT, SIGTERM, SIGALRM, SIGCHLD, SIGUSR1}) {
    EXPECT_EQ(::sigismember(&blocked, signal), 1) << signal;
  }
  sigset_t here;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &here);
  EXPECT_EQ(::sigismember(&here, SIGINT), 0) << "the thread that started it is as it was";
}

TEST(Timer, OrdersWhatComesBeforeTheStartAndAfterTheJoin) {  // O5
  int number = 0;                                            // not atomic
  Timer timer(0s, [&] {
    EXPECT_EQ(number, 1);
    number = 2;
  });
  number = 1;
  timer.start();
  timer.join();
  EXPECT_EQ(number, 2);
}

// TI4-TI6: cancel

TEST(Timer, NeverFiresOnceItWasCancelled) {
  bool called = false;
  Timer timer(24h, [&] { called = true; });
  timer.start();
  EXPECT_TRUE(timer.cancel());
  EXPECT_FALSE(timer.is_alive());
  timer.join();
  EXPECT_FALSE(timer.cancel()) << "that was the first call's doing";
  EXPECT_FALSE(called);
}

TEST(Timer, EndsAtItsStartIfItWasCancelledBefore) {
  bool called = false;
  Timer timer(0s, [&] { called = true; });
  EXPECT_TRUE(timer.cancel());
  EXPECT_FALSE(timer.cancel());
  EXPECT_FALSE(timer.is_alive());
  timer.start();
  EXPECT_FALSE(timer.is_alive());
  timer.join();
  EXPECT_THROW(timer.start(), Error);
  EXPECT_FALSE(called);
}

TEST(Timer, CannotBeCancelledWhileItsCallbackRuns) {
  RunningTimer running;
  EXPECT_FALSE(running.timer->cancel());
  EXPECT_TRUE(running.timer->is_alive());
  running.end();
  running.timer->join();
  EXPECT_TRUE(running.has_ended());
}

TEST(Timer, CannotBeCancelledAfterItFired) {
  Timer timer(0s, nothing);
  timer.start();
  timer.join();
  EXPECT_FALSE(timer.cancel());
}

TEST(Timer, CannotBeCancelledByItsCallback) {  // TI6
  Timer* same = nullptr;
  Timer timer(0s, [&] { EXPECT_FALSE(same->cancel()); });
  same = &timer;
  timer.start();
  timer.join();
}

TEST(Timer, IsEitherCancelledOrCalled) {  // TI4, TI5: cancel races the service
  constexpr int rounds = sanitized ? 2'000 : 20'000;
  int cancelled = 0;
  for (int round = 0; round < rounds; ++round) {
    std::atomic<int> calls{0};
    Timer timer(std::chrono::microseconds(round % 20), [&] { ++calls; });
    timer.start();
    for (int pauses = round % 500; pauses > 0; --pauses) lockstep::os::pause();
    const bool prevented = timer.cancel();
    if (prevented) {
      ASSERT_EQ(calls, 0);
      ++cancelled;
    }
    timer.join();
    ASSERT_EQ(calls, prevented ? 0 : 1);
  }
  RecordProperty("cancelled", cancelled);
}

TEST(Timer, IsCancelledByOneOfMany) {  // TI4: true for one call only
  constexpr int rounds = sanitized ? 200 : 2'000;
  for (int round = 0; round < rounds; ++round) {
    Timer timer(24h, nothing);
    timer.start();
    std::atomic<int> prevented{0};
    {
      const std::jthread other([&] { prevented += timer.cancel(); });
      prevented += timer.cancel();
    }
    ASSERT_EQ(prevented, 1);
  }
}

// TI7, TI8: join and is_alive

TEST(Timer, CannotBeJoinedBeforeItsStart) {
  Timer timer(0s, nothing);
  EXPECT_THROW(timer.join(), Error);
  EXPECT_THROW(static_cast<void>(timer.join_for(1ms)), Error);
  EXPECT_TRUE(timer.cancel());
  EXPECT_THROW(timer.join(), Error) << "cancelled is not started";
}

TEST(Timer, CannotBeJoinedByItsCallback) {
  Timer* same = nullptr;
  Timer timer(0s, [&] {
    EXPECT_TRUE(same->is_alive());
    EXPECT_THROW(same->join(), Error);
    EXPECT_THROW(static_cast<void>(same->join_for(1ms)), Error);
  });
  same = &timer;
  timer.start();
  timer.join();
}

TEST(Timer, IsJoinedWhenItsCallbackHasReturned) {
  RunningTimer running;
  BlockedThread joiner([&] {
    running.timer->join();
    EXPECT_TRUE(running.has_ended());
  });
  BlockedThread another([&] { EXPECT_TRUE(running.timer->join_for(std::chrono::hours::max())); });
  joiner.wait_until_asleep();
  another.wait_until_asleep();
  running.end();
  joiner.join();
  another.join();
  running.timer->join();
  EXPECT_TRUE(running.timer->join_for(-1s)) << "as often as you like";
  EXPECT_FALSE(running.timer->is_alive());
}

TEST(Timer, IsJoinedWhenItIsCancelled) {
  Timer timer(24h, nothing);
  timer.start();
  BlockedThread joiner([&] { timer.join(); });
  joiner.wait_until_asleep();
  EXPECT_TRUE(timer.cancel());
}

TEST(Timer, IsNotJoinedWithinAGivenTimeWhileItsCallbackRuns) {
  RunningTimer running;
  EXPECT_FALSE(running.timer->join_for(0s));
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(running.timer->join_for(2ms));
  EXPECT_GE(std::chrono::steady_clock::now(), before + 2ms);
  running.end();
  EXPECT_TRUE(running.timer->join_for(24h));
}

TEST(Timer, IsAliveFromItsStartToTheEndOfItsCallback) {
  Timer pending(24h, nothing);
  EXPECT_FALSE(pending.is_alive());
  pending.start();
  EXPECT_TRUE(pending.is_alive());

  RunningTimer running;
  EXPECT_TRUE(running.timer->is_alive());
  running.end();
  running.timer->join();
  EXPECT_FALSE(running.timer->is_alive());
}

// TI9: the callback throws

TEST(Timer, KeepsWhatItsCallbackThrowsForEachJoin) {
  Timer timer(0s, [] { throw std::runtime_error("late"); });
  timer.start();
  for (int i = 0; i < 2; ++i) {
    try {
      timer.join();
      ADD_FAILURE() << "join threw nothing";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "late");
    }
    EXPECT_THROW(static_cast<void>(timer.join_for(24h)), std::runtime_error);
  }
  EXPECT_FALSE(timer.is_alive());
}

TEST(Timer, KeepsEvenWhatIsNoException) {
  Timer timer(0s, [] { throw 42; });
  timer.start();
  EXPECT_THROW(timer.join(), int);
}

TEST(Timer, ThatThrewMayBeForgotten) {
  {
    Timer timer(0s, [] { throw std::runtime_error("nobody joins"); });
    timer.start();
    while (timer.is_alive()) std::this_thread::yield();
  }
  Timer next(0s, nothing);
  next.start();
  next.join();
}

}  // namespace
