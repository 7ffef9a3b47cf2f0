#include "checker/report/synchronization.hpp"

#include <algorithm>
#include <utility>

namespace lockstep::check {
namespace {

class Synchronizations {
 public:
  explicit Synchronizations(const Graph& graph) : graph_(graph) {}

  [[nodiscard]] std::vector<Synchronized> all() && {
    for (const EventId id : graph_.added()) {
      if (id.index == 0) add(graph_.creator(id.thread), id);
      add_to(id);
      std::sort(froms_.begin(), froms_.end(), [](EventId a, EventId b) {
        return std::pair(a.thread, a.index) < std::pair(b.thread, b.index);
      });
      keep_last(id);
    }
    return std::move(found_);
  }

 private:
  void add_to(EventId id) {
    const Event& event = graph_[id];
    switch (event.kind) {
      case Kind::join:
        return add(event_id(event.peer, graph_.thread(event.peer).size() - 1), id);
      case Kind::read:
      case Kind::wake:
        if (every_read_) return add(event.rf, id);
        if (acquires(event.order)) add_heads(event.rf, id);
        return;
      case Kind::fence:
        if (!every_read_ && acquires(event.order)) add_reads_before(id);
        return;
      default:
        return;
    }
  }

  /// Of what the reads before a fence saw, what was not acquired at an earlier one.
  void add_reads_before(EventId fence) {
    for (std::size_t i = fence.index; i-- > 0;) {
      const Event& event = graph_[event_id(fence.thread, i)];
      if (event.kind == Kind::fence && acquires(event.order)) return;
      const bool sees = event.kind == Kind::read || event.kind == Kind::wake;
      if (sees && event.order != Order::system) add_heads(event.rf, fence);
    }
  }

  /// The releases that whoever acquires a write synchronizes with.
  void add_heads(EventId write, EventId to) {
    for (; !write.is_initial() && graph_[write].order != Order::system;
         write = graph_[Graph::read_half(write)].rf) {
      const EventId head = released_by(write);
      add(head, to);
      if (!graph_[write].is_rmw) return;
    }
  }

  /// Itself, the release fence before it, or nothing.
  [[nodiscard]] EventId released_by(EventId write) const {
    const Event& event = graph_[write];
    if (releases(event.order)) return write;
    return event.release_fence == 0 ? EventId{} : event_id(write.thread, event.release_fence - 1u);
  }

  void add(EventId from, EventId to) {
    if (!from.is_initial() && from.thread != to.thread) froms_.push_back(from);
  }

  /// Takes those of one event over, but for what happens before another of them.
  void keep_last(EventId to) {
    for (const EventId from : froms_) {
      const bool follows = std::any_of(froms_.begin(), froms_.end(), [&](EventId other) {
        return other != from && graph_[other].hb.contains(from);
      });
      const bool is_known = !found_.empty() && found_.back().to == to && found_.back().from == from;
      if (!follows && !is_known) found_.push_back({from, to});
    }
    froms_.clear();
  }

  const Graph& graph_;
  const bool every_read_ = graph_.synchronization() == Synchronization::every_read;
  std::vector<EventId> froms_;  // of the event that is looked at
  std::vector<Synchronized> found_;
};

}  // namespace

std::vector<Synchronized> synchronizations_of(const Graph& graph) {
  return Synchronizations(graph).all();
}

}  // namespace lockstep::check
