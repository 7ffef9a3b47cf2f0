// checker/runtime/plain_access.cpp: accesses that are not atomic, and races.
#include "checker/runtime/execution.hpp"
#include "checker/runtime/granules.hpp"

namespace lockstep::check {

std::uint64_t Execution::plain_accesses() const noexcept {
  std::uint64_t sum = plain_accesses_;
  for (const std::size_t id : Members(turns_.used)) sum += threads_[id]->quiet;
  return sum;
}

void Execution::plain_range(Thread& me, std::uintptr_t address, std::size_t size, bool is_write) {
  plain_accesses_ += size / 8;
  for_each_granule(address, size,
                   [&](std::uintptr_t at, std::uint8_t bytes) { touch(me, at, bytes, is_write); });
}

void Execution::touch(Thread& me, std::uintptr_t address, std::uint8_t bytes, bool is_write) {
  if (!Shadow::is_address(address)) {
    fail(me, Wrong::crash, address < 4096 ? "access through a null pointer" : "wild access");
  }
  Cell& cell = shadow_.cell(address);
  if (!shadow_.is_fresh(cell)) touch_first(me, cell, address);
  if ((cell.flags & Cell::freed) != 0) {
    fail_freed(me, Wrong::use_after_free, "use after free", address, count_of(bytes),
               is_write ? "writes" : "reads");
  }
  if (recorder_ != nullptr) {
    recorder_->access(me, address, count_of(bytes), is_write, is_write ? "writes" : "reads");
  }
  check_order(me, cell, address, bytes, is_write);
}

/// An access is ordered after all that it conflicts with, or else it is a race.
void Execution::check_order(Thread& me, Cell& cell, std::uintptr_t address, std::uint8_t bytes,
                            bool is_write) {
  if ((cell.atomic & bytes) != 0) touch_atomic_object(me, address, bytes, is_write);
  if (is_write) {
    save(cell, address);
    cell.written = static_cast<std::uint8_t>(cell.written | bytes);
    if (address - arena::stack(me.id) >= arena::stack_size) me.spin.changed();
  }
  if (const Trace* const other = shadow_.access(cell, trace_of(me, bytes, is_write), me.hb)) {
    fail_race(me, address, *other);
  }
}

void Execution::touch_first(Thread& me, Cell& cell, std::uintptr_t address) {
  shadow_.refresh(cell);
  if (!arena::is_heap(address)) return;
  const std::uintptr_t granule = address & ~std::uintptr_t{7};  // blocks begin at multiples of 16
  const Block* const block = find_block(granule);
  if (block == nullptr || granule >= block->address + block->size) {
    fail(me, Wrong::crash, "access to memory that is not allocated");
  }
  if (block->freed_by != Block::nobody) cell.flags |= Cell::freed;
}

void Execution::save(Cell& cell, std::uintptr_t address) {
  if ((cell.flags & Cell::saved) != 0 || arena::contains(address)) return;
  cell.flags |= Cell::saved;
  undo_log_.note(address & ~std::uintptr_t{7});
}

/// A plain access to what has been an atomic object in this execution.
void Execution::touch_atomic_object(Thread& me, std::uintptr_t address, std::uint8_t bytes,
                                    bool is_write) {
  const std::uintptr_t granule = address & ~std::uintptr_t{7};
  for (std::uintptr_t at = granule - 8; at < granule + 8; ++at) {
    Locations::Entry* const object = locations_.object_at(at);
    if (object == nullptr || at + object->size <= granule) continue;
    const std::uintptr_t here = std::max(at, granule);
    if ((bytes_of(here, at + object->size - here) & bytes) == 0) continue;
    check_against_atomics(me, *object, is_write, address);
    if (is_write) end_object(*object);
  }
}

/// Do all atomic accesses to the object that a plain access conflicts with happen before it?
void Execution::check_against_atomics(Thread& me, const Locations::Entry& object, bool is_write,
                                      std::uintptr_t address) {
  const Graph& graph = *graph_;
  for (std::size_t t = 0; t < graph.threads(); ++t) {
    if (t == me.id) continue;
    for (std::size_t i = me.hb.count(t); i < strategy_->done(t); ++i) {
      const Event& event = graph.thread(t)[i];
      const bool is_access = event.kind == Kind::write || event.kind == Kind::read;
      if (!is_access || event.location != object.location) continue;
      if (!is_write && event.kind == Kind::read) continue;
      constexpr std::uint8_t none = 0;  // an atomic access
      const Trace other(t, i, event.kind == Kind::write, none);
      fail_race(me, address, other);
    }
  }
}

void Execution::fail_race(Thread& me, std::uintptr_t address, const Trace& other) {
  if (is_recording(address)) record_race(me, address, other);
  fail(me, Wrong::data_race, "data race");
}

}  // namespace lockstep::check
