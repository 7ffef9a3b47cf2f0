# Bugs planted in a copy of the headers, to see that those who run the scenarios find them. Whoever
# includes this gets the copy, as the include directory ${mutants_root}, and the bugs' names, as
# ${planted_bugs}.
#
# All are in the same copy, each behind the question whether it is the one that is switched on
# (planted.hpp); so one program is enough. A bug whose place is not found ends the configuration: else
# a change of the header would make an empty test of it.

set(mutants_root ${CMAKE_CURRENT_BINARY_DIR}/mutants)
set(planted_bugs "")

# From here on, lockstep_plant is about this header.
function(lockstep_begin_mutants_of header)
  set(original ${PROJECT_SOURCE_DIR}/primitives/lockstep/${header})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${original})
  file(READ ${original} code)
  set(code "${code}" PARENT_SCOPE)
  set(header ${header} PARENT_SCOPE)
endfunction()

function(lockstep_end_mutants)
  file(CONFIGURE OUTPUT ${mutants_root}/lockstep/${header} CONTENT "${code}" @ONLY)  # if changed
endfunction()

# Puts `bad` for each `good`, if the bug is switched on.
macro(lockstep_plant bug good bad)
  lockstep_replace_if_planted(${bug} "${good}" "${bad}")
  list(APPEND planted_bugs ${bug})
endmacro()

# A memory order, which stands before `label`, is `weaker`.
macro(lockstep_weaken bug order label weaker)
  lockstep_plant(${bug}
    "std::memory_order_${order}${label}"
    "PLANTED ? std::memory_order_${weaker} : std::memory_order_${order}${label}")
endmacro()

function(lockstep_replace_if_planted bug good bad)
  string(FIND "${code}" "${good}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "tests/scenarios/mutants.cmake, ${bug}: ${header} does not have:\n  ${good}")
  endif()
  string(REPLACE PLANTED "(::scenarios::planted == \"${bug}\")" bad "${bad}")
  string(REPLACE "${good}" "${bad}" code "${code}")
  set(code "${code}" PARENT_SCOPE)
endfunction()

lockstep_begin_mutants_of(wait/waiter.hpp)
lockstep_plant(lost_wake
  "os::futex_wake_one(address);"
  "if (!PLANTED) os::futex_wake_one(address);")
lockstep_weaken(relaxed_wake release ") == raw(Fate::parked)) {  // (1)" relaxed)
lockstep_weaken(relaxed_park acquire "));  // (2)" relaxed)
lockstep_plant(woken_for_no_reason_and_leaves
  "has_come = timed_out && deadline.has_come();"
  "has_come = PLANTED || (timed_out && deadline.has_come());")
lockstep_end_mutants()

lockstep_begin_mutants_of(wait/queue.hpp)
lockstep_weaken(relaxed_guard acquire ",  // (1)" relaxed)
lockstep_weaken(relaxed_guard_release release ",  // (2)" relaxed)
lockstep_weaken(relaxed_guard_store release ");  // (2)" relaxed)
lockstep_plant(last_look_omitted
  "const bool wanted = !available(seen);"
  "const bool wanted = PLANTED || !available(seen);")
lockstep_plant(grant_that_meets_a_timeout_is_lost
  "return self.park();"
  "return PLANTED ? Fate::undecided : self.park();")
lockstep_plant(stopped_though_its_fate_was_decided
  "if (queue.withdraw(waiter)) waiter.wake(Fate::cancelled);"
  "if (queue.withdraw(waiter) || PLANTED) waiter.wake(Fate::cancelled);")
lockstep_end_mutants()

lockstep_begin_mutants_of(wait/permits.hpp)
lockstep_weaken(relaxed_acquire acquire ",  // (1)" relaxed)
lockstep_weaken(relaxed_acquire_of_a_woken_thread acquire ",  // (2)" relaxed)
lockstep_weaken(relaxed_release release ",  // (3)" relaxed)
lockstep_plant(nobody_woken_to_retry
  "retrying.wake_all(Fate::retry);"
  "if (!PLANTED) retrying.wake_all(Fate::retry);")
lockstep_plant(one_woken_for_two_permits
  "permits_in(seen) + n > on_the_way_in(seen + on_the_way)"
  "(PLANTED ? 1 : permits_in(seen) + n) > on_the_way_in(seen + on_the_way)")
lockstep_end_mutants()

lockstep_begin_mutants_of(wait/async_wait.hpp)
lockstep_weaken(relaxed_decision acq_rel ") !=" acquire)
lockstep_weaken(blind_decision acq_rel ") !=" release)
lockstep_plant(relaxed_sight_of_a_decision
  "std::memory_order_acquire);                      // (2)"
  "PLANTED ? std::memory_order_relaxed : std::memory_order_acquire);")
lockstep_weaken(relaxed_look_at_a_sleeper acquire ") == Phase::queued) {  // (3)" relaxed)
lockstep_weaken(relaxed_sleep acq_rel ",  // (4)" acquire)
lockstep_plant(grant_to_a_destroyed_coroutine_is_lost
  "operation_.abandon(fate_);"
  "if (!PLANTED) operation_.abandon(fate_);")
lockstep_plant(destroyed_before_it_was_scheduled
  "context_.unschedule(ready_);"
  "if (!PLANTED) context_.unschedule(ready_);")
lockstep_end_mutants()

lockstep_begin_mutants_of(wait/bounds.hpp)
lockstep_weaken(relaxed_ring release ");  // (1)" relaxed)
lockstep_weaken(relaxed_sight_of_the_ring acquire ") != 0) break;  // (2)" relaxed)
lockstep_plant(deadline_looks_at_a_decided_wait
  "if (expired) wait.go_on_expired();"
  "if (expired || PLANTED) wait.go_on_expired();")
lockstep_end_mutants()

lockstep_begin_mutants_of(async/completion.hpp)
lockstep_weaken(relaxed_callback release ",  // (1)" relaxed)
lockstep_weaken(relaxed_sight_of_a_callback acq_rel ");  // (2, 3)" release)
lockstep_weaken(relaxed_outcome acq_rel ");  // (2, 3)" acquire)
lockstep_weaken(relaxed_sight_of_an_outcome acquire ");  // (4)" relaxed)
lockstep_weaken(relaxed_sight_of_an_outcome_that_just_came acquire "));  // (4)" relaxed)
lockstep_end_mutants()

lockstep_begin_mutants_of(async/shared.hpp)
lockstep_weaken(relaxed_drop acq_rel ") == 1) delete this;  // (1, 2)" acquire)
lockstep_end_mutants()

lockstep_begin_mutants_of(async/promise.hpp)
lockstep_weaken(relaxed_leave acq_rel ") == Nesting::ended;  // (1, 2)" acquire)
lockstep_weaken(relaxed_sight_of_the_end acq_rel ") == Nesting::ended;  // (1, 2)" release)
lockstep_weaken(relaxed_end acq_rel ") ==\n        Nesting::nested) {  // (3, 4)" acquire)
lockstep_weaken(relaxed_sight_of_the_leave acq_rel ") ==\n        Nesting::nested) {  // (3, 4)" release)
lockstep_end_mutants()

lockstep_begin_mutants_of(event.hpp)
lockstep_weaken(relaxed_is_set acquire ") & set_bit_) != 0;  // (1)" relaxed)
lockstep_weaken(relaxed_set release ",  // (2)" relaxed)
lockstep_plant(relaxed_clear
  "std::memory_order_acquire); }  // (3)"
  "PLANTED ? std::memory_order_relaxed : std::memory_order_acquire); }")
lockstep_plant(set_looks_at_the_event_once_more
  "released.wake_all(wait::Fate::granted);"
  "released.wake_all(wait::Fate::granted); if (PLANTED) static_cast<void>(is_set());")
lockstep_end_mutants()

lockstep_begin_mutants_of(condition.hpp)
lockstep_plant(notification_dies_with_its_coroutine
  "if (was_notified_) condition_->notify_waiters(1);"
  "if (!PLANTED && was_notified_) condition_->notify_waiters(1);")
lockstep_plant(notified_but_not_queued_for_the_lock
  "if (!notified.empty()) lock_->adopt(notified);"
  "if (!PLANTED && !notified.empty()) lock_->adopt(notified);")
lockstep_end_mutants()

lockstep_begin_mutants_of(barrier.hpp)
lockstep_plant(nobody_told_to_run_the_next_action
  "if (last != nullptr) last->wake(wait::Fate::retry);"
  "if (!PLANTED && last != nullptr) last->wake(wait::Fate::retry);")
lockstep_plant(abort_ignores_the_action
  "if ((seen & in_action_bit_) != 0) seen |= void_bit_;"
  "if (!PLANTED && (seen & in_action_bit_) != 0) seen |= void_bit_;")
lockstep_end_mutants()
