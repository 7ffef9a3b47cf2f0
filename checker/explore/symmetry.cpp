#include "checker/explore/symmetry.hpp"

#include <algorithm>
#include <string>
#include <tuple>

#include "checker/explore/asked.hpp"

namespace lockstep::check {
namespace {

/// Does `holds` for the event of each elder that had done the same before?
template <class Holds>
bool all_elders(const Graph& graph, EventId event, Holds holds) {
  for (std::uint16_t elder = graph[event].elder; elder != 0;) {
    const EventId theirs{elder, event.index};
    if (!holds(theirs)) return false;
    elder = graph[theirs].elder;
  }
  return true;
}

bool depends(const Graph& graph, EventId event, EventId on) {
  return !event.is_initial() && graph[event].porf.contains(on);
}

/// The event before it in its thread.
EventId before(EventId event) {
  if (event.index == 0) return {};
  return {event.thread, static_cast<std::uint16_t>(event.index - 1)};
}

/// Is the location of the event one that others have from its thread, and not before this?
bool is_private(const Graph& graph, EventId event) {
  const Location location = graph[event].location;
  const auto is_from_it = [&](EventId other) {
    return other.thread == event.thread || graph[other].porf.contains(event);
  };
  return std::all_of(graph.co(location).begin(), graph.co(location).end(), is_from_it) &&
         std::all_of(graph.reads(location).begin(), graph.reads(location).end(), is_from_it);
}

/// Who writes or expects its number is told apart by it; the address of what is its own says no more than
/// another's. The value that `mine` should have been.
Value likened(Value theirs, Value mine) {
  constexpr Value lowest_address = 1 << 16;
  return theirs < lowest_address || mine < lowest_address ? theirs : mine;
}

}  // namespace

bool symmetry::may_see(const Graph& graph, EventId read, EventId write, bool fails) {
  const Location location = graph[read].location;
  const auto rank = std::tuple(graph.place(write), !fails);
  return all_elders(graph, read, [&](EventId elder) {
    const Event& theirs = graph[elder];
    if (theirs.location != location) return true;
    return rank >= std::tuple(graph.place(theirs.rf), !theirs.spurious) ||
           depends(graph, write, elder) || depends(graph, before(read), elder);
  });
}

bool symmetry::may_stand(const Graph& graph, EventId write, std::size_t place) {
  return all_elders(graph, write, [&](EventId elder) {
    return graph[elder].location != graph[write].location || place > graph.place(elder);
  });
}

bool symmetry::may_choose(const Graph& graph, EventId choice, Value value) {
  return all_elders(graph, choice, [&](EventId elder) {
    return value == 0 || (graph[elder].value != 0 && value >= graph[elder].value);
  });
}

void symmetry::refuse_unlike_elder(const Graph& graph, EventId event) {
  const Event& mine = graph[event];
  const EventId elder{mine.elder, event.index};
  Label theirs = graph[elder];
  if (is_private(graph, event) && is_private(graph, elder)) theirs.location = mine.location;
  theirs.value = likened(theirs.value, mine.value);
  theirs.expected = likened(theirs.expected, mine.expected);
  refuse_unlike(event, mine, elder, theirs);
}

}  // namespace lockstep::check
