// checker/runtime/system_call.cpp: what calls of the modelled system are made of: reading and changing an
// object, waiting until it can be changed, sleeping in a queue, and time.
#include <algorithm>
#include <array>
#include <utility>

#include "checker/runtime/execution.hpp"

namespace lockstep::check {

// Objects

/// As long as nobody else goes on.
Locations::Entry& Execution::find(Thread& me, const Object& object) {
  if (object.size != 0) return locate(me, object.address, object.size);
  Locations::Entry& queue = locations_.queue_at(object.address);
  if (queue.size == 0) {
    queue.is_initialized = true;
    locations_.begin_object(queue, sizeof(Value));
    strategy_->initialize(queue.location, 0);
  }
  return queue;
}

Value Execution::last_value(Thread& me, const Object& object) {
  return graph_->last_value(find(me, object).location);
}

template <class Load>
Value Execution::peek_by(Thread& me, const Object& object, const char* call, Load load) {
  const Locations::Entry& entry = find(me, object);
  const Seen seen = guarded(me, [&] { return load(entry.location); });
  did(me, call);
  check_against_plain(me, entry, false);
  check_is_initialized(me, entry, seen);
  return seen.value;
}

Value Execution::peek(Thread& me, const Object& object, const char* call) {
  me.spin.changed();
  take_turn(me);
  return peek_by(me, object, call, [&](Location location) {
    return strategy_->load(me.id, location, Order::system);
  });
}

Value Execution::peek_before_sleep(Thread& me, const Object& word, Value if_it_sees,
                                   const Object& queue, const char* call) {
  me.spin.changed();
  take_turn(me);
  const Location sleepers = find(me, queue).location;
  return peek_by(me, word, call, [&](Location location) {
    return strategy_->load_before_sleep(me.id, location, Order::system, if_it_sees, sleepers);
  });
}

Seen Execution::change(Thread& me, const Object& object, const Update& update, const char* call) {
  me.spin.changed();
  take_turn(me);
  return change_now(me, object, update, call);
}

Seen Execution::change_at_once(Thread& me, const Object& object, const Update& update,
                               const char* call) {
  me.spin.changed();
  take_turn_within_call(me);
  return change_now(me, object, update, call);
}

Seen Execution::change_now(Thread& me, const Object& object, const Update& update,
                           const char* call) {
  Locations::Entry& entry = find(me, object);
  const Seen seen =
      guarded(me, [&] { return strategy_->read_modify_write(me.id, entry.location, update); });
  if (seen.impossible) finish(Ending::impossible);
  const Event& event = did(me, call);
  if (object.size == 0) {
    const bool enters =
        update.operation == Operation::sleep || update.operation == Operation::assemble;
    if (enters) me.since = last_event(me);
    return seen;
  }
  check_against_plain(me, entry, seen.wrote);
  check_is_initialized(me, entry, seen);
  if (event.kind == Kind::write) write_through(entry, last_event(me));
  return seen;
}

void Execution::put(Thread& me, const Object& object, Order order, Value value, const char* call) {
  me.spin.changed();
  take_turn(me);
  Locations::Entry& entry = find(me, object);
  guarded(me, [&] { strategy_->store(me.id, entry.location, order, value); });
  did(me, call);
  check_against_plain(me, entry, true);
  write_through(entry, last_event(me));
}

// Waiting

/// While the last value does not allow it, there is no event: that another value than the last is seen is
/// for other executions, in which it was the last or a revisit brings it. If the strategy repeats such a
/// one, the thread does see what bars it, and waits for yet another.
Seen Execution::change_when_possible(Thread& me, const Object& object, Update update,
                                     const char* call, const Awaits& awaits) {
  update.is_awaited = true;
  for (;;) {
    me.spin.changed();
    take_turn(me);
    wait_while_barred(me, object, update, awaits);
    const std::size_t before = me.done;
    const Seen seen = change_now(me, object, update, call);
    if (seen.wrote) return seen;
    if (me.tries) stop(me);
    park(me, before, awaits);
  }
}

void Execution::wait_while_barred(Thread& me, const Object& object, const Update& update,
                                  const Awaits& awaits) {
  me.awaits = awaits;
  me.wants = update;
  while (!me.tries && !strategy_->expects(me.id) && !update.would_write(last_value(me, object))) {
    me.awaited = find(me, object).location;
    if (recorder_ != nullptr) me.waits_where = backtrace_of(me);
    not_able(me, Thread::State::barred);
    take_turn(me);
  }
  me.awaits = {};
}

bool Execution::sleep_or_time_out(Thread& me, const Awaits& awaits) {
  me.may_time_out = true;
  sleep(me, Order::system, awaits);
  me.may_time_out = false;
  return !std::exchange(me.times_out, false);
}

void Execution::sleep(Thread& me, Order order, const Awaits& awaits) {
  me.awaits = awaits;
  if (recorder_ != nullptr) me.waits_where = backtrace_of(me);
  EventId by;
  do {  // a requeue takes it off one queue before it puts it into another
    not_able(me, Thread::State::asleep);
    take_turn(me);
    by = woken_by(me, me.since);
  } while (by.is_initial() && !me.times_out);
  me.awaits = {};
  if (me.times_out) return;
  guarded(me, [&] { strategy_->wake(me.id, by, (*graph_)[by].location, order); });
  did(me, "wakes up");
}

/// The first write behind that one in its queue in which the thread is no longer; none, which is_initial()
/// tells, if there is none.
EventId Execution::taken_off_by(const Thread& thread, EventId since) const {
  const Graph& graph = *graph_;
  const auto& co = graph.co(graph[since].location);
  const auto found = std::find_if(
      co.begin() + static_cast<std::ptrdiff_t>(graph.place(since)), co.end(),
      [&](EventId write) { return !sleepers::contains(graph[write].value, thread.id); });
  return found == co.end() ? EventId{} : *found;
}

/// Did a requeue take it off, and not to wake it?
bool Execution::is_moved_by(const Thread& thread, EventId write) const {
  const Graph& graph = *graph_;
  const Event& read = graph[Graph::read_half(write)];
  if (read.moves_behind == 0) return false;
  std::uint32_t before = 0;  // who were taken off
  for (Value queue = read.value; queue != 0;) {
    const std::size_t sleeper = sleepers::take(queue).thread;
    if (sleeper == thread.id) break;
    if (!sleepers::contains(graph[write].value, sleeper)) ++before;
  }
  return before + 1 >= read.moves_behind;
}

/// Where the requeue that took it off has put it: the next thing that it did, if it has.
EventId Execution::moved_in_by(const Thread& thread, EventId write) const {
  const auto& events = graph_->thread(write.thread);
  const auto next = static_cast<std::uint16_t>(write.index + 2);
  if (events.size() <= next || events[next - 1u].role != Role::moves) return {};
  return sleepers::contains(events[next].value, thread.id) ? EventId{write.thread, next}
                                                           : EventId{};
}

/// The write that woke a sleeper; none, if it sleeps.
EventId Execution::woken_by(const Thread& thread, EventId since) const {
  EventId by = taken_off_by(thread, since);
  while (!by.is_initial() && is_moved_by(thread, by)) {
    const EventId moved = moved_in_by(thread, by);
    by = moved.is_initial() ? moved : taken_off_by(thread, moved);
  }
  return by;
}

Object Execution::follow(Thread& me) {
  const EventId by = taken_off_by(me, me.since);
  if (by.is_initial() || !is_moved_by(me, by)) return {};
  me.is_moved = true;
  not_able(me, Thread::State::asleep);
  take_turn(me);
  me.is_moved = false;
  me.since = moved_in_by(me, by);
  const Location queue = (*graph_)[me.since].location;
  guarded(me, [&] { strategy_->wake(me.id, me.since, queue, Order::system); });
  did(me, "is moved");
  return {Locations::without_queue(locations_.of(queue).address), 0};
}

/// Is it in another execution that it wakes, from this on? Then it is in several queues, and taken off one.
bool Execution::wakes_otherwise(const Thread& thread) const {
  return std::any_of(thread.also_since.begin(), thread.also_since.end(),
                     [&](EventId since) { return !woken_by(thread, since).is_initial(); });
}

bool Execution::can_go_on(const Thread& thread) const {
  if (strategy_->expects(thread.id)) return true;
  if (thread.is_moved) return !moved_in_by(thread, taken_off_by(thread, thread.since)).is_initial();
  if (thread.state == Thread::State::asleep) return !woken_by(thread, thread.since).is_initial();
  return thread.wants.would_write(graph_->last_value(thread.awaited));
}

void Execution::wake_waiting() {
  for (const std::size_t id : Members(turns_.waiting)) {
    Thread& thread = *threads_[id];
    if (can_go_on(thread)) able(thread);
  }
}

Execution::End Execution::choose_end(Thread& me, bool may_time_out, unsigned kinds_of_spurious) {
  std::array<End, 4> ends{End::woken};
  std::size_t n = 1;
  if (may_time_out) ends[n++] = End::timeout;  // choice_of_timeout
  limited_.wakes = limited_.wakes || kinds_of_spurious > 0;
  if (me.spurious_wakes < options_.spurious_wakes) {
    if (kinds_of_spurious > 0) ends[n++] = End::spurious;
    if (kinds_of_spurious > 1) ends[n++] = End::interrupted;
  }
  if (n == 1) return End::woken;
  me.spin.changed();
  take_turn(me);
  const bool is_woken = !woken_by(me, me.since).is_initial() || wakes_otherwise(me);
  const End end = ends[guarded(me, [&] { return strategy_->choose(me.id, n, is_woken ? 1 : n); })];
  constexpr const char* names[] = {"waits to be woken", "will time out", "will wake for no reason",
                                   "will be interrupted"};
  did(me, names[static_cast<std::size_t>(end)]);
  if (end == End::spurious || end == End::interrupted) ++me.spurious_wakes;
  return end;
}

std::size_t Execution::choose_among(Thread& me, std::size_t n, const char* what) {
  me.spin.changed();
  take_turn(me);
  const std::size_t chosen = guarded(me, [&] { return strategy_->choose(me.id, n, n); });
  did(me, what);
  return chosen;
}

// Time

Clock::Time Execution::now(Thread& me) {
  const Graph& graph = *graph_;
  Clock::Time time = me.clock.now();
  if (me.done == 0) {
    const EventId creator = graph.creator(me.id);
    if (!creator.is_initial()) time = threads_[creator.thread]->clock.before(creator.index + 1u);
    return std::max(time, me.clock.now());
  }
  const View known = limited_.permutations ? known_without_elders(graph, last_event(me))
                                           : graph[last_event(me)].porf;
  for (const std::size_t id : Members(turns_.used)) {
    if (id != me.id) time = std::max(time, threads_[id]->clock.before(known.count(id)));
  }
  return time;
}

void Execution::reach(Thread& me, Clock::Time time) { me.clock.reach(time, me.done); }

Clock::Time Execution::look_at_clock(Thread& me) {
  reach(me, now(me) + me.clock.tick());
  return me.clock.now();
}

}  // namespace lockstep::check
