// checker/machine/undo_log.hpp: puts back what an execution changed in memory that is not its own:
// globals, and whatever existed before the exploration.
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

namespace lockstep::check {

class UndoLog {
 public:
  /// Notes the 8 bytes at a multiple of 8, before their first change in an execution.
  void note(std::uintptr_t address) {
    std::uint64_t content;
    std::memcpy(&content, reinterpret_cast<const void*>(address), sizeof content);
    entries_.push_back({address, content});
  }

  void undo() noexcept {
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
      void* const memory = reinterpret_cast<void*>(entry->address);
      if (std::memcmp(memory, &entry->content, sizeof entry->content) == 0)
        continue;  // perhaps a constant
      std::memcpy(memory, &entry->content, sizeof entry->content);
    }
    entries_.clear();
  }

 private:
  struct Entry {
    std::uintptr_t address;
    std::uint64_t content;
  };
  std::vector<Entry> entries_;
};

}  // namespace lockstep::check
