// What is possible for a new event of Search: one possibility is taken, the others are put by.
#include <algorithm>

#include "checker/explore/bug.hpp"
#include "checker/explore/coherence.hpp"
#include "checker/explore/search.hpp"
#include "checker/explore/symmetry.hpp"

namespace lockstep::check {

/// May a read that has seen what it expects fail nevertheless?
bool Search::may_fail(EventId read) const {
  const Event& event = graph()[read];
  if (!event.may_fail) return false;
  const auto& events = graph().thread(read.thread);
  const auto failures = std::count_if(events.begin(), events.begin() + read.index,
                                      [](const Event& e) { return e.spurious; });
  return static_cast<unsigned>(failures) < spurious_failures_;
}

/// If the read is of a queue and sees that write: do its sleepers heed its wakes?
bool Search::is_heeded(EventId read, EventId write) {
  Graph& g = top().graph;
  if (!is_of_queue(g[read])) return true;
  g.set_rf(read, write);
  return sleepers_heed_wakes(g, g[read].location);
}

/// A new read that sees that write, or fails at it for no reason: is it known that the thread would wait for something
/// else to see?
bool Search::is_idle(EventId read, EventId write, const Update* update, bool fails) const {
  const Graph& g = graph();
  const Value value = g.value_of(g[read].location, write);
  const bool writes = !fails && g.would_write(read, write);
  if (update != nullptr && update->is_awaited) return !writes;
  if (foresight_ == nullptr || (writes && update->written(value) != value)) return false;
  return foresight_->idles(read.thread, {value, writes});
}

/// The last write is the one that is taken. It is always possible, but for a thread that goes to sleep
/// having seen an old value; then there is nothing, but what it does to others is put by.
bool Search::choose_rf(EventId read, const Update* update) {
  Graph& g = top().graph;
  const Location location = g[read].location;
  const std::size_t last = g.co(location).size();
  const bool fails_too = may_fail(read);
  const Attempt* const earlier = last_attempt(read);
  for (std::size_t place = lowest_place(g, read);; ++place) {
    const EventId write = g.write_at(location, place);
    if (earlier != nullptr && !is_new(*earlier, write)) {
      if (place != last) continue;
      g.set_rf(read, earlier->saw);
      if (g[read].is_rmw) g.park(read);
      return true;
    }
    const bool writes = g.would_write(read, write);
    if (writes && fails_too && !is_idle(read, write, update, true)) offer(read, write, true);
    if (!may_see_after_elders(g, read, write, false)) continue;
    const bool is_consumed = writes && g.is_consumed(location, place);
    const bool is_worthless = place != last && is_idle(read, write, update, false);
    if (is_worthless) continue;
    if (is_consumed || !is_heeded(read, write)) {
      g.set_rf(read, write);
      if (writes) put_by_revisits_by_rmw(read, place, update->written(g[read].value));
      if (place == last) return false;
    } else if (place == last) {
      g.set_rf(read, write);
      return true;
    } else {
      offer(read, write, false);
    }
  }
}

void Search::offer(EventId read, EventId write, bool fails) {
  Graph& g = top().graph;
  if (!may_see_after_elders(g, read, write, fails)) return;
  if (model_.may_refuse(g)) {
    g.set_rf(read, write, fails);
    if (!model_.allows(g)) return;
  }
  put_by({.size = g.size(), .kind = Work::Kind::see, .fails = fails, .event = write});
}

/// The last place is always possible, so it is the one that is taken.
void Search::choose_place(EventId write) {
  Graph& g = top().graph;
  find_coherent_places(g, write, places_);
  if (places_.empty()) checker_bug("there is no place for a write");
  for (const std::size_t place : places_) {
    if (place == places_.back()) return g.insert_co(write, place);
    if (!may_stand_after_elders(g, write, place)) continue;
    if (model_.may_refuse(g)) {
      g.insert_co(write, place);
      const bool is_allowed = model_.allows(g);
      g.erase_co(write);
      if (!is_allowed) continue;
    }
    put_by({.size = g.size(), .kind = Work::Kind::place, .place = place});
  }
}

}  // namespace lockstep::check
