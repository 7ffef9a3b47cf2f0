// checker/machine/undo_log.hpp: puts back what an execution changed in memory that is not its own:
// globals, and whatever existed before the exploration.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

namespace lockstep::check {

class UndoLog {
 public:
  /// 8 bytes, and what they held.
  struct Entry {
    std::uintptr_t address;
    std::uint64_t content;
  };
  /// What was noted so far, and what is there now.
  struct State {
    std::vector<Entry> before, now;
  };
  [[nodiscard]] std::size_t bytes_to_keep() const noexcept {
    return 2 * entries_.size() * sizeof(Entry);
  }
  void keep(State& state) const {
    state.before = entries_;
    state.now.clear();
    for (Entry each : entries_) {
      std::memcpy(&each.content, reinterpret_cast<const void*>(each.address), sizeof each.content);
      state.now.push_back(each);
    }
  }
  /// After everything was undone.
  void put_back(const State& state) {
    entries_ = state.before;
    for (const Entry& each : state.now) put(each);
  }

  /// Notes the 8 bytes at a multiple of 8, before their first change in an execution.
  void note(std::uintptr_t address) {
    std::uint64_t content;
    std::memcpy(&content, reinterpret_cast<const void*>(address), sizeof content);
    entries_.push_back({address, content});
  }

  void undo() noexcept {
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
      put(*entry);
    }
    entries_.clear();
  }

 private:
  static void put(const Entry& entry) noexcept {
    void* const memory = reinterpret_cast<void*>(entry.address);
    if (std::memcmp(memory, &entry.content, sizeof entry.content) == 0)
      return;  // perhaps a constant
    std::memcpy(memory, &entry.content, sizeof entry.content);
  }

  std::vector<Entry> entries_;
};

}  // namespace lockstep::check
