// checker/model/store_buffers.hpp: a machine, and whether it can do what a graph says.
//
// Each thread does its events in po; a write goes into its buffer, and leaves it for the memory when
// all has happened that it comes behind there. What the machine can do never becomes impossible by
// what else it does, so it does whatever it can, and the graph is possible if it comes to the end.
// In terms of the axioms: the events are sorted topologically by what must come before what.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "checker/graph/graph.hpp"

namespace lockstep::check {

/// `waits(event)`: does it wait until the buffer is empty? `drains(write)`: is nothing done after
/// it before the buffer is?
template <class Waits, class Drains>
class StoreBuffers {
 public:
  StoreBuffers(const Graph& graph, Waits waits, Drains drains)
      : graph_(graph), waits_(waits), drains_(drains) {}

  [[nodiscard]] bool comes_to_the_end() {
    for (bool goes_on = true; goes_on;) {
      goes_on = false;
      for (std::size_t t = 0; t < graph_.threads(); ++t) goes_on = advance(t) || goes_on;
    }
    for (std::size_t t = 0; t < graph_.threads(); ++t) {
      if (in_memory_[t] < graph_.thread(t).size()) return false;
    }
    return true;
  }

 private:
  /// Does what the thread can do. Was it something?
  bool advance(std::size_t t) {
    const auto& events = graph_.thread(t);
    const std::size_t before = done_[t] + in_memory_[t];
    empty_buffer(t);
    while (done_[t] < events.size() && can_do(t, events)) {
      ++done_[t];
      empty_buffer(t);
    }
    return done_[t] + in_memory_[t] > before;
  }

  void empty_buffer(std::size_t t) {
    const auto& events = graph_.thread(t);
    for (std::size_t& i = in_memory_[t]; i < done_[t]; ++i) {
      if (events[i].kind == Kind::write && !can_be_in_memory(events[i])) return;
    }
  }

  [[nodiscard]] bool can_do(std::size_t t, const std::vector<Event>& events) const {
    const Event& event = events[done_[t]];
    const bool is_empty = in_memory_[t] == done_[t];
    if (!is_empty && (waits_(event) || drains_(events[done_[t] - 1]))) return false;
    if (done_[t] == 0 && !is_done(graph_.creator(t))) return false;
    if (event.kind == Kind::join) return done_[event.peer] == graph_.thread(event.peer).size();
    if (event.kind != Kind::read && event.kind != Kind::wake) return true;
    return event.rf.thread == t || is_in_memory(event.rf);
  }

  [[nodiscard]] bool is_done(EventId id) const {
    return id.is_initial() || id.index < done_[id.thread];
  }
  [[nodiscard]] bool is_in_memory(EventId write) const {
    return write.is_initial() || write.index < in_memory_[write.thread];
  }

  /// co and fr: the write before it is there, and those who see an earlier one have done so.
  [[nodiscard]] bool can_be_in_memory(const Event& write) const {
    if (!is_in_memory(graph_.write_at(write.location, write.place - 1u))) return false;
    const auto& reads = graph_.reads(write.location);
    return std::all_of(reads.begin(), reads.end(), [&](EventId read) {
      return is_done(read) || graph_.place(graph_[read].rf) >= write.place;
    });
  }

  const Graph& graph_;
  const Waits waits_;
  const Drains drains_;
  std::array<std::size_t, max_threads> done_{};
  std::array<std::size_t, max_threads> in_memory_{};  // its writes before that are
};

}  // namespace lockstep::check
