// checker/graph/accesses.hpp: for each location that a graph touches, its writes in co and its reads.
//
// An exploration knows thousands of locations, one graph few of them; so this costs what the graph
// touches. `slot_of_` may hold anything for a location that is not there: a slot counts only if it
// is one of the first `used_` and names the location.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "checker/graph/event.hpp"

namespace lockstep::check {

/// One location.
struct Accesses {
  Location location = 0;
  Value initial = 0;           // what it holds before any write
  std::vector<EventId> co;     // without the initial write
  std::vector<EventId> reads;  // as they were added
};

class AccessesByLocation {
 public:
  /// Forgets all locations, but keeps their storage for others.
  void clear() noexcept { used_ = 0; }

  [[nodiscard]] const Accesses* find(Location location) const noexcept {
    if (location >= slot_of_.size()) return nullptr;
    const std::size_t slot = slot_of_[location];
    return slot < used_ && slots_[slot].location == location ? &slots_[slot] : nullptr;
  }
  /// The accesses to a location, which joins the others if it is new.
  Accesses& touch(Location location) {
    if (const Accesses* found = find(location)) return const_cast<Accesses&>(*found);
    if (slot_of_.size() <= location) slot_of_.resize(location + 1);
    if (slots_.size() == used_) slots_.emplace_back();
    slot_of_[location] = static_cast<std::uint32_t>(used_);
    Accesses& added = slots_[used_++];
    added.location = location;
    added.initial = 0;
    added.co.clear();
    added.reads.clear();
    return added;
  }

  /// Adds a location of another graph, with those of its accesses that are in `kept`. Null: there are none.
  const Accesses* add_part(const Accesses& whole, const View& kept) {
    const auto is_kept = [&](EventId event) { return kept.contains(event); };
    Accesses& part = touch(whole.location);
    part.initial = whole.initial;
    std::copy_if(whole.co.begin(), whole.co.end(), std::back_inserter(part.co), is_kept);
    std::copy_if(whole.reads.begin(), whole.reads.end(), std::back_inserter(part.reads), is_kept);
    if (!part.co.empty() || !part.reads.empty()) return &part;
    --used_;
    return nullptr;
  }

  /// Drops the accesses that are not in `kept`, and the locations that then have none.
  void keep_part(const View& kept) noexcept {
    const auto is_gone = [&](EventId event) { return !kept.contains(event); };
    for (std::size_t slot = 0; slot < used_;) {
      Accesses& accesses = slots_[slot];
      std::erase_if(accesses.co, is_gone);
      std::erase_if(accesses.reads, is_gone);
      if (!accesses.co.empty() || !accesses.reads.empty()) {
        ++slot;
        continue;
      }
      std::swap(accesses, slots_[--used_]);
      slot_of_[slots_[slot].location] = static_cast<std::uint32_t>(slot);
    }
  }

  [[nodiscard]] auto begin() const noexcept { return slots_.begin(); }
  [[nodiscard]] auto end() const noexcept {
    return slots_.begin() + static_cast<std::ptrdiff_t>(used_);
  }

 private:
  std::vector<Accesses> slots_;
  std::size_t used_ = 0;
  std::vector<std::uint32_t> slot_of_;
};

}  // namespace lockstep::check
