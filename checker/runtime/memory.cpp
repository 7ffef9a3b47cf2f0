// checker/runtime/memory.cpp: what the threads of the program do to memory.
#include <algorithm>
#include <bit>
#include <cstring>

#include "checker/runtime/execution.hpp"

namespace lockstep::check {
namespace {

void* pointer(std::uintptr_t address) noexcept { return reinterpret_cast<void*>(address); }

const char* operation_name(Operation operation) noexcept {
  constexpr const char* names[] = {"exchange", "fetch_add", "fetch_sub",  "fetch_and",
                                   "fetch_or", "fetch_xor", "fetch_nand", "compare_exchange"};
  return names[static_cast<std::size_t>(operation)];
}

/// Which of the 8 bytes around `address` an object of this size covers, from there on.
std::uint8_t bytes_of(std::uintptr_t address, std::size_t size) noexcept {
  const std::size_t offset = address & 7;
  const std::size_t covered = std::min(size, 8 - offset);
  return static_cast<std::uint8_t>(((1U << covered) - 1) << offset);
}

std::size_t count_of(std::uint8_t bytes) noexcept {
  return static_cast<std::size_t>(std::popcount(bytes));
}

/// Calls visit(address, bytes) for each 8 bytes that a range has a part of.
template <class Visit>
void for_each_granule(std::uintptr_t address, std::size_t size, Visit visit) {
  const std::uintptr_t end = address + size;
  while (address < end) {
    visit(address, bytes_of(address, end - address));
    address = (address | 7) + 1;
  }
}

}  // namespace

// Plain accesses

void Execution::plain_range(Thread& me, std::uintptr_t address, std::size_t size, bool is_write) {
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
  Thread* const owner = threads_[arena::slot_of(address)].get();
  const std::uintptr_t granule = address & ~std::uintptr_t{7};  // blocks begin at multiples of 16
  const Block* const block = owner == nullptr ? nullptr : owner->heap.find(granule);
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
  const Graph& graph = strategy_->graph();
  for (std::size_t t = 0; t < graph.threads(); ++t) {
    if (t == me.id) continue;
    for (std::size_t i = me.hb.count(t); i < strategy_->done(t); ++i) {
      const Event& event = graph.thread(t)[i];
      const bool is_access = event.kind == Kind::write || event.kind == Kind::read;
      if (!is_access || event.location != object.location) continue;
      if (!is_write && event.kind == Kind::read) continue;
      Trace other;
      other.thread = static_cast<std::uint8_t>(t & 127);
      other.after = static_cast<std::uint16_t>(i);
      other.bytes = 0;  // atomic
      other.is_write = event.kind == Kind::write ? 1 : 0;
      fail_race(me, address, other);
    }
  }
}

// Atomic objects

Locations::Entry& Execution::locate(Thread& me, std::uintptr_t address, std::size_t size) {
  if (!Shadow::is_address(address)) {
    fail(me, Wrong::crash,
         address < 4096 ? "atomic access through a null pointer" : "wild atomic access");
  }
  if (address % size != 0) {
    fail(me, Wrong::unsupported, "atomic access to a misaligned address");
  }
  Cell& cell = shadow_.cell(address);
  if (!shadow_.is_fresh(cell)) touch_first(me, cell, address);
  if ((cell.flags & Cell::freed) != 0) {
    fail_freed(me, Wrong::use_after_free, "use after free", address, size, "accesses atomically");
  }
  Locations::Entry& entry = locations_.at(address);
  if (entry.size == size) return entry;
  if (entry.size != 0 || (cell.atomic & bytes_of(address, size)) != 0) {
    fail(me, Wrong::unsupported,
         "atomic accesses of different sizes to the same bytes, whose outcome C++ leaves open");
  }
  begin_object(me, entry, size);
  return entry;
}

void Execution::begin_object(Thread& me, Locations::Entry& entry, std::size_t size) {
  bool is_written = true;
  for_each_granule(entry.address, size, [&](std::uintptr_t at, std::uint8_t bytes) {
    Cell& cell = shadow_.cell(at);
    if (!shadow_.is_fresh(cell)) touch_first(me, cell, at);
    cell.atomic = static_cast<std::uint8_t>(cell.atomic | bytes);
    is_written = is_written && (cell.written & bytes) == bytes;
  });
  // Compilers may leave out the hook of a first write that nobody else can see yet.
  entry.is_initialized =
      is_written || !arena::is_heap(entry.address) || !Heap::is_unset(pointer(entry.address), size);
  locations_.begin_object(entry, size);
  Value content = 0;
  std::memcpy(&content, pointer(entry.address), size);
  strategy_->initialize(entry.location, content);
}

void Execution::end_object(Locations::Entry& object) {
  for_each_granule(object.address, object.size, [&](std::uintptr_t at, std::uint8_t bytes) {
    Cell& cell = shadow_.cell(at);
    cell.atomic = static_cast<std::uint8_t>(cell.atomic & ~bytes);
  });
  locations_.end_object(object);
}

void Execution::check_against_plain(Thread& me, const Locations::Entry& object, bool is_write) {
  for_each_granule(object.address, object.size, [&](std::uintptr_t at, std::uint8_t bytes) {
    if (const Trace* const other =
            shadow_.conflict(shadow_.cell(at), bytes, is_write, me.id, me.hb)) {
      fail_race(me, at, *other);
    }
  });
}

/// Plain accesses and the program's own code read memory: it holds the last value in co.
void Execution::write_through(Thread&, Locations::Entry& object, EventId write) {
  const Graph& graph = strategy_->graph();
  if (graph.place(write) < graph.place(object.in_memory)) return;
  object.in_memory = write;
  for_each_granule(object.address, object.size,
                   [&](std::uintptr_t at, std::uint8_t) { save(shadow_.cell(at), at); });
  const Value value = graph[write].value;
  std::memcpy(pointer(object.address), &value, object.size);
}

void Execution::check_is_initialized(Thread& me, const Locations::Entry& object, const Seen& seen) {
  if (seen.initial && !object.is_initialized) {
    fail(me, Wrong::uninitialized_atomic, "atomic read of an object that was never initialized");
  }
}

Value Execution::load(Thread& me, std::uintptr_t address, std::size_t size, Order order) {
  park_if_spinning(me);
  take_turn(me);
  const Locations::Entry& object = locate(me, address, size);
  me.spin.remember(me.caller, me.stack_top(), me.done);
  const Seen seen = guarded(me, [&] { return strategy_->load(me.id, object.location, order); });
  did(me);
  check_against_plain(me, object, false);
  check_is_initialized(me, object, seen);
  return seen.value;
}

void Execution::store(Thread& me, std::uintptr_t address, std::size_t size, Order order,
                      Value value) {
  me.spin.changed();
  take_turn(me);
  Locations::Entry& object = locate(me, address, size);
  guarded(me, [&] { strategy_->store(me.id, object.location, order, value); });
  did(me);
  check_against_plain(me, object, true);
  write_through(me, object, last_event(me));
}

Seen Execution::update(Thread& me, std::uintptr_t address, const Update& update) {
  park_if_spinning(me);
  take_turn(me);
  Locations::Entry& object = locate(me, address, update.size);
  me.spin.remember(me.caller, me.stack_top(), me.done);
  const Seen seen =
      guarded(me, [&] { return strategy_->read_modify_write(me.id, object.location, update); });
  if (seen.wrote && update.written(seen.value) != seen.value) me.spin.changed();
  const Event& event = did(me, operation_name(update.operation));
  check_against_plain(me, object, seen.wrote);
  check_is_initialized(me, object, seen);
  if (event.kind == Kind::write) write_through(me, object, last_event(me));
  return seen;
}

void Execution::fence(Thread& me, Order order) {
  take_turn(me);
  guarded(me, [&] { strategy_->fence(me.id, order); });
  did(me);
}

// Allocation

void* Execution::allocate(Thread& me, std::size_t size, std::size_t alignment) {
  me.spin.changed();
  const std::uintptr_t address = me.heap.allocate(size, std::max<std::size_t>(alignment, 16));
  if (address == 0) return nullptr;
  std::memset(pointer(address), Heap::unset, size);
  if (recorder_ != nullptr) recorder_->access(me, address, size, true, "allocates");
  return pointer(address);
}

void Execution::free(Thread& me, void* freed) {
  const auto address = reinterpret_cast<std::uintptr_t>(freed);
  if (!arena::contains(address))
    return;  // of before the exploration: the next execution needs it too
  me.spin.changed();
  Thread* const owner = threads_[arena::slot_of(address)].get();
  Block* const block = owner == nullptr ? nullptr : owner->heap.find(address);
  if (block == nullptr || block->address != address) {
    fail(me, Wrong::bad_free, "free of an address that no allocation returned");
  }
  if (block->freed_by != Block::nobody) {
    fail_freed(me, Wrong::bad_free, "double free", address, block->size, "frees again");
  }
  if (recorder_ != nullptr) recorder_->access(me, address, block->size, true, "frees");
  block->freed_by = me.id;
  block->freed_after = me.done;
  for_each_granule(address, block->size, [&](std::uintptr_t at, std::uint8_t bytes) {
    Cell& cell = shadow_.cell(at);
    if (!shadow_.is_fresh(cell)) return;     // touched by nobody; if it will be, the block tells
    check_order(me, cell, at, bytes, true);  // a free races with what a write would race with
    cell.flags |= Cell::freed;
  });
}

std::size_t Execution::size_of(Thread& me, void* of) {
  const auto address = reinterpret_cast<std::uintptr_t>(of);
  Thread* const owner = threads_[arena::slot_of(address)].get();
  const Block* const block = owner == nullptr ? nullptr : owner->heap.find(address);
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
  for (ThreadSet left = used_; left != 0; left &= left - 1) {
    const Thread& owner = *threads_[static_cast<std::size_t>(std::countr_zero(left))];
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

void Execution::fail_race(Thread& me, std::uintptr_t address, const Trace& other) {
  if (is_recording(address)) record_race(me, address, other);
  fail(me, Wrong::data_race, "data race");
}

}  // namespace lockstep::check
