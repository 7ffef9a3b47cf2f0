// checker/runtime/heap.hpp: the memory that a modelled thread allocates.
//
// It is taken from the thread's slot of the arena in order and not used again in the same execution, so
// that addresses repeat from execution to execution and every use after free is seen. With
// Options::reuse_memory it may be: see reuse.cpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/machine/arena.hpp"

namespace lockstep::check {

struct Block {
  static constexpr std::size_t nobody = ~std::size_t{0};

  std::uintptr_t address = 0;
  std::size_t size = 0;
  std::size_t freed_by = nobody;       // a thread
  bool is_counted_by_library = false;  // which orders its end by what nobody sees

  [[nodiscard]] bool contains(std::uintptr_t wanted) const noexcept {
    return wanted - address <= size;
  }
};

/// What a thread freed, and who allocated it again.
struct Freed {
  std::uintptr_t address = 0;
  std::size_t size = 0;
  std::size_t after = 0;  // so many events of the thread
  std::size_t taken_by = Block::nobody;
  std::size_t taken_after = 0;
};

class Heap {
 public:
  /// What each byte holds that was allocated and not written.
  static constexpr unsigned char unset = 0xcd;

  [[nodiscard]] static bool is_unset(const void* object, std::size_t size) noexcept {
    const auto* const bytes = static_cast<const unsigned char*>(object);
    return std::all_of(bytes, bytes + size, [](unsigned char byte) { return byte == unset; });
  }

  explicit Heap(std::size_t slot) noexcept
      : begin_(arena::heap_begin(slot)),
        end_(arena::heap(slot) + arena::heap_size),
        next_(begin_) {}

  void begin_execution() noexcept {
    most_ = std::max(most_, next_);
    next_ = begin_;
    blocks_.clear();
    is_counted_by_library_ = false;
  }

  /// Of the blocks that are allocated from now on.
  void set_counted_by_library(bool is_counted) noexcept { is_counted_by_library_ = is_counted; }
  [[nodiscard]] bool is_counted_by_library() const noexcept { return is_counted_by_library_; }

  /// The new block's address, or 0: there is no room. `alignment` is a power of 2.
  [[nodiscard]] std::uintptr_t allocate(std::size_t size, std::size_t alignment) {
    constexpr std::size_t between = 16;  // so that the end of one is not the beginning of the next
    const std::uintptr_t address = (next_ + alignment - 1) & ~(std::uintptr_t{alignment} - 1);
    const std::size_t left = end_ - address;
    if (size > left || left - size < between) return 0;
    next_ = address + size + between;
    blocks_.push_back({address, size});
    blocks_.back().is_counted_by_library = is_counted_by_library_;
    return address;
  }

  /// Gives memory back to the system, if much was used.
  void trim() noexcept {
    begin_execution();
    if (most_ - begin_ > enough_to_trim) arena::forget(begin_, most_ - begin_);
    most_ = begin_;
  }

  /// The block that an address is in, or one behind its end; or null.
  [[nodiscard]] Block* find(std::uintptr_t address) noexcept {
    if (found_ < blocks_.size() && blocks_[found_].contains(address)) return &blocks_[found_];
    const auto after = std::upper_bound(
        blocks_.begin(), blocks_.end(), address,
        [](std::uintptr_t wanted, const Block& block) { return wanted < block.address; });
    if (after == blocks_.begin()) return nullptr;
    found_ = static_cast<std::size_t>(after - 1 - blocks_.begin());
    Block& block = blocks_[found_];
    return block.contains(address) ? &block : nullptr;
  }

  [[nodiscard]] const std::vector<Block>& blocks() const noexcept { return blocks_; }

  /// What an execution has of it, but for the content of the memory.
  struct State {
    std::uintptr_t next = 0;
    std::vector<Block> blocks;
    bool is_counted_by_library = false;
  };
  void keep(State& state) const {
    state.next = next_;
    state.blocks = blocks_;
    state.is_counted_by_library = is_counted_by_library_;
  }
  void put_back(const State& state) {
    most_ = std::max(most_, next_);
    next_ = state.next;
    blocks_ = state.blocks;
    is_counted_by_library_ = state.is_counted_by_library;
  }
  [[nodiscard]] std::uintptr_t begin() const noexcept { return begin_; }
  /// Bytes, those between blocks included.
  [[nodiscard]] std::size_t used() const noexcept { return next_ - begin_; }

 private:
  static constexpr std::size_t enough_to_trim = std::size_t{1} << 20;

  std::uintptr_t begin_;
  std::uintptr_t end_;
  std::uintptr_t next_;
  std::uintptr_t most_ = 0;  // the highest that next_ has been
  std::vector<Block> blocks_;
  std::size_t found_ = 0;  // of them, by the last search
  bool is_counted_by_library_ = false;
};

}  // namespace lockstep::check
