// checker/runtime/locations.hpp: which atomic object an address is, in the graph.
//
// An address that is written as plain memory and then used atomically again holds another object: the
// second, third... at that address has a location of its own. So a location is an address and a
// number, the same in each execution. What sleeps on an address is a location too, which is nowhere in
// memory (explore/sleepers.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "checker/graph/event.hpp"

namespace lockstep::check {

class Locations {
 public:
  /// An address that was used atomically, and what it is in this execution.
  struct Entry {
    std::uintptr_t address = 0;
    std::uint32_t execution = 0;  // the last that used it
    std::uint16_t nth = 0;        // object at this address
    std::uint8_t size = 0;        // 0: none now
    bool is_initialized = false;
    Location location = 0;
    EventId in_memory;  // whose value the memory holds
  };

  Locations() : table_(std::size_t{1} << 6) {}

  void begin_execution() noexcept { ++execution_; }

  /// The entry of an address, made if there is none. If `size` is 0 the address is no atomic object now.
  [[nodiscard]] Entry& at(std::uintptr_t address) {
    Entry& entry = find(address);
    if (entry.execution != execution_) {
      entry.execution = execution_;
      entry.nth = 0;
      entry.size = 0;
    }
    return entry;
  }

  /// The entry of the queue of those who sleep on an address.
  [[nodiscard]] Entry& queue_at(std::uintptr_t address) { return at(address | queue_bit); }
  [[nodiscard]] static bool is_queue(std::uintptr_t address) noexcept {
    return (address & queue_bit) != 0;
  }
  /// What a queue is of.
  [[nodiscard]] static std::uintptr_t without_queue(std::uintptr_t address) noexcept {
    return address & ~queue_bit;
  }

  /// The entry of an address that is an atomic object now, or null.
  [[nodiscard]] Entry* object_at(std::uintptr_t address) noexcept {
    for (std::size_t i = hash(address);; ++i) {
      Entry& entry = table_[i & (table_.size() - 1)];
      if (entry.address == 0) return nullptr;
      if (entry.address != address) continue;
      return entry.execution == execution_ && entry.size != 0 ? &entry : nullptr;
    }
  }

  /// Says that an object is at the entry from now on. Its location is numbered.
  void begin_object(Entry& entry, std::size_t size) {
    entry.size = static_cast<std::uint8_t>(size);
    entry.in_memory = EventId{};
    entry.location = number({entry.address, entry.nth, size});
  }
  void end_object(Entry& entry) noexcept {
    entry.size = 0;
    ++entry.nth;
  }

  /// Which object a location is.
  struct Known {
    std::uintptr_t address = 0;  // of the object, or of a queue
    std::uint16_t nth = 0;       // at this address
    std::size_t size = 0;
  };
  /// All, by number.
  [[nodiscard]] std::vector<Known> all() const {
    std::vector<Known> all(extents_.size());
    for (const auto& [object, number] : numbers_) {
      all[number] = {object.first, object.second, extents_[number].size};
    }
    return all;
  }
  /// The number of an object, be it known already or not.
  Location number(const Known& object) {
    const auto [known, is_new] =
        numbers_.try_emplace({object.address, object.nth}, static_cast<Location>(extents_.size()));
    if (is_new) extents_.push_back({object.address, object.size});
    return known->second;
  }

  /// Where a location is.
  struct Extent {
    std::uintptr_t address = 0;
    std::size_t size = 0;
  };
  [[nodiscard]] const Extent& of(Location location) const noexcept { return extents_[location]; }

 private:
  static constexpr std::uintptr_t queue_bit = std::uintptr_t{1}
                                              << 62;  // of no address of a program

  [[nodiscard]] Entry& find(std::uintptr_t address) {
    for (std::size_t i = hash(address);; ++i) {
      Entry& entry = table_[i & (table_.size() - 1)];
      if (entry.address == address) return entry;
      if (entry.address == 0) return insert(address, entry);
    }
  }
  [[nodiscard]] static std::size_t hash(std::uintptr_t address) noexcept {
    return static_cast<std::size_t>((address * 0x9e37'79b9'7f4a'7c15) >> 32);
  }
  Entry& insert(std::uintptr_t address, Entry& free) {
    if (++used_ * 2 <= table_.size()) {
      free.address = address;
      return free;
    }
    std::vector<Entry> old(table_.size() * 2);
    old.swap(table_);
    used_ = 0;
    for (const Entry& entry : old) {
      if (entry.address != 0) find(entry.address) = entry;
    }
    return find(address);
  }

  std::vector<Entry> table_;
  std::size_t used_ = 0;
  std::uint32_t execution_ = 0;
  std::map<std::pair<std::uintptr_t, std::uint16_t>, Location> numbers_;
  std::vector<Extent> extents_;
};

}  // namespace lockstep::check
