#include "checker/explore/sees_all.hpp"

#include <algorithm>

namespace lockstep::check {

bool sees_all_behind(const Graph& graph, Location location, EventId write) {
  const auto& co = graph.co(location);
  const auto later = co.begin() + static_cast<std::ptrdiff_t>(graph.place(write));
  return std::all_of(later, co.end(), [&](EventId each) {
    return graph[each].is_rmw && graph[Graph::read_half(each)].value == graph[each].value;
  });
}

bool sees_all(const Graph& graph, std::size_t thread, std::size_t first) {
  const auto& events = graph.thread(thread);
  for (std::size_t i = first; i < events.size(); ++i) {
    if (events[i].kind != Kind::read) continue;
    if (events[i].spurious) return false;  // the next time it may succeed
    if (!sees_all_behind(graph, events[i].location, events[i].rf)) return false;
  }
  return true;
}

}  // namespace lockstep::check
