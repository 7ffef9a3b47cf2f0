// Bugs planted in the headers (tests/scenarios/mutants.cmake): each must be found in the scenario named
// here, as what is named here.

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "lockstep/check.hpp"
#include "planted.hpp"
#include "programs.hpp"

namespace {

using lockstep::check::explore;
using lockstep::check::Options;
using lockstep::check::Result;
using lockstep::check::Wrong;

struct Bug {
  std::string_view name;
  std::string_view program;
  Wrong wrong;
  Wrong or_else = Wrong::nothing;  // where it is a matter of the walk which comes first
};

constexpr Bug bugs[] = {
    {"lost_wake", "Lock.TwoThreadsCountUnderTheLock", Wrong::deadlock},
    {"relaxed_wake", "Event.WhatHappenedBeforeSetIsSeenAfterWait", Wrong::data_race},
    {"relaxed_park", "Event.WhatHappenedBeforeSetIsSeenAfterWait", Wrong::data_race},
    {"woken_for_no_reason_and_leaves", "Event.WhatHappenedBeforeSetIsSeenAfterWait",
     Wrong::data_race},
    {"relaxed_guard", "Lock.TwoThreadsCountUnderTheLock", Wrong::data_race},
    {"relaxed_guard_release", "Barrier.TheActionRunsOnceAfterAllHaveArrivedAndBeforeAnyLeaves",
     Wrong::data_race},
    {"relaxed_guard_store", "Lock.TwoThreadsCountUnderTheLock", Wrong::data_race},
    {"last_look_omitted", "Event.WhatHappenedBeforeSetIsSeenAfterWait", Wrong::deadlock},
    {"grant_that_meets_a_timeout_is_lost", "Lock.AWaiterWhoseTimeIsUpPassesTheLockOn",
     Wrong::deadlock},
    {"stopped_though_its_fate_was_decided", "Lock.AStoppedWaiterPassesTheLockOn", Wrong::deadlock},
    {"relaxed_acquire", "Lock.TwoThreadsCountUnderTheLock", Wrong::data_race},
    {"relaxed_acquire_of_a_woken_thread", "Lock.EachOfTwoThreadsTakesTheLockTwice",
     Wrong::data_race},
    {"relaxed_release", "Lock.TwoThreadsCountUnderTheLock", Wrong::data_race},
    {"nobody_woken_to_retry", "Lock.TwoThreadsCountUnderTheLock", Wrong::deadlock},
    {"one_woken_for_two_permits", "Semaphore.ReleaseOfTwoLetsTwoIn", Wrong::deadlock},
    {"relaxed_is_set", "Event.WhatHappenedBeforeSetIsSeenByWhoeverOnlyLooks", Wrong::data_race},
    {"relaxed_set", "Event.WhatHappenedBeforeSetIsSeenByWhoeverOnlyLooks", Wrong::data_race},
    {"relaxed_clear", "Event.WhatASetAnnouncedIsSeenAfterTheClearThatUndidIt", Wrong::deadlock},
    // The event is freed before that look or after it, and nothing orders them: a race.
    {"set_looks_at_the_event_once_more", "Event.AnEventMayBeDestroyedByWhoeverSawItSet",
     Wrong::use_after_free, Wrong::data_race},
    {"relaxed_decision", "Coroutine.AStopRequestAndAGrantBesideACoroutineThatBeginsToWait",
     Wrong::data_race},
    {"relaxed_sight_of_a_decision",
     "Coroutine.AStopRequestAndAGrantBesideACoroutineThatBeginsToWait", Wrong::data_race},
    {"relaxed_look_at_a_sleeper", "Coroutine.AStopRequestAndAGrantBesideACoroutineThatBeginsToWait",
     Wrong::data_race},
    {"relaxed_sleep", "Coroutine.AStopRequestAndAGrantBesideACoroutineThatBeginsToWait",
     Wrong::data_race},
    {"grant_to_a_destroyed_coroutine_is_lost",
     "Coroutine.AGrantToACoroutineThatIsBeingDestroyedIsNotLost", Wrong::requirement},
    {"destroyed_before_it_was_scheduled",
     "Coroutine.AGrantToACoroutineThatIsBeingDestroyedIsNotLost", Wrong::data_race},
    {"relaxed_ring", "Coroutine.ADeadlineBesideAGrantToACoroutine", Wrong::data_race},
    {"relaxed_sight_of_the_ring", "Coroutine.ADeadlineBesideAGrantToACoroutine", Wrong::data_race},
    {"deadline_looks_at_a_decided_wait", "Coroutine.ADeadlineBesideAGrantToACoroutine",
     Wrong::data_race},
    {"blind_decision", "Coroutine.AStopRequestAndAGrantBesideACoroutineThatBeginsToWait",
     Wrong::data_race},
    {"relaxed_callback", "Async.ACallbackSeesTheResultOfItsFuture", Wrong::data_race},
    {"relaxed_sight_of_a_callback", "Async.ACallbackSeesTheResultOfItsFuture", Wrong::data_race},
    {"relaxed_outcome", "Async.ACallbackSeesTheResultOfItsFuture", Wrong::data_race},
    {"relaxed_sight_of_an_outcome", "Async.ACallbackSeesTheResultOfItsFuture", Wrong::data_race},
    {"relaxed_sight_of_an_outcome_that_just_came", "Async.ACallbackSeesTheResultOfItsFuture",
     Wrong::data_race},
    {"relaxed_drop", "Async.FuturesAreForgottenOnTwoThreads", Wrong::data_race},
    {"relaxed_leave", "Async.ATaskEndsOnAnotherThread", Wrong::data_race},
    {"relaxed_end", "Async.ATaskEndsOnAnotherThread", Wrong::data_race},
    {"relaxed_sight_of_the_leave", "Async.ATaskEndsOnAnotherThread", Wrong::data_race},
    {"relaxed_sight_of_the_end", "Async.ATaskEndsOnAnotherThread", Wrong::data_race},
    {"notification_dies_with_its_coroutine",
     "Coroutine.ACoroutineDestroyedInAWaitPassesItsNotificationOn", Wrong::deadlock},
    {"nobody_told_to_run_the_next_action",
     "Coroutine.ACoroutineThatComesDuringTheActionRunsTheNext", Wrong::requirement,
     Wrong::deadlock},
    {"notified_but_not_queued_for_the_lock", "Condition.AWaiterSeesWhatTheNotifierWrote",
     Wrong::deadlock},
    {"abort_ignores_the_action", "Barrier.AnAbortDuringTheActionStopsAllPartiesOrNone",
     Wrong::requirement},
};

/// Executions chosen at random, the same each time, until one is wrong: mostly one of the first hundred, at the worst
/// one of the first thousand or two.
Result explored(std::string_view name) {
  const auto programs = model::all_programs();
  const auto program = std::find_if(programs.begin(), programs.end(),
                                    [&](const auto& one) { return one.name() == name; });
  if (program == programs.end()) {
    throw std::invalid_argument("no such scenario: " + std::string(name));
  }
  Options options;
  options.random_walks = 20'000;
  return explore(program->run, options);
}

/// With the bug switched on the scenario fails as it should. (Without: scenarios_test.cpp.)
class Finds : public testing::Test {
 public:
  explicit Finds(const Bug& bug) : bug_(bug) {}

 private:
  void TestBody() override {
    scenarios::planted = bug_.name;
    const Result result = explored(bug_.program);
    scenarios::planted = {};
    EXPECT_TRUE(result.wrong == bug_.wrong ||
                (result.wrong == bug_.or_else && bug_.or_else != Wrong::nothing))
        << result;
    std::cout << result << '\n';
  }

  Bug bug_;
};

TEST(Bugs, AreAllAskedFor) {
  std::istringstream names(LOCKSTEP_PLANTED_BUGS);
  std::vector<std::string> planted{std::istream_iterator<std::string>(names), {}};
  std::vector<std::string> asked_for;
  for (const Bug& bug : bugs) asked_for.emplace_back(bug.name);
  std::sort(planted.begin(), planted.end());
  std::sort(asked_for.begin(), asked_for.end());
  EXPECT_EQ(planted, asked_for);
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (const Bug& bug : bugs) {
    testing::RegisterTest("Finds", std::string(bug.name).c_str(), nullptr, nullptr, __FILE__,
                          __LINE__, [&bug]() -> testing::Test* { return new Finds(bug); });
  }
  return RUN_ALL_TESTS();
}
