// checker/runtime/system_call.cpp: what calls of the modelled system are made of: reading and changing an
// object, waiting until it can be changed, sleeping in a queue, and time.
#include <array>
#include <bit>

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
  const Location location = find(me, object).location;
  const Graph& graph = strategy_->graph();
  return graph.value_of(location, graph.write_at(location, graph.co(location).size()));
}

Value Execution::peek(Thread& me, const Object& object, const char* call) {
  me.spin.changed();
  take_turn(me);
  const Locations::Entry& entry = find(me, object);
  const Seen seen =
      guarded(me, [&] { return strategy_->load(me.id, entry.location, Order::system); });
  did(me, call);
  check_against_plain(me, entry, false);
  check_is_initialized(me, entry, seen);
  return seen.value;
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
Seen Execution::change_when_possible(Thread& me, const Object& object, const Update& update,
                                     const char* call, const Awaits& awaits) {
  for (;;) {
    me.spin.changed();
    take_turn(me);
    wait_while_barred(me, object, update, awaits);
    const std::size_t before = me.done;
    const Seen seen = change_now(me, object, update, call);
    if (seen.wrote) return seen;
    if (me.tries) stop(me);
    me.awaits = awaits;
    park(me, before, awaits.what);
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
    waiting_ |= ThreadSet{1} << me.id;
    take_turn(me);
  }
  me.awaits = {};
}

void Execution::sleep(Thread& me, Order order, const Awaits& awaits) {
  me.awaits = awaits;
  if (recorder_ != nullptr) me.waits_where = backtrace_of(me);
  EventId by;
  do {  // a requeue takes it off one queue before it puts it into another
    not_able(me, Thread::State::asleep);
    waiting_ |= ThreadSet{1} << me.id;
    take_turn(me);
    by = woken_by(me, me.since);
  } while (by.is_initial());
  guarded(me, [&] { strategy_->wake(me.id, by, strategy_->graph()[by].location, order); });
  did(me, "wakes up");
  me.awaits = {};
}

/// The write that took a sleeper off its queue; none, which is_initial() tells, if it sleeps.
EventId Execution::woken_by(const Thread& thread, EventId since) const {
  const Graph& graph = strategy_->graph();
  Location queue = graph[since].location;
  std::size_t place = graph.place(since);
  while (place < graph.co(queue).size()) {
    const EventId write = graph.write_at(queue, ++place);
    if (sleepers::contains(graph[write].value, thread.id)) continue;
    const std::size_t moved = moved_by(thread, write, queue);
    if (moved == 0) return write;
    place = moved;
  }
  return {};
}

/// If who took it off that queue put it into another right away: where in co that was, and which queue.
std::size_t Execution::moved_by(const Thread& thread, EventId write, Location& to) const {
  const auto& events = strategy_->graph().thread(write.thread);
  if (events.size() < write.index + 3u) return 0;
  const Event& read = events[write.index + 1u];
  const Event& moved = events[write.index + 2u];
  if (read.role != Role::moves || !sleepers::contains(moved.value, thread.id)) return 0;
  to = moved.location;
  return moved.place;
}

/// Is it in another execution that it wakes, from this on? Then it is in several queues, and taken off one.
bool Execution::wakes_otherwise(const Thread& thread) const {
  return std::any_of(thread.also_since.begin(), thread.also_since.end(),
                     [&](EventId since) { return !woken_by(thread, since).is_initial(); });
}

bool Execution::can_go_on(const Thread& thread) const {
  if (strategy_->expects(thread.id)) return true;
  if (thread.state == Thread::State::asleep) return !woken_by(thread, thread.since).is_initial();
  const Graph& graph = strategy_->graph();
  const std::size_t last = graph.co(thread.awaited).size();
  return thread.wants.would_write(
      graph.value_of(thread.awaited, graph.write_at(thread.awaited, last)));
}

void Execution::wake_waiting() {
  for (ThreadSet left = waiting_; left != 0; left &= left - 1) {
    Thread& thread = *threads_[static_cast<std::size_t>(std::countr_zero(left))];
    if (!can_go_on(thread)) continue;
    waiting_ &= ~(ThreadSet{1} << thread.id);
    able(thread);
  }
}

Execution::End Execution::choose_end(Thread& me, bool may_time_out, unsigned kinds_of_spurious) {
  std::array<End, 4> ends{End::woken};
  std::size_t n = 1;
  if (may_time_out) ends[n++] = End::timeout;
  limited_.wakes = limited_.wakes || kinds_of_spurious > 0;
  if (me.spurious_wakes < options_.spurious_wakes) {
    if (kinds_of_spurious > 0) ends[n++] = End::spurious;
    if (kinds_of_spurious > 1) ends[n++] = End::interrupted;
  }
  if (n == 1) return End::woken;
  me.spin.changed();
  take_turn(me);
  const End end = ends[guarded(me, [&] { return strategy_->choose(me.id, n); })];
  constexpr const char* names[] = {"waits to be woken", "will time out", "will wake for no reason",
                                   "will be interrupted"};
  did(me, names[static_cast<std::size_t>(end)]);
  if (end == End::spurious || end == End::interrupted) ++me.spurious_wakes;
  return end;
}

std::size_t Execution::choose_among(Thread& me, std::size_t n, const char* what) {
  me.spin.changed();
  take_turn(me);
  const std::size_t chosen = guarded(me, [&] { return strategy_->choose(me.id, n); });
  did(me, what);
  return chosen;
}

// Time

Clock::Time Execution::now(Thread& me) {
  const Graph& graph = strategy_->graph();
  Clock::Time time = me.clock.now();
  if (me.done == 0) {
    const EventId creator = graph.creator(me.id);
    if (!creator.is_initial()) time = threads_[creator.thread]->clock.before(creator.index + 1u);
    return std::max(time, me.clock.now());
  }
  const View& known = graph[last_event(me)].porf;
  for (ThreadSet left = used_; left != 0; left &= left - 1) {
    const auto other = static_cast<std::size_t>(std::countr_zero(left));
    if (other != me.id) time = std::max(time, threads_[other]->clock.before(known.count(other)));
  }
  return time;
}

void Execution::reach(Thread& me, Clock::Time time) { me.clock.reach(time, me.done); }

Clock::Time Execution::look_at_clock(Thread& me) {
  reach(me, now(me) + me.clock.tick());
  return me.clock.now();
}

}  // namespace lockstep::check
