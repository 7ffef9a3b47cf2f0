// checker/runtime/atomic_access.cpp: atomic objects and the operations on them.
#include <cstring>

#include "checker/runtime/execution.hpp"
#include "checker/runtime/granules.hpp"

namespace lockstep::check {
namespace {

const char* operation_name(Operation operation) noexcept {
  constexpr const char* names[] = {"exchange", "fetch_add", "fetch_sub",  "fetch_and",
                                   "fetch_or", "fetch_xor", "fetch_nand", "compare_exchange"};
  return names[static_cast<std::size_t>(operation)];
}

}  // namespace

Locations::Entry& Execution::locate(Thread& me, std::uintptr_t address, std::size_t size) {
  if (!Shadow::is_address(address)) {
    fail(me, Wrong::crash,
         address < 4096 ? "atomic access through a null pointer" : "wild atomic access");
  }
  if (address % size != 0) {
    fail(me, Wrong::unsupported,
         "atomic access to a misaligned address, which C++ leaves undefined: align the object");
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
  const Cell* const cell = shadow_.find_recent(object.address);
  if (cell != nullptr && cell->count == 0 && object.size <= 8) return;  // most often
  for_each_granule(object.address, object.size, [&](std::uintptr_t at, std::uint8_t bytes) {
    if (const Trace* const other =
            shadow_.conflict(shadow_.cell(at), bytes, is_write, me.id, me.hb)) {
      fail_race(me, at, *other);
    }
  });
}

/// Plain accesses and the program's own code read memory: it holds the last value in co.
void Execution::write_through(Locations::Entry& object, EventId write) {
  const Graph& graph = *graph_;
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
  reading_ = &me;
  const Seen seen = guarded(me, [&] { return strategy_->load(me.id, object.location, order); });
  reading_ = nullptr;
  did(me);
  me.read_by = me.hooks;
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
  write_through(object, last_event(me));
}

Seen Execution::update(Thread& me, std::uintptr_t address, const Update& update) {
  limited_.failures = limited_.failures || update.may_fail;
  park_if_spinning(me);
  take_turn(me);
  Locations::Entry& object = locate(me, address, update.size);
  me.spin.remember(me.caller, me.stack_top(), me.done);
  reading_ = &me;
  const Seen seen =
      guarded(me, [&] { return strategy_->read_modify_write(me.id, object.location, update); });
  reading_ = nullptr;
  me.read_by = me.hooks;
  if (seen.wrote && update.written(seen.value) != seen.value) me.spin.changed();
  const Event& event = did(me, operation_name(update.operation));
  check_against_plain(me, object, seen.wrote);
  check_is_initialized(me, object, seen);
  if (event.kind == Kind::write) write_through(object, last_event(me));
  return seen;
}

/// From the first one on, light fences are events: of all executions, or they would not be the same program.
void Execution::heavy_fence(Thread& me) {
  if (!has_heavy_fences_) {
    has_heavy_fences_ = limited_.light_fences = true;
    finish(Ending::renewed);
  }
  fence(me, Order::seq_cst);
}

void Execution::fence(Thread& me, Order order) {
  take_turn(me);
  guarded(me, [&] { strategy_->fence(me.id, order); });
  did(me);
}

}  // namespace lockstep::check
