#include "checker/explore/sees_all.hpp"

#include <algorithm>

namespace lockstep::check {

bool sees_all(const Graph& graph, std::size_t thread, std::size_t first) {
  const auto changes_nothing = [&](EventId write) {
    return graph[write].is_rmw && graph[Graph::read_half(write)].value == graph[write].value;
  };
  const auto& events = graph.thread(thread);
  for (std::size_t i = first; i < events.size(); ++i) {
    if (events[i].kind != Kind::read) continue;
    if (events[i].spurious) return false;  // the next time it may succeed
    const auto& co = graph.co(events[i].location);
    const auto later = co.begin() + static_cast<std::ptrdiff_t>(graph.place(events[i].rf));
    if (!std::all_of(later, co.end(), changes_nothing)) return false;
  }
  return true;
}

}  // namespace lockstep::check
