#include "bounds.hpp"

#include <algorithm>

namespace model {

namespace check = lockstep::check;

namespace {

/// How many executions are chosen at random where not all are explored.
constexpr std::uint64_t walks_in_a_test = 20'000;
constexpr std::uint64_t walks_in_verify = 500'000;

check::Options only_what_has_a_reason(const Program& program) {
  check::Options options = whatever_may_happen(program);
  options.spurious_wakes = 0;
  options.timeouts = 1;
  options.spurious_failures = 0;
  return options;
}

check::Options one_of_each(const Program& program) {
  check::Options options = only_what_has_a_reason(program);
  options.spurious_wakes = 1;
  return options;
}

std::vector<Exploration> explorations(const Program& program, Depth depth, std::uint64_t walks) {
  const check::Options whatever = whatever_may_happen(program);
  if (depth == Depth::everything) return {{whatever, "all"}};
  std::vector<Exploration> explorations;
  if (depth == Depth::once_each) explorations.push_back({one_of_each(program), "all, once each"});
  if (depth == Depth::with_a_reason) {
    explorations.push_back({only_what_has_a_reason(program), "all, with a reason"});
  }
  explorations.push_back({whatever, "at random"});
  explorations.back().options.random_walks = walks;
  return explorations;
}

Bounds bounds_of(const Program& program) {
  const auto each = std::find_if(bounds().begin(), bounds().end(),
                                 [&](const Bounds& one) { return one.program == program.name(); });
  return each != bounds().end() ? *each : Bounds{{}, Depth::everything, Depth::everything};
}

}  // namespace

const std::vector<Bounds>& bounds() {
  static const std::vector<Bounds> all = {
      {"Lock.ThreeThreadsCountUnderTheLock", Depth::at_random, Depth::with_a_reason},
      {"Lock.EachOfTwoThreadsTakesTheLockTwice", Depth::with_a_reason, Depth::with_a_reason},
      {"Lock.AWaiterWhoseTimeIsUpPassesTheLockOn", Depth::at_random, Depth::at_random},
      {"Lock.TheLastUserMayDestroyTheLock", Depth::at_random, Depth::with_a_reason},
      {"Lock.AStoppedWaiterPassesTheLockOn", Depth::at_random, Depth::at_random},
      {"Lock.AStoppableAcquireSaysTrueExactlyIfItHasTheLock", Depth::with_a_reason,
       Depth::everything},
      {"Lock.ALockHasOneOwnerAtATime", Depth::with_a_reason, Depth::everything},
      {"Lock.ALockOfThreeHasOneOwnerAtATime", Depth::with_a_reason, Depth::everything},
      {"Lock.WhoGaveUpAfterAWakeInVainIsNotCountedOn", Depth::at_random, Depth::at_random},
      {"RLock.ThreeThreadsCountUnderTheRLock", Depth::at_random, Depth::at_random},
      {"RLock.ATimedConditionWaitGivesBackEveryLevel", Depth::with_a_reason, Depth::once_each},
      {"RLock.AnRLockHasOneOwnerAtATime", Depth::with_a_reason, Depth::with_a_reason},
      {"RLock.AConditionWaitGivesUpEveryLevel", Depth::with_a_reason, Depth::everything},
      {"Condition.NotifyAllWakesEverybody", Depth::at_random, Depth::at_random},
      {"Condition.EachNotificationWakesAnother", Depth::at_random, Depth::at_random},
      {"Condition.TwoConditionsOnOneLockDoNotMixTheirWaiters", Depth::at_random, Depth::at_random},
      {"Condition.ATimedWaitThatSaysFalseHasConsumedNoNotification", Depth::at_random,
       Depth::at_random},
      {"Condition.ATimedWaitHasTheLockAgainWhateverItSays", Depth::with_a_reason, Depth::once_each},
      {"Condition.ASemaphoreAndAConditionMakeABoundedBuffer", Depth::at_random, Depth::at_random},
      {"Condition.AStoppedWaitHasConsumedNoNotification", Depth::at_random, Depth::at_random},
      {"Condition.ASemaphoreAndAConditionHandAnItemOn", Depth::once_each, Depth::once_each},
      {"Condition.ANotificationGoesToTheOneThatWaitedFirst", Depth::at_random, Depth::at_random},
      {"Condition.AWaiterSeesWhatTheNotifierWrote", Depth::with_a_reason, Depth::everything},
      {"Condition.ASpinningWaiterSeesWhatTheNotifierWrote", Depth::at_random, Depth::at_random},
      {"Semaphore.ReleaseOfTwoLetsTwoIn", Depth::with_a_reason, Depth::once_each},
      {"Semaphore.TwoReleasesInARowLetTwoIn", Depth::at_random, Depth::at_random},
      {"Semaphore.TimedAcquiresConservePermits", Depth::at_random, Depth::at_random},
      {"Semaphore.AWaiterWhoseTimeIsUpPassesThePermitOn", Depth::at_random, Depth::at_random},
      {"Semaphore.TwoReleasesBesideATimedWaiterStayWithinTheBound", Depth::with_a_reason,
       Depth::with_a_reason},
      {"Semaphore.ASemaphoreMayBeDestroyedOnceAllWhoReleaseHaveDone", Depth::with_a_reason,
       Depth::once_each},
      {"Semaphore.AStoppableAcquireConservesPermits", Depth::once_each, Depth::once_each},
      {"Semaphore.ASemaphoreIsACountToThreeThreads", Depth::with_a_reason, Depth::with_a_reason},
      {"Semaphore.ASemaphoreIsACountToThoseWhoWaitForAWhile", Depth::with_a_reason,
       Depth::everything},
      {"Semaphore.TwoReleasesInARowLetOneInTwice", Depth::with_a_reason, Depth::everything},
      {"Event.ASetAfterAPulseLeavesNobodyBehind", Depth::at_random, Depth::at_random},
      {"Event.WhatASetAnnouncedIsSeenAfterTheClearThatUndidIt", Depth::with_a_reason,
       Depth::once_each},
      {"Event.AnEventIsAFlagToThoseWhoWaitForAWhile", Depth::with_a_reason, Depth::everything},
      {"Event.SetReleasesEverybody", Depth::with_a_reason, Depth::everything},
      {"Barrier.ARoundThatWasResetCanBeTriedAgain", Depth::with_a_reason, Depth::once_each},
      {"Barrier.EachPartyOfARoundHasAnIndexOfItsOwn", Depth::with_a_reason, Depth::everything},
      {"Barrier.PartiesMeetRoundAfterRound", Depth::at_random, Depth::at_random},
      {"Barrier.ARoundThatWasResetDuringItsActionCanBeTriedAgain", Depth::at_random,
       Depth::at_random},
      {"Barrier.NobodyGoesBeforeAllOfThreeCame", Depth::with_a_reason, Depth::everything},
      {"Barrier.AnAbortDuringTheActionStopsAllPartiesOrNone", Depth::with_a_reason,
       Depth::everything},
      {"Barrier.APartyIsStoppedOnlyBeforeTheRoundIsComplete", Depth::with_a_reason,
       Depth::everything},
      {"Timer.ATimerCarriesDataToACoroutine", Depth::at_random, Depth::at_random},
      {"Timer.ACancelBesideACoroutineThatAwaitsTheTimer", Depth::at_random, Depth::at_random},
      {"Timer.ATimerCallsWithWhatHappenedBeforeItsStart", Depth::with_a_reason,
       Depth::with_a_reason},
      {"Timer.ACancelSaysTrueOnlyIfTheCallbackIsNotCalled", Depth::at_random, Depth::at_random},
      {"Timer.ATimerCarriesDataToItsCallbackAndThatToWhoJoins", Depth::at_random, Depth::at_random},
      {"Timer.ACancelSaysTrueExactlyIfTheCallbackIsNotCalled", Depth::at_random, Depth::at_random},
      {"Timer.OfTwoCancelsOneAtMostPreventsTheCallback", Depth::at_random, Depth::at_random},
      {"Timer.ACancelBesideAStartIsNotForgotten", Depth::at_random, Depth::at_random},
      {"Timer.OfTwoStartsOneIsRefused", Depth::at_random, Depth::at_random},
      {"Timer.WhatACallbackThrewComesOutOfJoin", Depth::at_random, Depth::at_random},
      {"Timer.AnEarlierTimerIsNotOverlookedBesideALaterOne", Depth::at_random, Depth::at_random},
      {"Timer.TwoThreadsStartTheFirstTimers", Depth::at_random, Depth::at_random},
      {"Timer.ACallbackThatWaitsForTheNextDoesNotKeepItFromFiring", Depth::at_random,
       Depth::at_random},
      {"Timer.ADestroyedTimerCallsNobody", Depth::at_random, Depth::at_random},
      {"Timer.ATimerMayBeDestroyedByWhoeverHasJoinedIt", Depth::at_random, Depth::at_random},
      {"Timer.ATimerMayBeDestroyedByItsOwnCallback", Depth::with_a_reason, Depth::with_a_reason},
      {"Timer.ATimerMayBeDestroyedByTheCallbackOfAnother", Depth::at_random, Depth::at_random},
      {"Timer.CoroutinesOnTwoThreadsAwaitATimer", Depth::at_random, Depth::at_random},
      {"Timer.ADeadlineOfACoroutineThatTheServiceRingsBesideAGrant", Depth::at_random,
       Depth::at_random},
      {"Coroutine.AReleaseOfTwoServesAThreadAndACoroutine", Depth::with_a_reason,
       Depth::everything},
      {"Coroutine.ACoroutineDestroyedInAWaitPassesItsNotificationOn", Depth::at_random,
       Depth::at_random},
      {"Coroutine.WhoIsNotifiedComesBehindThoseWhoWaitForTheLock", Depth::once_each,
       Depth::once_each},
      {"Coroutine.AThreadTakesWhatACoroutinePutsIntoABuffer", Depth::once_each, Depth::once_each},
      {"Coroutine.NotifyAllWakesAThreadAndACoroutine", Depth::with_a_reason, Depth::everything},
      {"Async.ACallFromAnotherThreadWakesTheLoop", Depth::with_a_reason, Depth::with_a_reason},
      {"Async.AStopFromAnotherThreadWakesTheLoop", Depth::with_a_reason, Depth::once_each},
      {"Async.WhatTwoThreadsAskOfALoopIsDone", Depth::at_random, Depth::at_random},
      {"Async.ALoopIsRunByOneThreadAtATime", Depth::with_a_reason, Depth::with_a_reason},
      {"Async.AThreadWakesATaskOnItsLoop", Depth::with_a_reason, Depth::with_a_reason},
      {"Async.ATaskThatIsCancelledByAnotherThreadEnds", Depth::at_random, Depth::at_random},
      {"Async.ATaskCanBeCancelledWhenItsLoopDoesNotRunAnyMore", Depth::once_each, Depth::once_each},
      {"Async.AGrantToATaskWhoseLoopEndsIsNotLost", Depth::at_random, Depth::at_random},
      {"Asio.AGrantThatMeetsTheEndOfItsContextIsNotLost", Depth::once_each, Depth::once_each},
      {"Asio.AContextEndsWhenTwoThreadsHavePostedToIt", Depth::at_random, Depth::at_random},
      {"Queue.ABoundedQueueIsFirstInFirstOut", Depth::at_random, Depth::at_random},
      {"Queue.ABoundedQueueIsFirstInFirstOutForThoseWhoWaitAWhile", Depth::with_a_reason,
       Depth::with_a_reason},
  };
  return all;
}

check::Options whatever_may_happen(const Program& program) {
  check::Options options;
  options.spurious_wakes = 1;
  options.timeouts = 2;
  options.spurious_failures = 1;
  options.find_leaks = program.primitive != "Timer";
  return options;
}

bool is_explored_in_whole(const Program& program) {
  return bounds_of(program).in_a_test == Depth::everything;
}

std::vector<Exploration> in_a_test(const Program& program) {
  return explorations(program, bounds_of(program).in_a_test, walks_in_a_test);
}

std::vector<Exploration> in_verify(const Program& program) {
  return explorations(program, bounds_of(program).in_verify, walks_in_verify);
}

}  // namespace model
