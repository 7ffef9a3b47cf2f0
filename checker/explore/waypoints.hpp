// checker/explore/waypoints.hpp: points of earlier runs from which a later one may go on, because the graphs have
// in common all that had happened there.
//
// State: a stack of waypoints, each of a level of the search's stack of graphs, where it knows how many events of each
// thread had happened, and a number under which the runtime keeps the state of the program. An event is known by where it stands in
// the order of adding: a waypoint counts as long as no event changes that stands before its `end`.
//
// Why that is right: all that a search changes in a graph without saying so here (cut, begin_level) are events
// behind those; and what a program has done follows from the events that it did and what they saw.
// Checked by: tests/checker/kept_states_test.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/graph/event.hpp"

namespace lockstep::check {

/// How often states are kept.
enum class Keeping : std::uint8_t { never, where_it_pays, always };

/// What the environment says (LOCKSTEP_KEEP_STATES: never, always), which is for tests.
[[nodiscard]] Keeping keeping_asked_for() noexcept;

struct Waypoint {
  std::size_t number = 0;  // of the state
  std::size_t level = 0;   // of the first graph that it is of
  std::size_t end = 0;     // all its events were added before the one that stands here
  std::size_t events = 0;
  std::array<std::uint16_t, max_threads> done{};     // events of each thread
  std::array<std::uint16_t, max_threads> created{};  // threads by each thread
};

class Waypoints {
 public:
  /// So many states are kept at most, at once.
  static constexpr std::size_t most = 128;

  /// Of the graph of the level: from this event on it is, or is going to be, another.
  void cut(std::size_t level, std::size_t from) noexcept;
  /// Begins a level, whose graph has so many first events in common with that below.
  void begin_level(std::size_t level, std::size_t common);
  /// The levels from this on are no more.
  void end_levels(std::size_t from) noexcept;
  /// Forgets all.
  void clear() noexcept;

  /// Of those that are of the graph of this level, the highest, the last; or null.
  [[nodiscard]] const Waypoint* last(std::size_t level) const noexcept;
  /// How many first events the graph of the level has in common with that below.
  [[nodiscard]] std::size_t common(std::size_t level) const noexcept { return common_[level]; }
  [[nodiscard]] bool has_room() const noexcept { return all_.size() < most; }
  /// Adds one, of a run of this level; there has to be room. What it is known by.
  std::size_t add(std::size_t level, Waypoint waypoint);

 private:
  void drop_last() noexcept;

  std::vector<Waypoint> all_;  // by level, those of one level by their ends
  std::vector<std::size_t> common_;
  std::vector<std::size_t> free_;  // numbers of no waypoint
  std::size_t numbers_ = 0;        // that were given
};

}  // namespace lockstep::check
