// checker/runtime/allocation.cpp: what the threads of the program allocate and free.
#include <algorithm>
#include <cstring>

#include "checker/runtime/execution.hpp"
#include "checker/runtime/granules.hpp"

namespace lockstep::check {

void* Execution::allocate(Thread& me, std::size_t size, std::size_t alignment) {
  me.spin.changed();
  alignment = std::max<std::size_t>(alignment, 16);
  std::uintptr_t address = reuse(me, size, alignment);
  if (address == 0) address = me.heap.allocate(size, alignment);
  if (address == 0) return nullptr;
  std::memset(pointer(address), Heap::unset, size);
  if (recorder_ != nullptr) {
    recorder_->access(me, address, size, true, "allocates");
    recorder_->allocation(me, address, size);
  }
  return pointer(address);
}

/// The block that an address of the arena is in, or one behind its end; or null.
Block* Execution::find_block(std::uintptr_t address) const noexcept {
  Thread* const owner = threads_[arena::slot_of(address)].get();
  return owner == nullptr ? nullptr : owner->heap.find(address);
}

void Execution::free(Thread& me, void* freed) {
  const auto address = reinterpret_cast<std::uintptr_t>(freed);
  if (!arena::contains(address))
    return;  // of before the exploration: the next execution needs it too
  me.spin.changed();
  Block* const block = find_block(address);
  if (block == nullptr || block->address != address) {
    fail(me, Wrong::bad_free, "free of an address that no allocation returned");
  }
  if (block->freed_by != Block::nobody) {
    fail_freed(me, Wrong::bad_free, "double free", address, block->size, "frees again");
  }
  if (recorder_ != nullptr) recorder_->access(me, address, block->size, true, "frees");
  block->freed_by = me.id;
  if (options_.reuse_memory && !block->is_counted_by_library) {
    me.freed.push_back({.address = address, .size = block->size, .after = me.done});
  }
  for_each_granule(address, block->size, [&](std::uintptr_t at, std::uint8_t bytes) {
    Cell& cell = shadow_.cell(at);
    if (!shadow_.is_fresh(cell)) return;  // touched by nobody; if it will be, the block tells
    if (!block->is_counted_by_library)
      check_order(me, cell, at, bytes, true);  // it races with what a write would
    cell.flags |= Cell::freed;
  });
}

std::size_t Execution::size_of(Thread& me, void* of) {
  const auto address = reinterpret_cast<std::uintptr_t>(of);
  const Block* const block = find_block(address);
  if (block == nullptr || block->address != address || block->freed_by != Block::nobody) {
    fail(me, Wrong::bad_free, "realloc of an address that is not allocated");
  }
  return block->size;
}

/// A use of a block that was freed before.
void Execution::fail_freed(Thread& me, Wrong wrong, const char* what, std::uintptr_t address,
                           std::size_t size, const char* use) {
  if (is_recording(address)) record_freed(me, address, size, use);
  fail(me, wrong, what);
}

/// At the end of an execution: is all that it allocated free again?
void Execution::check_for_leaks(Thread& me) {
  std::size_t blocks = 0, bytes = 0;
  for (const std::size_t id : Members(turns_.used)) {
    const Thread& owner = *threads_[id];
    for (const Block& block : owner.heap.blocks()) {
      if (block.freed_by != Block::nobody) continue;
      if (blocks++ == 0 && is_recording(block.address)) record_allocation(block);
      bytes += block.size;
    }
  }
  if (blocks == 0) return;
  fail(me, Wrong::leak,
       std::to_string(bytes) + " bytes in " + std::to_string(blocks) +
           (blocks == 1 ? " block" : " blocks") +
           " are still allocated at the end of the execution");
}

}  // namespace lockstep::check
