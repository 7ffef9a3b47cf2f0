// tests/unit/deadline_test.cpp: how long a wait lasts, the same for all that one waits for: the rules of time
// (SEMANTICS T1-T10, E7, L7, L9), stop requests, and signals (L10).
//
// T1 is a signature and T4 cannot be written. T7 (what a deadline does not bound) is condition_test's and barrier_test's.
// That a wait by the system's clock follows when that clock is set cannot be tested without setting it.
#include "lockstep/wait/deadline.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <ratio>
#include <stop_token>
#include <thread>

#include "threads.hpp"
#include "withheld.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using std::chrono::system_clock;

using Seconds = std::chrono::duration<double>;
using Frames =
    std::chrono::duration<std::int64_t, std::ratio<1, 60>>;  // no multiple of a nanosecond
using Picoseconds = std::chrono::duration<std::int64_t, std::pico>;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Frames century_and_a_half(150LL * 365 * 24 * 3600 * 60);

/// A clock that shows what the test wants, and counts how often it is looked at.
struct TurnedClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<TurnedClock>;
  [[maybe_unused]] static constexpr bool is_steady = false;

  static time_point now() noexcept {
    const time_point seen = shown.load();
    ++looks;
    return seen;
  }
  static void turn_to(duration since_epoch) { shown.store(time_point(since_epoch)); }

  /// Returns when it has been looked at that often, or `waiter` has ended and will not look any more.
  static void wait_for_looks(int wanted, const BlockedThread& waiter) {
    while (looks.load() < wanted && !waiter.finished()) std::this_thread::yield();
  }

  static inline std::atomic<time_point> shown{};
  static inline std::atomic<int> looks{0};
};

/// The result of `attempt` on another thread (the one that withholds an RLock could have it at any time).
bool elsewhere(const std::function<bool()>& attempt) {
  bool result = false;
  std::jthread([&] { result = attempt(); }).join();
  return result;
}

template <class T>
class Waiting : public testing::Test {
 protected:
  using Attempt = std::function<bool(Withheld<T>&)>;

  /// Expects that `attempt` says no to what is withheld, and yes to what is there.
  static void expect_one_attempt(const Attempt& attempt) {
    Withheld<T> thing;
    EXPECT_FALSE(elsewhere([&] { return attempt(thing); }));
    thing.give();
    EXPECT_TRUE(elsewhere([&] { return attempt(thing); }));
  }

  /// Expects that `wait` sleeps until it gets what is withheld.
  static void expect_sleep(const Attempt& wait) {
    Withheld<T> thing;
    bool taken = false;
    BlockedThread waiter([&] { taken = wait(thing); });
    waiter.wait_until_asleep();
    thing.give();
    waiter.join();
    EXPECT_TRUE(taken);
  }

  /// Expects that a wait for what is withheld ends in vain, and not before `duration` has passed.
  static void expect_full(auto duration) {
    Withheld<T> thing;
    const auto begin = steady_clock::now();
    EXPECT_FALSE(elsewhere([&] { return thing.take_for(duration); }));
    EXPECT_GE(steady_clock::now() - begin, duration);
  }
};

TYPED_TEST_SUITE(Waiting, EveryPrimitive, PrimitiveName);

// --- T2, T3, T9: no time at all ------------------------------------------------------------------

TYPED_TEST(Waiting, ForZeroIsOneAttempt) {  // T2, E7
  this->expect_one_attempt([](auto& thing) { return thing.take_for(0s); });
}

TYPED_TEST(Waiting, ForANegativeTimeIsOneAttempt) {  // T3, E7
  this->expect_one_attempt([](auto& thing) { return thing.take_for(-1ns); });
  this->expect_one_attempt([](auto& thing) { return thing.take_for(std::chrono::hours::min()); });
  this->expect_one_attempt([](auto& thing) { return thing.take_for(Seconds(-infinity)); });
}

TYPED_TEST(Waiting, ForNotANumberIsOneAttempt) {
  this->expect_one_attempt([](auto& thing) { return thing.take_for(Seconds(nan)); });
}

TYPED_TEST(Waiting, UntilThePastIsOneAttempt) {  // T9
  this->expect_one_attempt([](auto& thing) { return thing.take_until(steady_clock::now() - 1s); });
  this->expect_one_attempt([](auto& thing) { return thing.take_until(system_clock::now() - 1s); });
  this->expect_one_attempt(
      [](auto& thing) { return thing.take_until(steady_clock::time_point::min()); });
  this->expect_one_attempt(
      [](auto& thing) { return thing.take_until(system_clock::time_point::min()); });
}

// --- T5: for ever --------------------------------------------------------------------------------

TYPED_TEST(Waiting, ForTooLongToCountIsForEver) {  // T5
  this->expect_sleep([](auto& thing) { return thing.take_for(std::chrono::hours::max()); });
  this->expect_sleep([](auto& thing) { return thing.take_for(std::chrono::nanoseconds::max()); });
  this->expect_sleep([](auto& thing) { return thing.take_for(std::chrono::years(292)); });
  this->expect_sleep([](auto& thing) { return thing.take_for(Seconds(1e300)); });
  this->expect_sleep([](auto& thing) { return thing.take_for(Seconds(infinity)); });
}

TYPED_TEST(Waiting, ForALongTimeInAnUnusualUnitIsLong) {  // T5
  this->expect_sleep([](auto& thing) { return thing.take_for(century_and_a_half); });
  this->expect_sleep([](auto& thing) { return thing.take_for(Frames::max()); });
  this->expect_sleep([](auto& thing) { return thing.take_for(Picoseconds::max()); });
}

TYPED_TEST(Waiting, UntilTheLastPointOfAClockIsForEver) {  // T5
  using SteadyHour = std::chrono::time_point<steady_clock, std::chrono::hours>;
  this->expect_sleep([](auto& thing) { return thing.take_until(steady_clock::time_point::max()); });
  this->expect_sleep([](auto& thing) { return thing.take_until(system_clock::time_point::max()); });
  this->expect_sleep([](auto& thing) { return thing.take_until(TurnedClock::time_point::max()); });
  this->expect_sleep([](auto& thing) { return thing.take_until(SteadyHour::max()); });
}

// --- T6, T8: never early, by its own clock -------------------------------------------------------

TYPED_TEST(Waiting, NeverEndsBeforeItsDuration) {  // T8
  this->expect_full(3ms);
  this->expect_full(1'500us);
  this->expect_full(Seconds(0.0021));
  this->expect_full(Frames(1));
  this->expect_full(Picoseconds(1'000'000'001));
}

TYPED_TEST(Waiting, NeverEndsBeforeItsPointInTime) {  // T6, T8
  Withheld<TypeParam> thing;
  const auto steady_point = steady_clock::now() + 2ms;
  EXPECT_FALSE(elsewhere([&] { return thing.take_until(steady_point); }));
  EXPECT_GE(steady_clock::now(), steady_point);
  const auto system_point = system_clock::now() + 2ms;
  EXPECT_FALSE(elsewhere([&] { return thing.take_until(system_point); }));
  EXPECT_GE(system_clock::now(), system_point);
}

/// Waits until `waiter` has ended, or has looked at the clock so often without ending that it never will.
bool ends_after_few_looks(const BlockedThread& waiter) {
  TurnedClock::wait_for_looks(TurnedClock::looks.load() + 1'000, waiter);
  return waiter.finished();
}

TYPED_TEST(Waiting, ByAClockThatStandsStillEndsOnlyWhenItIsTurned) {  // T6, T8
  TurnedClock::turn_to(0ns);
  const int looks = TurnedClock::looks.load();
  Withheld<TypeParam> thing;
  bool taken = true;
  BlockedThread waiter([&] { taken = thing.take_until(TurnedClock::time_point(100us)); });
  TurnedClock::wait_for_looks(looks + 10, waiter);
  EXPECT_FALSE(waiter.finished());
  TurnedClock::turn_to(100us);
  EXPECT_TRUE(ends_after_few_looks(waiter));
  thing.give();
  waiter.join();
  EXPECT_FALSE(taken);
}

TYPED_TEST(Waiting, ByAClockThatIsTurnedBackLastsLonger) {  // T6, T8
  TurnedClock::turn_to(0ns);
  Withheld<TypeParam> thing;
  bool taken = false;
  BlockedThread waiter([&] { taken = thing.take_until(TurnedClock::time_point(100us)); });
  const int looks = TurnedClock::looks.load();
  TurnedClock::turn_to(-24h);
  TurnedClock::wait_for_looks(looks + 1, waiter);
  waiter.wait_until_asleep();
  thing.give();
  waiter.join();
  EXPECT_TRUE(taken);
}

TYPED_TEST(Waiting, UntilThePastOfAnUnusualClockIsOneAttempt) {  // T9
  TurnedClock::turn_to(0ns);
  for (const auto past : {TurnedClock::time_point(-1ns), TurnedClock::time_point::min()}) {
    Withheld<TypeParam> thing;
    bool taken = true;
    BlockedThread waiter([&] { taken = thing.take_until(past); });
    EXPECT_TRUE(ends_after_few_looks(waiter));
    thing.give();
    waiter.join();
    EXPECT_FALSE(taken);
  }
  Withheld<TypeParam> given;
  given.give();
  EXPECT_TRUE(elsewhere([&] { return given.take_until(TurnedClock::time_point(-1ns)); }));
}

// --- T10: in vain means without effect -----------------------------------------------------------

TYPED_TEST(Waiting, InVainTakesNothing) {  // T10, L7
  Withheld<TypeParam> thing;
  std::stop_source stop;
  EXPECT_FALSE(elsewhere([&] { return thing.take_for(1ms); }));
  EXPECT_FALSE(elsewhere([&] { return thing.take_until(system_clock::now() + 1ms); }));
  EXPECT_FALSE(elsewhere([&] { return thing.take_for(1ms, stop.get_token()); }));
  stop.request_stop();
  EXPECT_FALSE(elsewhere([&] { return thing.take(stop.get_token()); }));
  EXPECT_FALSE(thing.is_given());
  thing.give();
  EXPECT_TRUE(thing.is_given());
  EXPECT_TRUE(elsewhere([&] { return thing.take_for(0s); }));
}

TYPED_TEST(Waiting, InVainDoesNotHoldUpThoseThatStillWait) {  // T10, W2
  Withheld<TypeParam> thing;
  std::stop_source stop;
  BlockedThread first([&] { EXPECT_FALSE(thing.take(stop.get_token())); });
  first.wait_until_asleep();
  BlockedThread second([&] { thing.take(); });
  second.wait_until_asleep();
  stop.request_stop();
  first.join();
  EXPECT_FALSE(second.finished());
  thing.give();
  second.join();
}

// --- Stop requests -------------------------------------------------------------------------------

TYPED_TEST(Waiting, WithAStopRequestedBeforeIsOneAttempt) {
  std::stop_source stop;
  stop.request_stop();
  const std::stop_token token = stop.get_token();
  this->expect_one_attempt([&](auto& thing) { return thing.take(token); });
  this->expect_one_attempt([&](auto& thing) { return thing.take_for(1h, token); });
  this->expect_one_attempt(
      [&](auto& thing) { return thing.take_until(system_clock::time_point::max(), token); });
}

TYPED_TEST(Waiting, EndsInVainWhenAStopIsRequestedWhileAsleep) {
  Withheld<TypeParam> thing;
  const auto expect_stopped = [](auto wait) {
    std::stop_source stop;
    bool taken = true;
    BlockedThread waiter([&] { taken = wait(stop.get_token()); });
    waiter.wait_until_asleep();
    stop.request_stop();
    waiter.join();
    EXPECT_FALSE(taken);
  };
  expect_stopped([&](const std::stop_token& stop) { return thing.take(stop); });
  expect_stopped([&](const std::stop_token& stop) { return thing.take_for(1h, stop); });
  expect_stopped([&](const std::stop_token& stop) {
    return thing.take_until(system_clock::now() + 1h, stop);
  });
  EXPECT_FALSE(thing.is_given());
}

TYPED_TEST(Waiting, WithATokenThatNobodyStopsIsLikeWaitingWithoutOne) {
  std::stop_source never_requested;
  this->expect_sleep([](auto& thing) { return thing.take(std::stop_token{}); });
  this->expect_sleep([&](auto& thing) { return thing.take(never_requested.get_token()); });
}

TYPED_TEST(Waiting, HasWhatItWasGivenThoughAStopIsRequestedAfterwards) {  // the grant wins
  Withheld<TypeParam> thing;
  std::stop_source stop;
  bool taken = false;
  BlockedThread waiter([&] { taken = thing.take(stop.get_token()); });
  waiter.wait_until_asleep();
  thing.give();
  stop.request_stop();
  waiter.join();
  EXPECT_TRUE(taken);
}

// --- Signals (L10) -------------------------------------------------------------------------------

/// While it lives, SIGUSR1 interrupts system calls and does nothing else.
class Interruptions {
 public:
  Interruptions() {
    struct sigaction action{};
    action.sa_handler = [](int) {};  // and no SA_RESTART
    ::sigaction(SIGUSR1, &action, &before_);
  }
  ~Interruptions() { ::sigaction(SIGUSR1, &before_, nullptr); }
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;

  void interrupt(BlockedThread& thread) { ::pthread_kill(thread.native_handle(), SIGUSR1); }

 private:
  struct sigaction before_{};
};

TYPED_TEST(Waiting, IsNotEndedByASignal) {  // L10
  constexpr int signals = 300;
  Interruptions interruptions;
  Withheld<TypeParam> thing;
  long sleeps = 0;
  BlockedThread waiter([&] {
    sleeps -= voluntary_switches();
    thing.take();
    sleeps += voluntary_switches();
  });
  for (int i = 0; i < signals; ++i) {
    waiter.wait_until_asleep();
    interruptions.interrupt(waiter);
  }
  waiter.wait_until_asleep();
  thing.give();
  waiter.join();
  EXPECT_GE(sleeps, signals) << "the signals interrupted nothing";
}

TYPED_TEST(Waiting, KeepsItsDeadlineThroughSignals) {  // L10, T8
  Interruptions interruptions;
  Withheld<TypeParam> thing;
  const auto begin = steady_clock::now();
  BlockedThread waiter([&] {
    EXPECT_FALSE(thing.take_for(20ms));
    EXPECT_GE(steady_clock::now() - begin, 20ms);
  });
  while (!waiter.finished()) {  // for ever, if each began the wait anew
    interruptions.interrupt(waiter);
    std::this_thread::yield();
  }
}

TYPED_TEST(Waiting, LeavesErrnoAlone) {
  Withheld<TypeParam> thing;
  EXPECT_FALSE(elsewhere([&] {
    errno = EXDEV;
    const bool taken = thing.take_for(1ms);
    EXPECT_EQ(errno, EXDEV);
    return taken;
  }));
  BlockedThread waiter([&] {
    errno = EXDEV;
    thing.take();
    EXPECT_EQ(errno, EXDEV);
  });
  waiter.wait_until_asleep();
  errno = EXDEV;
  thing.give();
  EXPECT_EQ(errno, EXDEV);
}

// --- Deadline itself -----------------------------------------------------------------------------

using wait::Deadline;
using wait::saturated_nanoseconds;

TEST(Deadline, RoundsUpToANanosecond) {  // T8
  EXPECT_EQ(saturated_nanoseconds(Picoseconds(1)), 1);
  EXPECT_EQ(saturated_nanoseconds(Picoseconds(-1)), 0);
  EXPECT_EQ(saturated_nanoseconds(std::chrono::duration<double, std::nano>(1.5)), 2);
  EXPECT_EQ(saturated_nanoseconds(Frames(1)), 16'666'667);
}

TEST(Deadline, CountsExactlyWhatItCanCount) {  // T5
  EXPECT_EQ(saturated_nanoseconds(std::chrono::hours(24 * 365 * 290)),
            24LL * 365 * 290 * 3600 * 1'000'000'000);
  EXPECT_EQ(saturated_nanoseconds(century_and_a_half), 150LL * 365 * 24 * 3600 * 1'000'000'000);
  EXPECT_EQ(saturated_nanoseconds(-century_and_a_half), -150LL * 365 * 24 * 3600 * 1'000'000'000);
}

TEST(Deadline, IsNeverIfItIsTooFarToCount) {  // T5
  EXPECT_TRUE(Deadline::after(std::chrono::hours::max()).is_never());
  EXPECT_TRUE(Deadline::after(std::chrono::years(292)).is_never());
  EXPECT_TRUE(Deadline::after(Seconds(infinity)).is_never());
  EXPECT_TRUE(Deadline::after(Frames::max()).is_never());
  EXPECT_TRUE(Deadline::at(steady_clock::time_point::max()).is_never());
  EXPECT_TRUE(Deadline::at(system_clock::time_point::max()).is_never());
  const TurnedClock::time_point last = TurnedClock::time_point::max();
  EXPECT_TRUE(Deadline::at(last).is_never());
}

TEST(Deadline, HasComeOnceItsTimeIsThere) {  // T2, T3
  EXPECT_TRUE(Deadline::after(0s).has_come());
  EXPECT_TRUE(Deadline::after(std::chrono::hours::min()).has_come());
  EXPECT_TRUE(Deadline::at(steady_clock::now()).has_come());
  EXPECT_TRUE(Deadline::at(system_clock::now()).has_come());
  EXPECT_TRUE(Deadline::at(system_clock::time_point::min()).has_come());
  EXPECT_FALSE(Deadline::after(1h).has_come());
  EXPECT_FALSE(Deadline::at(system_clock::now() + 1h).has_come());
  EXPECT_FALSE(Deadline::never().has_come());
}

TEST(Deadline, ByAnUnusualClockFollowsThatClock) {  // T6
  TurnedClock::turn_to(0ns);
  const TurnedClock::time_point point(1ns);
  Deadline deadline = Deadline::at(point);
  EXPECT_FALSE(deadline.has_come());
  TurnedClock::turn_to(1ns);
  EXPECT_TRUE(deadline.has_come());
}

}  // namespace
}  // namespace lockstep::test
