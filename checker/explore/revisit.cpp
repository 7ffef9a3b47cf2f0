// Revisits of Search: an earlier read sees a new write.
#include <algorithm>

#include "checker/explore/coherence.hpp"
#include "checker/explore/search.hpp"
#include "checker/explore/symmetry.hpp"

namespace lockstep::check {
namespace {

/// Is one of the events there before `event`, or in the prefix?
bool any_known(const Graph& graph, EventId event, const View& prefix, auto begin, auto end) {
  return std::any_of(begin, end, [&](EventId other) {
    return graph[other].nth < graph[event].nth || prefix.contains(other);
  });
}

bool is_last_of_known(const Graph& graph, EventId event, const View& prefix) {
  const bool is_write = graph[event].kind == Kind::write;
  const auto& co = graph.co(graph[event].location);
  const std::size_t place = graph.place(is_write ? event : graph[event].rf);
  return !any_known(graph, event, prefix, co.begin() + static_cast<std::ptrdiff_t>(place),
                    co.end());
}

/// In line, because all that the search puts by is looked at so.
[[gnu::always_inline]] inline bool is_maximal(const Graph& graph, EventId id, const View& prefix) {
  const Event& event = graph[id];
  switch (event.kind) {
    case Kind::choice:
      return event.value == 0;
    case Kind::read:
      return !event.spurious && is_last_of_known(graph, id, prefix);
    case Kind::write: {
      const auto& reads = graph.reads(event.location);
      return is_last_of_known(graph, id, prefix) &&
             std::none_of(reads.begin(), reads.end(), [&](EventId read) {
               return graph[read].rf == id &&
                      (graph[read].nth < event.nth || prefix.contains(read));
             });
    }
    case Kind::fence:
    case Kind::create:
    case Kind::end:
    case Kind::join:
    case Kind::wake:
      return true;
  }
  return true;
}

}  // namespace

bool was_added_maximally(const Graph& graph, EventId id, const View& prefix) {
  return is_maximal(graph, id, prefix);
}

/// Calls `visit(read)` for each read of the location that may be made to see a new write with that
/// prefix: all that is thrown away was added maximally. From the last to the first.
template <class Visit>
void Search::for_each_revisitable(Location location, const View& prefix, Visit visit) const {
  const Graph& g = graph();
  const auto& attempts = top().attempts;
  std::size_t kept = attempts.size();
  for (std::size_t i = g.size(); i-- > 0;) {
    for (; kept > 0 && attempts[kept - 1].size > i; --kept) {
      const Attempt& attempt = attempts[kept - 1];
      if (attempt.behind.is_initial() || prefix.contains(attempt.read)) continue;
      if (!leads_back(attempt, prefix)) return;
    }
    const EventId id = g.added()[i];
    if (prefix.contains(id)) continue;
    if (!is_maximal(g, id, prefix)) return;
    if (g[id].kind == Kind::read && g[id].location == location && is_due(id, prefix)) visit(id);
  }
}

void Search::put_by_revisits(EventId write) {
  const Event& event = graph()[write];
  std::vector<Work>& work = top().work;
  const auto before = static_cast<std::ptrdiff_t>(work.size());
  for_each_revisitable(event.location, event.porf, [&](EventId read) {
    put_by({.size = graph().size(), .kind = Work::Kind::revisit, .event = read});
  });
  // The earliest read first: the shortest graph, and of a loop that is none yet, the first round.
  std::reverse(work.begin() + before, work.end());
}

/// The read half sees the write at `place`, as another read-modify-write does, or goes to sleep as if it came
/// before a wake that came. That cannot stay so; but its write half may be seen by the other's read, or by
/// one whose revisit takes the other out of the graph.
void Search::put_by_revisits_by_rmw(EventId read, std::size_t place, Value value) {
  const Graph& g = graph();
  const Location location = g[read].location;
  const bool is_consumed = g.is_consumed(location, place);
  const EventId other =
      is_consumed ? Graph::read_half(g.write_at(location, place + 1)) : g.added().back();
  if (is_consumed && g[read].porf.contains(other)) return;
  for_each_revisitable(location, g[read].porf, [&](EventId revisited) {
    if (g[revisited].nth > g[other].nth) return;  // it would leave the other in
    put_by({.size = g.size(),
            .kind = Work::Kind::revisit_rmw,
            .event = g[read].rf,
            .revisited = revisited,
            .value = value});
  });
}

/// Begins the exploration of the graphs in which `read` sees the last event.
void Search::revisit(EventId read) {
  const Graph& old = graph();
  const EventId write = old.added().back();
  View kept = old[write].porf;
  for (std::size_t nth = 0; nth <= old[read].nth; ++nth) kept.add(old.added()[nth]);
  const auto& attempts = top().attempts;
  const auto is_kept = [nth = old[read].nth](const Attempt& each) { return each.size <= nth; };
  const auto later = std::find_if(attempts.rbegin(), attempts.rend(), is_kept).base();
  const std::size_t common = old[read].nth;
  if (top().work.empty()) {  // nobody comes back to the old one
    waypoints_.cut(depth_, common);
    top().graph.keep_part(kept);
    top().attempts.erase(later, attempts.end());
  } else {
    begin_exploration(common);
    top().graph.assign_part(old, kept);
    top().attempts.assign(attempts.begin(), later);
  }
  put_by_settling(read, write);
}

void Search::put_by_settling(EventId read, EventId write) {
  Graph& g = top().graph;
  g.erase_co(write);
  const std::size_t lowest = lowest_place(g, read);
  const bool fails_too = may_fail(read);
  find_coherent_places(g, write, places_);
  for (const std::size_t place : places_) {
    if (place <= lowest) continue;  // the read would see it before what it knows is later
    if (!may_stand_after_elders(g, write, place)) continue;
    g.insert_co(write, place);
    for (const bool fails : {true, false}) {
      g.set_rf(read, write, fails);
      if (fails && !(fails_too && g[read].value == g[read].expected)) continue;
      if (!may_see_after_elders(g, read, write, fails)) continue;
      if (is_of_queue(g[read]) && !sleepers_heed_wakes(g, g[read].location)) continue;
      if (!model_.allows(g)) continue;
      put_by({.size = g.size(),
              .kind = Work::Kind::settle,
              .fails = fails,
              .event = read,
              .place = place});
    }
    g.erase_co(write);
  }
}

}  // namespace lockstep::check
