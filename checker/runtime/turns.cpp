// checker/runtime/turns.cpp: who goes on, and who waits.
#include <bit>
#include <string>
#include <string_view>
#include <utility>

#include "checker/runtime/execution.hpp"

namespace lockstep::check {
namespace {

/// What a thread does that is in a loop, and one that makes plain accesses only.
constexpr const char* spins = "spins";
constexpr const char* goes_round = "goes on without an atomic operation";

}  // namespace

void Execution::take_turn(Thread& me) {
  if (me.done >= most_events()) {
    turns_.is_cut = true;
    stop(me);
  }
  if (strategy_->is_worth_keeping() && can_be_kept()) ask_to_keep(me);
  Thread& next = choose_next(me);
  if (&next != &me) go_to(me, next);
}

/// Goes on before all others, but for what is repeated: that has an order of its own.
void Execution::take_turn_within_call(Thread& me) {
  turns_.in_call |= ThreadSet{1} << me.id;
  take_turn(me);
  turns_.in_call &= ~(ThreadSet{1} << me.id);
}

Thread& Execution::choose_next(const Thread& me) {
  if (turns_.parked != 0) wake_parked();
  if (turns_.waiting != 0) wake_waiting();
  if (turns_.able == 0) finish_without_able(const_cast<Thread&>(me));
  try {
    if (turns_.in_call != 0 && !strategy_->is_repeating()) {
      return *threads_[static_cast<std::size_t>(std::countr_zero(turns_.in_call))];
    }
    return *threads_[strategy_->choose_thread(turns_.able, me.id)];
  } catch (const Divergence& divergence) {
    fail(const_cast<Thread&>(me), Wrong::unsupported, divergence.what());
  }
}

void Execution::go_to(Thread& me, Thread& next) {
  turns_.running = &next;
  lockstep_switch(&me.context, &next.context, next.home.thread_pointer());
}

const Event& Execution::did(Thread& me, const char* operation) {
  const std::uint32_t before = me.done;
  plain_accesses_ += std::exchange(me.quiet, 0);
  me.has_looked_elsewhere = false;
  me.done = static_cast<std::uint32_t>(strategy_->done(me.id));
  graph_ = &strategy_->graph();
  const Event& event = graph_->thread(me.id)[me.done - 1];
  me.hb = event.hb;
  if (recorder_ != nullptr) {
    for (std::uint32_t i = before; i < me.done; ++i) {
      recorder_->event(me, {static_cast<std::uint16_t>(me.id), static_cast<std::uint16_t>(i)},
                       operation);
    }
    if (is_access(event)) {
      recorder_->mention(Locations::without_queue(locations_.of(event.location).address));
    }
  }
  return event;
}

// Waiting for something else to see

void Execution::park_if_spinning(Thread& me) {
  const Graph& graph = *graph_;
  const bool is_recorded = me.id < graph.threads() && me.done < graph.thread(me.id).size();
  if (is_recorded) return;
  const auto first = me.spin.recurs(me.caller, me.stack_top(), is_shared(me));
  if (!first) return;
  note_idle_round(me, *first);
  park(me, *first, {spins});
}

/// The round was one read, and whatever else it did is neither a hook's doing nor was it instrumented: me.hooks counts the
/// hook that the thread is in.
void Execution::note_idle_round(const Thread& me, std::size_t first) {
  if (me.spin.recurs(me.caller, me.stack_top(), is_atomic()) != first) return;
  if (me.has_looked_elsewhere || me.hooks != me.read_by + 1) return;
  const auto& events = graph_->thread(me.id);
  const bool has_written = events[me.done - 1].kind == Kind::write;
  const std::size_t read = me.done - (has_written ? 2 : 1);
  if (read != first) return;
  const Event& event = events[read];
  idle_rounds_.note(me.id, {me.caller, me.stack_top(), {event.value, has_written || event.parked}},
                    is_atomic());
}

bool Execution::idles(std::size_t thread, const Sight& sight) const {
  const Thread& me = *threads_[thread];
  return reading_ == &me &&
         idle_rounds_.contains(thread, {me.caller, me.stack_top(), sight}, is_atomic());
}

void Execution::wait_for_change(Thread& me, std::size_t first, const Awaits& awaits) {
  park(me, first, awaits);
  take_turn(me);
}

void Execution::park(Thread& me, std::size_t first, const Awaits& awaits) {
  const bool can_be_woken = ask_to_park(me, first);
  me.parked_since = first;
  me.awaits = awaits;
  if (recorder_ != nullptr) me.waits_where = backtrace_of(me);
  not_able(me, Thread::State::parked);
  if (can_be_woken) turns_.parked |= ThreadSet{1} << me.id;
}

/// What the thread wrote last is taken back if it is what it saw: memory holds what was there before.
bool Execution::ask_to_park(Thread& me, std::size_t first) {
  EventId wrote, saw;
  Location location = 0;
  if (me.done > 0 && (*graph_)[last_event(me)].kind == Kind::write) {
    wrote = last_event(me);
    location = (*graph_)[wrote].location;
    if ((*graph_)[wrote].is_rmw) saw = (*graph_)[Graph::read_half(wrote)].rf;
  }
  const bool can_be_woken = strategy_->park(me.id, first);
  graph_ = &strategy_->graph();
  me.done = static_cast<std::uint32_t>(strategy_->done(me.id));
  if (!wrote.is_initial() && me.done <= wrote.index) {
    Locations::Entry* const object = locations_.object_at(locations_.of(location).address);
    if (object != nullptr && object->in_memory == wrote) object->in_memory = saw;
  }
  return can_be_woken;
}

void Execution::stop(Thread& me) {
  not_able(me, Thread::State::stopped);
  go_to(me, choose_next(me));
  __builtin_unreachable();
}

void Execution::leave_to_others(Thread& me) {
  me.parked_since = me.done;
  me.awaits = {goes_round};
  if (recorder_ != nullptr) me.waits_where = backtrace_of(me);
  not_able(me, Thread::State::parked);
  go_to(me, choose_next(me));
  __builtin_unreachable();
}

void Execution::wake_parked() {
  for (const std::size_t id : Members(turns_.parked)) {
    Thread& thread = *threads_[id];
    if (!strategy_->can_see_more(thread.id, thread.parked_since)) continue;
    turns_.parked &= ~(ThreadSet{1} << thread.id);
    thread.done = static_cast<std::uint32_t>(strategy_->done(id));  // as in park
    able(thread);
  }
}

/// This execution is over, though nothing is wrong. But who is barred by a thread that goes on no more
/// may have been first in another, which only what it does can lead to.
bool Execution::let_barred_try() {
  if (turns_.is_given_up) return false;
  turns_.is_given_up = true;
  for (const std::size_t id : Members(turns_.waiting)) {
    Thread& thread = *threads_[id];
    if (thread.state != Thread::State::barred) continue;
    thread.tries = true;
    able(thread);
  }
  return turns_.able != 0;
}

/// Nobody wakes it any more.
bool Execution::let_one_time_out() {
  if (turns_.is_given_up) return false;
  for (const std::size_t id : Members(turns_.waiting)) {
    Thread& thread = *threads_[id];
    if (!thread.may_time_out || !strategy_->choose_again(id, choice_of_timeout)) continue;
    thread.may_time_out = false;
    thread.times_out = true;
    able(thread);
    return true;
  }
  return false;
}

/// Nobody can go on: is that the end, or a deadlock, or will another execution go on from here?
void Execution::finish_without_able(Thread& me) {
  if (let_one_time_out()) return;
  if (!turns_.is_given_up) {
    ending_ = ending_without_able();
    if (ending_ == Ending::complete) check_histories(me);
  }
  if (ending_ == Ending::wrong) fail_stuck(me);
  if (let_barred_try()) return;
  if (ending_ == Ending::complete && options_.find_leaks) check_for_leaks(me);
  finish(ending_);
}

Ending Execution::ending_without_able() const {
  if (turns_.is_discarded) return Ending::discarded;
  if (turns_.is_cut) return Ending::cut;
  bool is_over = true;
  bool goes_on_elsewhere = false;
  for (const std::size_t id : Members(turns_.used)) {
    const Thread& thread = *threads_[id];
    if (thread.state == Thread::State::ended) continue;
    if (thread.state == Thread::State::parked &&
        !strategy_->waits_for_ever(thread.id, thread.parked_since)) {
      return Ending::blocked;
    }
    is_over = is_over && (thread.is_detached || turns_.has_exited);
    goes_on_elsewhere = goes_on_elsewhere || thread.awaits.is_timed || wakes_otherwise(thread);
  }
  if (is_over) return Ending::complete;
  return goes_on_elsewhere ? Ending::blocked : Ending::wrong;
}

/// No thread can ever go on.
void Execution::fail_stuck(Thread& me) {
  if (recorder_ != nullptr) record_waiting();
  for (const std::size_t id : Members(turns_.used)) {
    Thread& thread = *threads_[id];
    if (thread.state != Thread::State::parked) continue;
    if (std::string_view(thread.awaits.what) == goes_round) {
      fail(thread, Wrong::unsupported,
           "a thread did " + std::to_string(too_quiet) +
               " plain accesses without an atomic operation between them: a loop without end, or "
               "more work than can be explored");
    }
    if (std::string_view(thread.awaits.what) == spins) {
      fail(thread, Wrong::livelock, "a thread spins for ever: no write is left that it could see");
    }
  }
  fail_deadlock(me);
}

/// What the thread to be blamed waits for says which kind it is.
void Execution::fail_deadlock(Thread& me) {
  Thread* lost = nullptr;
  bool is_joining = true;
  for (const std::size_t id : Members(turns_.used)) {
    Thread& thread = *threads_[id];
    if (thread.state == Thread::State::ended) continue;
    is_joining = is_joining && thread.state == Thread::State::joining;
    if (thread.state == Thread::State::asleep && has_missed_wake(thread)) lost = &thread;
  }
  if (lost != nullptr) {
    fail(*lost, Wrong::deadlock,
         "lost wake-up: a thread sleeps for ever, though what it waits for has come");
  }
  if (is_joining) fail(me, Wrong::deadlock, "threads wait for each other's end");
  Thread* blamed = &me;
  for (const std::size_t id : Members(turns_.used)) {
    Thread& thread = *threads_[id];
    if (thread.state != Thread::State::ended && thread.state != Thread::State::joining) {
      blamed = &thread;
    }
  }
  fail(*blamed, Wrong::deadlock,
       std::string("deadlock: a thread ") + blamed->awaits.what + " for ever");
}

}  // namespace lockstep::check
