// checker/graph/elders.hpp: which of several identical threads does a thing first.
//
// Identical threads run the same function on the same data, so any of their permutations makes of an execution
// another. A thread was created "like" an elder one. As long as the two have done and seen the same, an event of
// the younger comes after the elder's event of the same index: it depends on it, as it does on what it sees.
// `Event::elder` is the nearest elder of which that holds. What they see and where they are placed in co is
// ordered too, but by the search (explore/symmetry.hpp, which says why this loses no execution).
//
// Two threads that have written to one location are told apart for good by co, and so are those that see
// different writes. Not so two that use memory of their own: what is on the stack of the one is, for the other, what
// is on its own.
// Checked by: tests/oracle/symmetry_test.cpp.
#pragma once

#include "checker/graph/graph.hpp"

namespace lockstep::check {

/// Two threads that have done the same so far did these, one each. Can they still not be told apart?
[[nodiscard]] inline bool are_alike(EventId a, const Event& one, EventId b,
                                    const Event& other) noexcept {
  if (one.kind != other.kind || one.is_rmw != other.is_rmw) return false;
  if (one.spurious != other.spurious || one.parked != other.parked) return false;
  const bool is_own = one.location != other.location;
  switch (one.kind) {
    case Kind::read:
      if (one.rf == other.rf) return is_own || !one.is_rmw;
      return is_own && one.rf.thread == a.thread && other.rf.thread == b.thread &&
             one.rf.index == other.rf.index;
    case Kind::write:
      return is_own;
    case Kind::choice:
      return one.value == other.value;
    case Kind::join:
      return one.peer == other.peer;
    case Kind::wake:
      return one.rf == other.rf;
    case Kind::create:
      return false;
    case Kind::fence:
    case Kind::end:
      return true;
  }
  return false;
}

/// (po u rf)*: what an event knows of, though more may have to be there before it.
[[nodiscard]] inline View known_without_elders(const Graph& graph, EventId event) {
  View known, followed;
  known.add(event);
  for (bool is_more = true; is_more;) {
    is_more = false;
    for (std::size_t t = 0; t < graph.threads(); ++t) {
      while (followed.count(t) < known.count(t)) {
        const EventId next{static_cast<std::uint16_t>(t),
                           static_cast<std::uint16_t>(followed.count(t))};
        followed.add(next);
        is_more = true;
        const Event& it = graph[next];
        if (next.index == 0 && !graph.creator(t).is_initial()) known.add(graph.creator(t));
        if ((it.kind == Kind::read || it.kind == Kind::wake) && !it.rf.is_initial()) {
          known.add(it.rf);
        }
        if (it.kind == Kind::join) {
          const auto events = graph.thread(it.peer).size();
          known.add(EventId{it.peer, static_cast<std::uint16_t>(events - 1)});
        }
      }
    }
  }
  return known;
}

/// Of an event that is not in the graph yet. None if the elder has not come so far: it cannot go on.
inline std::uint16_t Graph::elder_of(EventId id) const noexcept {
  std::uint16_t elder = 0;
  if (id.index == 0) {
    const EventId creator = creators_[id.thread];
    if (!creator.is_initial()) elder = (*this)[creator].like;
  } else {
    const EventId mine{id.thread, static_cast<std::uint16_t>(id.index - 1)};
    elder = threads_[mine.thread][mine.index].elder;
    while (elder != 0) {
      const EventId theirs{elder, mine.index};
      if (are_alike(mine, (*this)[mine], theirs, (*this)[theirs])) break;
      elder = (*this)[theirs].elder;
    }
  }
  return elder != 0 && id.index < threads_[elder].size() ? elder : std::uint16_t{0};
}

/// A read-modify-write is one thing that was done: on its read half depends nothing without the other.
inline void Graph::depend_on_elder(EventId id, Event& event) const noexcept {
  const auto& theirs = threads_[event.elder];
  const bool is_half = theirs[id.index].kind == Kind::read && theirs[id.index].is_rmw;
  event.porf.add(theirs[id.index + (is_half ? 1U : 0U)].porf);
}

}  // namespace lockstep::check
