#include "checker/explore/coherence.hpp"

#include <algorithm>

namespace lockstep::check {
namespace {

/// What happens before an event, without what a read learns by what it sees.
const View& before(const Graph& graph, EventId event) {
  static const View nothing;
  const EventId last = event.index == 0
                           ? graph.creator(event.thread)
                           : EventId{event.thread, static_cast<std::uint16_t>(event.index - 1)};
  return last.is_initial() ? nothing : graph[last].hb;
}

}  // namespace

std::size_t lowest_place(const Graph& graph, EventId event) {
  const Location location = graph[event].location;
  const View& hb = before(graph, event);
  const auto& co = graph.co(location);
  std::size_t lowest = co.size();
  while (lowest > 0 && !hb.contains(co[lowest - 1])) --lowest;
  for (const EventId read : graph.reads(location)) {
    if (hb.contains(read)) lowest = std::max(lowest, graph.place(graph[read].rf));
  }
  return lowest;
}

void find_coherent_places(const Graph& graph, EventId write, std::vector<std::size_t>& places) {
  const Event& event = graph[write];
  places.clear();
  std::size_t lowest = lowest_place(graph, write);
  std::size_t highest = graph.co(event.location).size();
  if (event.is_rmw) {
    const std::size_t seen = graph.place(graph[Graph::read_half(write)].rf);
    lowest = std::max(lowest, seen);
    highest = std::min(highest, seen);
  }
  for (std::size_t behind = lowest; behind <= highest; ++behind) {
    if (!graph.is_consumed(event.location, behind)) places.push_back(behind + 1);
  }
}

}  // namespace lockstep::check
