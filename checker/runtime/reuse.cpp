// checker/runtime/reuse.cpp: memory that is allocated again (Options::reuse_memory).
//
// A block may come back to any thread before whose allocation its free happens: as in C++, where a free
// synchronizes with the allocation that gets the memory. Which blocks those are depends on nothing but what
// happens before the allocation, so it is the same in each run of the same graph; which of them it gets
// is a choice, an event of the graph. Two threads that know of the same free may both choose its block:
// that is no execution, and discarded as soon as the second has chosen. Nothing is lost: whatever comes
// after is reached from graphs in which one of them chose fresh memory.
//
// What comes back is a new object: its bytes are unset, its accesses forgotten.
// Checked by: tests/checker/reuse_test.cpp
#include <cstdint>
#include <vector>

#include "checker/runtime/execution.hpp"
#include "checker/runtime/granules.hpp"

namespace lockstep::check {
namespace {

/// As the C library has them: of blocks of one class, each may be allocated instead of another.
std::size_t size_class(std::size_t size) noexcept { return (size + 15) / 16; }

}  // namespace

/// Has the thread done something that happens before what `me` does next?
bool Execution::is_known(const Thread& me, std::size_t thread, std::size_t after) noexcept {
  return thread == me.id || me.hb.count(thread) > after;
}

/// What this thread may get back: first what it freed itself, then by thread; of each the last first.
Execution::Reusable Execution::find_reusable(const Thread& me, std::size_t size,
                                             std::size_t alignment) const {
  Reusable found;
  const auto look_at = [&](std::size_t thread) {
    const std::vector<Freed>& all = threads_[thread]->freed;
    for (std::size_t i = all.size(); i-- > 0 && found.count < found.blocks.size();) {
      const Freed& freed = all[i];
      const bool is_gone =
          freed.taken_by != Block::nobody && is_known(me, freed.taken_by, freed.taken_after);
      if (is_gone || !is_known(me, thread, freed.after)) continue;
      if (freed.address % alignment != 0 || size_class(freed.size) != size_class(size)) continue;
      found.blocks[found.count++] = {thread, i};
    }
  };
  look_at(me.id);
  for (const std::size_t id : Members(turns_.used & ~(ThreadSet{1} << me.id))) {
    look_at(id);
  }
  return found;
}

/// The address of a block that the thread gets back, or 0: it is to have a fresh one.
std::uintptr_t Execution::reuse(Thread& me, std::size_t size, std::size_t alignment) {
  if (!options_.reuse_memory || me.heap.is_counted_by_library()) return 0;
  const Reusable found = find_reusable(me, size, alignment);
  if (found.count == 0) return 0;
  const auto chosen = static_cast<std::size_t>(choose(me, static_cast<int>(found.count) + 1));
  if (recorder_ != nullptr) {
    recorder_->finding.steps.back().note = chosen == 0 ? "fresh memory" : "memory freed before";
  }
  if (chosen == 0) return 0;
  const FreedAt& at = found.blocks[chosen - 1];
  Freed& freed = threads_[at.thread]->freed[at.index];
  if (freed.taken_by != Block::nobody) finish(Ending::discarded);
  freed.taken_by = me.id;
  freed.taken_after = me.done;
  begin_again(*find_block(freed.address), size);
  return freed.address;
}

/// A freed block becomes another of this size. Its free ended the atomics that were there.
void Execution::begin_again(Block& block, std::size_t size) {
  for_each_granule(block.address, block.size,
                   [&](std::uintptr_t at, std::uint8_t) { shadow_.forget(shadow_.cell(at)); });
  block.size = size;
  block.freed_by = Block::nobody;
}

}  // namespace lockstep::check
