// The scenarios under our own checker: each explored until it is known that no execution of it is wrong, or
// as far as a test may take.
//
// Each prints what was explored: "no error in any execution" or "within these bounds (random walks)",
// with what each thread may have met, and the number of executions.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

#include "lockstep/check.hpp"
#include "programs.hpp"

namespace {

using lockstep::check::explore;
using lockstep::check::Options;
using lockstep::check::Result;
using model::Program;

/// In each thread one futex wait may end for no reason, two timed ones by their time, and one weak
/// compare-exchange fail for no reason; and what is left at the end is a leak.
Options whatever_may_happen() {
  Options options;
  options.spurious_wakes = 1;
  options.timeouts = 2;
  options.spurious_failures = 1;
  options.find_leaks = true;
  return options;
}

/// Only what has a reason, and one timeout.
Options only_what_has_a_reason() {
  Options options = whatever_may_happen();
  options.spurious_wakes = 0;
  options.timeouts = 1;
  options.spurious_failures = 0;
  return options;
}

/// What to explore of a scenario whose executions, with whatever may happen, are too many.
struct Part {
  std::string_view program;
  bool all_with_a_reason;  // all executions in which nothing happens without one
};

// Behind those that end: how many these are, and how long they take (the others: longer than 15
// seconds).
constexpr auto parts = std::to_array<Part>({
    {"Lock.ThreeThreadsCountUnderTheLock", false},     // 1,406,934, 20 s
    {"Lock.EachOfTwoThreadsTakesTheLockTwice", true},  // 135,364, 2.1 s
    {"Lock.AWaiterWhoseTimeIsUpPassesTheLockOn", false},
    {"Lock.TheLastUserMayDestroyTheLock", false},  // 1,406,934, 20 s
    {"Lock.AStoppedWaiterPassesTheLockOn", false},
    {"RLock.ThreeThreadsCountUnderTheRLock", false},
    {"Condition.NotifyAllWakesEverybody", false},
    {"Condition.EachNotificationWakesAnother", false},
    {"Condition.TwoConditionsOnOneLockDoNotMixTheirWaiters", false},
    {"Condition.ATimedWaitThatSaysFalseHasConsumedNoNotification", false},
    {"Condition.ATimedWaitHasTheLockAgainWhateverItSays", true},  // 24,276, 0.4 s
    {"Condition.ASemaphoreAndAConditionMakeABoundedBuffer", false},
    {"Condition.AStoppedWaitHasConsumedNoNotification", false},
    {"Semaphore.ReleaseOfTwoLetsTwoIn", true},  // 94,128, 0.9 s
    {"Semaphore.TwoReleasesInARowLetTwoIn", false},
    {"Semaphore.TimedAcquiresConservePermits", false},
    {"Semaphore.AWaiterWhoseTimeIsUpPassesThePermitOn", false},
    {"Semaphore.TwoReleasesBesideATimedWaiterStayWithinTheBound", true},    // 300,212, 4.2 s
    {"Semaphore.ASemaphoreMayBeDestroyedOnceAllWhoReleaseHaveDone", true},  // 170,220, 2.1 s
    {"Event.ASetAfterAPulseLeavesNobodyBehind", false},
    {"Event.WhatASetAnnouncedIsSeenAfterTheClearThatUndidIt", true},
    {"Barrier.ARoundThatWasResetCanBeTriedAgain", true},
    {"Semaphore.AStoppableAcquireConservesPermits", true},
    {"Lock.AStoppableAcquireSaysTrueExactlyIfItHasTheLock", true},
    {"Coroutine.AReleaseOfTwoServesAThreadAndACoroutine", true},
    {"Barrier.EachPartyOfARoundHasAnIndexOfItsOwn", true},
    {"Coroutine.ACoroutineDestroyedInAWaitPassesItsNotificationOn", false},
    {"Timer.ATimerCarriesDataToACoroutine", false},
    {"Timer.ACancelBesideACoroutineThatAwaitsTheTimer", false},
    {"Barrier.PartiesMeetRoundAfterRound", false},
    {"Barrier.ARoundThatWasResetDuringItsActionCanBeTriedAgain", false},
    {"RLock.ATimedConditionWaitGivesBackEveryLevel", true},
    {"Condition.ASemaphoreAndAConditionHandAnItemOn", true},
    {"Condition.ANotificationGoesToTheOneThatWaitedFirst", false},
    {"Coroutine.WhoIsNotifiedComesBehindThoseWhoWaitForTheLock", true},
    {"Coroutine.AThreadTakesWhatACoroutinePutsIntoABuffer", true},
    {"Async.ACallFromAnotherThreadWakesTheLoop", true},
    {"Async.AStopFromAnotherThreadWakesTheLoop", true},
    {"Async.WhatTwoThreadsAskOfALoopIsDone", false},
    {"Async.ALoopIsRunByOneThreadAtATime", true},
    {"Async.AThreadWakesATaskOnItsLoop", true},
    {"Async.ATaskThatIsCancelledByAnotherThreadEnds", false},
    {"Async.ATaskCanBeCancelledWhenItsLoopDoesNotRunAnyMore", true},
    {"Async.AGrantToATaskWhoseLoopEndsIsNotLost", false},
    {"Asio.AGrantThatMeetsTheEndOfItsContextIsNotLost", true},
    {"Timer.ATimerCallsWithWhatHappenedBeforeItsStart", true},
    {"Timer.ACancelSaysTrueOnlyIfTheCallbackIsNotCalled", false},
    {"Timer.ATimerCarriesDataToItsCallbackAndThatToWhoJoins", false},
    {"Timer.ACancelSaysTrueExactlyIfTheCallbackIsNotCalled", false},
    {"Timer.OfTwoCancelsOneAtMostPreventsTheCallback", false},
    {"Timer.ACancelBesideAStartIsNotForgotten", false},
    {"Timer.OfTwoStartsOneIsRefused", false},
    {"Timer.WhatACallbackThrewComesOutOfJoin", false},
    {"Timer.AnEarlierTimerIsNotOverlookedBesideALaterOne", false},
    {"Timer.TwoThreadsStartTheFirstTimers", false},
    {"Timer.ACallbackThatWaitsForTheNextDoesNotKeepItFromFiring", false},
    {"Timer.ADestroyedTimerCallsNobody", false},
    {"Timer.ATimerMayBeDestroyedByWhoeverHasJoinedIt", false},
    {"Timer.ATimerMayBeDestroyedByItsOwnCallback", true},
    {"Timer.ATimerMayBeDestroyedByTheCallbackOfAnother", false},
    {"Timer.CoroutinesOnTwoThreadsAwaitATimer", false},
    {"Timer.ADeadlineOfACoroutineThatTheServiceRingsBesideAGrant", false},
});

/// How many executions of such a scenario are chosen at random, with whatever may happen.
constexpr std::uint64_t walks = 100'000;

void expect_nothing_wrong(const Program& program, const Options& options) {
  const Result result = explore(program.run, options);
  EXPECT_TRUE(result.passed() || (options.random_walks > 0 && result.found_nothing())) << result;
  EXPECT_GT(result.executions, 0u) << result;
  std::cout << result;
}

class Explored : public testing::Test {
 public:
  explicit Explored(Program program) : program_(std::move(program)) {}

 private:
  void TestBody() override {
    const auto part = std::find_if(parts.begin(), parts.end(),
                                   [&](const Part& of) { return of.program == program_.name(); });
    Options options = whatever_may_happen();
    // What a thread of the timers' service has, which never ends, is no leak.
    options.find_leaks = program_.primitive != "Timer";
    if (part != parts.end()) {
      Options fewer = only_what_has_a_reason();
      fewer.find_leaks = options.find_leaks;
      if (part->all_with_a_reason) expect_nothing_wrong(program_, fewer);
      options.random_walks = walks;
    }
    expect_nothing_wrong(program_, options);
  }

  Program program_;
};

// Else it would be explored in whole, for hours.
TEST(Parts, AreOfScenariosThatThereAre) {
  const auto programs = model::all_programs();
  for (const Part& part : parts) {
    EXPECT_TRUE(std::any_of(programs.begin(), programs.end(), [&](const Program& program) {
      return program.name() == part.program;
    })) << part.program;
  }
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (const Program& program : model::all_programs()) {
    testing::RegisterTest(program.primitive.c_str(), program.scenario.c_str(), nullptr, nullptr,
                          __FILE__, __LINE__,
                          [program]() -> testing::Test* { return new Explored(program); });
  }
  return RUN_ALL_TESTS();
}
