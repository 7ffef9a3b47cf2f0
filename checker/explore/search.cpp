#include "checker/explore/search.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace lockstep::check {
namespace {

/// Something that no program, right or wrong, can bring about.
[[noreturn]] void checker_bug(const char* what) {
  std::fprintf(stderr, "checker bug: %s\n", what);
  std::abort();
}

/// What happens before an event, without what a read learns by what it sees.
View before(const Graph& graph, EventId event) {
  return event.index == 0 ? View{}
                          : graph[{event.thread, static_cast<std::uint16_t>(event.index - 1)}].hb;
}

}  // namespace

// The run

void Search::begin_run() {
  ran_.assign(graph().threads(), 0);
  to_replay_ = graph().size();
}

bool Search::can_step(std::size_t thread) const noexcept {
  if (!is_recorded(thread)) return false;
  const auto& events = graph().thread(thread);
  const Event& event = events[ran(thread)];
  if (event.kind != Kind::read) return true;
  // A read half without its other half goes last, because that will be new.
  const bool is_unfinished = event.is_rmw && ran(thread) + 1 == events.size();
  if (is_unfinished && to_replay_ > 1) return false;
  return event.rf.is_initial() || event.rf.index < ran(event.rf.thread);
}

bool Search::end_run() {
  if (to_replay_ > 0) checker_bug("a run ended before it had repeated its graph");
  return next();
}

const Event& Search::replay(std::size_t thread) {
  const Event& event = graph().thread(thread)[ran(thread)];
  --to_replay_;
  mark_run(thread);
  return event;
}

void Search::mark_run(std::size_t thread) {
  if (ran_.size() <= thread) ran_.resize(thread + 1);
  ++ran_[thread];
}

EventId Search::add(std::size_t thread, const Event& event) {
  if (is_replaying()) checker_bug("a thread went on before the graph was repeated");
  mark_run(thread);
  return graph().add(thread, event);
}

Value Search::load(std::size_t thread, Location location, Order order) {
  if (is_recorded(thread)) return replay(thread).value;
  Event event;
  event.kind = Kind::read;
  event.order = order;
  event.location = location;
  const EventId read = add(thread, event);
  choose_rf(read, nullptr);
  return graph()[read].value;
}

void Search::store(std::size_t thread, Location location, Order order, Value value) {
  if (is_recorded(thread)) {
    replay(thread);
    return;
  }
  Event event;
  event.kind = Kind::write;
  event.order = order;
  event.location = location;
  event.value = value;
  const EventId write = add(thread, event);
  put_by_revisits(write);
  choose_place(write);
}

Value Search::read_modify_write(std::size_t thread, Location location, const Update& update) {
  Event event;
  event.order = update.order;
  event.location = location;
  event.is_rmw = true;
  bool writes = true;
  Value seen = 0;
  if (is_recorded(thread)) {
    const Event& read = replay(thread);
    seen = read.value;
    writes = read.is_rmw;
  } else {
    event.kind = Kind::read;
    event.is_compare = update.expected.has_value();
    event.expected = update.expected.value_or(0);
    event.success = update.order;
    event.failure = update.failure;
    const EventId read = add(thread, event);
    choose_rf(read, &update);
    seen = graph()[read].value;
    writes = graph()[read].is_rmw;
  }
  if (!writes) return seen;
  if (is_recorded(thread)) {
    replay(thread);
    return seen;
  }
  event.kind = Kind::write;
  event.is_compare = false;
  event.value = update.written(seen);
  const EventId write = add(thread, event);
  put_by_revisits(write);
  choose_place(write);
  return seen;
}

void Search::fence(std::size_t thread, Order order) {
  if (is_recorded(thread)) {
    replay(thread);
    return;
  }
  Event event;
  event.kind = Kind::fence;
  event.order = order;
  add(thread, event);
}

// What is coherent

/// The first place in co, of the event's location, that it may see, or behind which it may be put.
std::size_t Search::lowest_place(EventId event) const {
  const Graph& g = graph();
  const Location location = g[event].location;
  const View hb = before(g, event);
  std::size_t lowest = 0;
  for (std::size_t t = 0; t < g.threads(); ++t) {
    for (std::size_t i = 0; i < hb.count(t); ++i) {
      const Event& other = g.thread(t)[i];
      if (other.kind == Kind::fence || other.location != location) continue;
      const EventId id{static_cast<std::uint16_t>(t), static_cast<std::uint16_t>(i)};
      lowest = std::max(lowest, g.place(other.kind == Kind::write ? id : other.rf));
    }
  }
  return lowest;
}

/// Where a write that is not in co may go: the places behind what happens before it, but not
/// between the halves of a read-modify-write; its own write half right behind what it sees.
std::vector<std::size_t> Search::coherent_places(EventId write) const {
  const Graph& g = graph();
  const Event& event = g[write];
  std::vector<std::size_t> places;
  std::size_t lowest = lowest_place(write);
  std::size_t highest = g.co(event.location).size();
  if (event.is_rmw) {
    const std::size_t seen = g.place(g[Graph::read_half(write)].rf);
    lowest = std::max(lowest, seen);
    highest = std::min(highest, seen);
  }
  for (std::size_t behind = lowest; behind <= highest; ++behind) {
    if (!g.is_consumed(event.location, behind)) places.push_back(behind + 1);
  }
  return places;
}

// What is possible for a new event: the last possibility is taken, the others are put by

void Search::choose_rf(EventId read, const Update* update) {
  Graph& g = graph();
  const Location location = g[read].location;
  const std::size_t last = g.co(location).size();
  for (std::size_t place = lowest_place(read); place < last; ++place) {
    const EventId write = g.write_at(location, place);
    g.set_rf(read, write);
    if (g[read].is_rmw && g.is_consumed(location, place)) {
      put_by_revisits_by_rmw(read, place, update->written(g[read].value));
    } else if (model_.allows(g)) {
      put_by({g.size(), Work::Kind::see, write});
    }
  }
  g.set_rf(read, g.write_at(location, last));
}

void Search::choose_place(EventId write) {
  Graph& g = graph();
  const std::vector<std::size_t> places = coherent_places(write);
  if (places.empty()) checker_bug("there is no place for a write");
  for (const std::size_t place : places) {
    g.insert_co(write, place);
    if (place == places.back()) return;
    if (model_.allows(g)) put_by({g.size(), Work::Kind::place, write, place});
    g.erase_co(write);
  }
}

// Revisits

void Search::put_by_revisits(EventId write) {
  const Graph& g = graph();
  const Event& event = g[write];
  for (std::size_t nth = 0; nth + 1 < g.size(); ++nth) {
    const EventId read = g.added()[nth];
    const bool sees_location = g[read].kind == Kind::read && g[read].location == event.location;
    if (sees_location && is_revisitable(nth, event.porf))
      put_by({g.size(), Work::Kind::revisit, read});
  }
}

/// The read half sees the write at `place`, as another read-modify-write does. That cannot stay so;
/// but its write half may be seen by the other's read, or by one whose revisit takes the other out
/// of the graph.
void Search::put_by_revisits_by_rmw(EventId read, std::size_t place, Value value) {
  const Graph& g = graph();
  const Location location = g[read].location;
  const EventId other = Graph::read_half(g.write_at(location, place + 1));
  const View& prefix = g[read].porf;
  if (prefix.contains(other)) return;
  for (std::size_t nth = 0; nth + 1 < g.size(); ++nth) {
    const EventId revisited = g.added()[nth];
    if (g[revisited].kind == Kind::read && g[revisited].location == location &&
        is_revisitable(nth, prefix)) {
      put_by({g.size(), Work::Kind::revisit_rmw, g.write_at(location, place), 0, revisited, value});
    }
    if (revisited == other) return;  // a later one would leave it in
  }
}

/// May the nth event, a read, be made to see a new write with that prefix?
bool Search::is_revisitable(std::size_t nth, const View& prefix) const {
  const Graph& g = graph();
  if (prefix.contains(g.added()[nth])) return false;
  for (std::size_t i = nth; i < g.size(); ++i) {
    const EventId thrown_away = g.added()[i];
    const bool is_new = i + 1 == g.size() && g[thrown_away].kind == Kind::write;
    if (!is_new && !prefix.contains(thrown_away) && !was_added_maximally(i, prefix)) return false;
  }
  return true;
}

/// With respect to what was there before the nth event, or is in the prefix: did it see the last
/// write, or was it placed last and seen by nobody?
bool Search::was_added_maximally(std::size_t nth, const View& prefix) const {
  const Graph& g = graph();
  const EventId id = g.added()[nth];
  const Event& event = g[id];
  if (event.kind == Kind::fence) return true;
  const bool is_write = event.kind == Kind::write;
  const std::size_t own_place = g.place(is_write ? id : event.rf);
  for (std::size_t i = 0; i < g.size(); ++i) {
    const EventId other_id = g.added()[i];
    const Event& other = g[other_id];
    if ((i > nth && !prefix.contains(other_id)) || other.kind == Kind::fence) continue;
    if (other.location != event.location) continue;
    if (other.kind == Kind::read) {
      if (is_write && other.rf == id) return false;
    } else {
      const auto& co = g.co(event.location);
      const auto later = co.begin() + static_cast<std::ptrdiff_t>(own_place);
      if (std::find(later, co.end(), other_id) != co.end()) return false;
    }
  }
  return true;
}

/// Begins the exploration of the graph in which `read` sees the last event.
bool Search::revisit(EventId read) {
  const Graph& old = graph();
  const EventId write = old.added().back();
  const View& prefix = old[write].porf;
  bool behind = false;
  Graph part = old.restricted_to([&](EventId event, std::size_t) {
    const bool kept = !behind || prefix.contains(event);
    behind = behind || event == read;
    return kept;
  });
  part.erase_co(write);
  stack_.push_back({std::move(part), {}});
  Graph& g = graph();
  const std::size_t lowest = lowest_place(read);
  std::size_t taken = 0;
  for (const std::size_t place : coherent_places(write)) {
    if (place <= lowest) continue;  // the read would see it before what it knows is later
    g.insert_co(write, place);
    g.set_rf(read, write);
    if (model_.allows(g)) {
      if (taken != 0) put_by({g.size(), Work::Kind::place, write, taken});
      taken = place;
    }
    g.erase_co(write);
  }
  if (taken == 0) {
    stack_.pop_back();
    return false;
  }
  g.insert_co(write, taken);
  g.set_rf(read, write);
  return true;
}

// The work that was put by

bool Search::next() {
  while (!stack_.empty()) {
    std::vector<Work>& work = stack_.back().work;
    if (work.empty()) {
      stack_.pop_back();
      continue;
    }
    const Work first = work.back();
    work.pop_back();
    while (graph().size() > first.size) graph().remove_last();
    if (carry_out(first)) return true;
  }
  return false;
}

bool Search::carry_out(const Work& work) {
  Graph& g = graph();
  const EventId last = g.added().back();
  switch (work.kind) {
    case Work::Kind::see:
      g.set_rf(last, work.event);
      return true;
    case Work::Kind::place:
      g.erase_co(last);
      g.insert_co(last, work.place);
      return true;
    case Work::Kind::revisit:
      return revisit(work.event);
    case Work::Kind::revisit_rmw: {
      g.set_rf(last, work.event);
      Event write = g[last];
      write.kind = Kind::write;
      write.is_compare = false;
      write.value = work.value;
      g.add(last.thread, write);
      return revisit(work.revisited);
    }
  }
  checker_bug("unknown work");
}

}  // namespace lockstep::check
