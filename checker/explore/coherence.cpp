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

/// The last place in co of what those know who have seen `hb`.
std::size_t last_known(const Graph& graph, Location location, const View& hb) {
  const auto& co = graph.co(location);
  std::size_t last = co.size();
  while (last > 0 && !hb.contains(co[last - 1])) --last;
  for (const EventId read : graph.reads(location)) {
    if (hb.contains(read)) last = std::max(last, graph.place(graph[read].rf));
  }
  return last;
}

}  // namespace

bool sleepers_heed_wakes(const Graph& graph, Location queue) {
  for (const EventId sleep : graph.reads(queue)) {
    if (!heeds(graph[sleep].role)) continue;
    const Event& word = graph[{sleep.thread, static_cast<std::uint16_t>(sleep.index - 1)}];
    for (const EventId wake : graph.reads(queue)) {
      if (!wakes(graph[wake].role) || wake.thread == sleep.thread) continue;
      const std::size_t came = graph.place(graph[sleep].rf), woke = graph.place(graph[wake].rf);
      const bool is_before = woke < came || (woke == came && graph[sleep].is_rmw);
      const std::size_t known = last_known(graph, word.location, graph[wake].hb);
      if (is_before && known > graph.place(word.rf)) return false;
    }
  }
  return true;
}

std::size_t lowest_heeding_place(const Graph& graph, std::size_t thread, Location word,
                                 Location queue) {
  std::size_t lowest = 0;
  for (const EventId wake : graph.reads(queue)) {
    if (!wakes(graph[wake].role) || wake.thread == thread) continue;
    lowest = std::max(lowest, last_known(graph, word, graph[wake].hb));
  }
  return lowest;
}

std::size_t lowest_place(const Graph& graph, EventId event) {
  return last_known(graph, graph[event].location, before(graph, event));
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
