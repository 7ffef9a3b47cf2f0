// Where the runs of Search begin, and which states are kept for that (waypoints.hpp).
#include <algorithm>

#include "checker/explore/bug.hpp"
#include "checker/explore/search.hpp"

namespace lockstep::check {

void Search::go_on_from(const Waypoint& waypoint) noexcept {
  goes_on_from_ = waypoint.number;
  done_ = waypoint.done;
  created_ = waypoint.created;
  to_replay_ = recorded_ - waypoint.events;
  end_ = waypoint.end;
  kept_at_ = waypoint.events;
}

/// How many first events of the graph are not touched by the work.
std::size_t Search::unchanged_by(const Work& work, const Graph& graph) noexcept {
  switch (work.kind) {
    case Work::Kind::see:
    case Work::Kind::place:
    case Work::Kind::pick:
      return work.size - 1;
    case Work::Kind::revisit:
    case Work::Kind::settle:
      return graph[work.event].nth;
    case Work::Kind::revisit_rmw:
      return graph[work.revisited].nth;
  }
  checker_bug("unknown work");
}

/// What the work that comes next, if this run puts nothing by, leaves of this run's graph.
std::size_t Search::kept_for_next_work() const noexcept {
  std::size_t common = graph().size();
  for (std::size_t depth = depth_; depth > 0; --depth) {
    const Exploration& exploration = stack_[depth - 1];
    if (!exploration.work.empty()) {
      return std::min(common, unchanged_by(exploration.work.back(), exploration.graph));
    }
    common = std::min(common, waypoints_.common(depth));
  }
  return 0;
}

/// To keep a state and to put it back costs as much as to repeat a few events. What the next work will need is kept when this
/// run comes by it, and so gone on from at least once. What may be needed of new events nobody knows yet.
bool Search::is_worth_keeping() const {
  constexpr std::size_t pays = 5;  // events
  if (keeping_ == Keeping::never || is_futile_ || revisited_) return false;
  const std::size_t done = all_done();
  if (keeping_ == Keeping::always) return done > kept_at_ && waypoints_.has_room();
  if (to_replay_ == 0 || done < kept_at_ + pays || end_ > next_needs_) return false;
  const EventId* const next = next_to_repeat(~ThreadSet{0});
  return next != nullptr && graph()[*next].nth >= next_needs_ && waypoints_.has_room();
}

std::size_t Search::keep() {
  kept_at_ = all_done();
  return waypoints_.add(depth_, {.end = to_replay_ == 0 ? graph().size() : end_,
                                 .events = kept_at_,
                                 .done = done_,
                                 .created = created_});
}

}  // namespace lockstep::check
