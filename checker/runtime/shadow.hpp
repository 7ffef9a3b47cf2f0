// checker/runtime/shadow.hpp: who touched which bytes without an atomic operation, and when.
//
// A cell for each 8 bytes of memory holds the accesses that a later one could race with. An access is
// a thread and how many events of the graph that thread had done: it happens before an event exactly
// if that thread's next event does, or the view counts it in. What a later access finds ordered
// before it, and supersedes, is dropped (as in FastTrack, Flanagan and Freund, PLDI 2009): a write
// supersedes all, a read the reads before it. Threads run in an order that hb respects, so the first
// race of an execution is always between the present access and one that is still in the cell.
//
// Cells are emptied for the next execution by a change of the tag.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "checker/graph/event.hpp"

namespace lockstep::check {

/// A plain access that is in a cell.
struct Trace {
  std::uint16_t after = 0;  // events that the thread had done
  std::uint8_t thread : 7 = 0;
  std::uint8_t is_write : 1 = 0;
  std::uint8_t bytes = 0;  // which of the 8

  /// Does it happen before all that comes after `view`?
  [[nodiscard]] bool is_before(const View& view) const noexcept {
    return view.count(thread) > after;
  }
};

struct Cell {
  static constexpr std::uint8_t freed = 1;  // the memory was
  static constexpr std::uint8_t saved = 2;  // its content is in the undo log
  static constexpr std::size_t own_traces = 5;

  std::uint32_t tag = 0;
  std::uint8_t flags = 0;
  std::uint8_t written = 0;  // bytes that were, in this execution
  std::uint8_t atomic = 0;   // bytes that are part of an atomic object
  std::uint8_t count = 0;
  std::uint32_t more = 0;  // the number of a cell with further traces
  Trace traces[own_traces];
};
static_assert(sizeof(Cell) == 32);

class Shadow {
 public:
  Shadow();
  ~Shadow() = delete;  // it stays, for the next exploration
  Shadow(const Shadow&) = delete;
  Shadow& operator=(const Shadow&) = delete;

  /// Forgets all accesses.
  void begin_execution() noexcept {
    ++tag_;
    overflowed_ = 0;
  }

  /// Is this an address that a program may have?
  [[nodiscard]] static bool is_address(std::uintptr_t address) noexcept {
    return address >= first_address && address < end_of_addresses;
  }

  /// The cell of an address. It may be of an earlier execution: see is_fresh.
  [[nodiscard]] Cell& cell(std::uintptr_t address) {
    Cell*& chunk = chunks_[address >> chunk_bits];
    if (chunk == nullptr) chunk = new_chunk();
    return chunk[(address & (chunk_size - 1)) / 8];
  }
  /// The same, if there is one.
  [[nodiscard]] const Cell* find(std::uintptr_t address) const noexcept {
    const Cell* const chunk = chunks_[address >> chunk_bits];
    return chunk == nullptr ? nullptr : chunk + (address & (chunk_size - 1)) / 8;
  }
  [[nodiscard]] bool is_fresh(const Cell& cell) const noexcept { return cell.tag == tag_; }
  void refresh(Cell& cell) const noexcept {
    cell.tag = tag_;
    cell.flags = cell.written = cell.atomic = cell.count = 0;
    cell.more = 0;
  }

  /// The trace that an access would race with, or null.
  [[nodiscard]] const Trace* conflict(const Cell& cell, std::uint8_t bytes, bool is_write,
                                      std::size_t thread, const View& view) const noexcept {
    for (const Cell* c = &cell; c != nullptr; c = next(*c)) {
      for (std::size_t i = 0; i < c->count; ++i) {
        const Trace& trace = c->traces[i];
        if ((trace.bytes & bytes) != 0 && trace.thread != thread && (is_write || trace.is_write) &&
            !trace.is_before(view)) {
          return &trace;
        }
      }
    }
    return nullptr;
  }

  /// Is the access one that the thread has done before, since its last event? Most are.
  [[nodiscard]] static bool is_repeated(const Cell& cell, const Trace& access) noexcept {
    for (std::size_t i = 0; i < cell.count; ++i) {
      const Trace& trace = cell.traces[i];
      if (trace.thread == access.thread && trace.after == access.after &&
          (trace.bytes & access.bytes) == access.bytes && trace.is_write >= access.is_write) {
        return true;
      }
    }
    return false;
  }

  /// Checks an access and, if it races with none, adds it.
  [[nodiscard]] const Trace* access(Cell& cell, const Trace& access, const View& view) {
    if (cell.count <= 1 && cell.more == 0) {  // most memory is one thread's
      Trace& only = cell.traces[0];
      const bool is_superseded = only.thread == access.thread && only.bytes == access.bytes &&
                                 only.is_write <= access.is_write;
      if (cell.count == 0 || is_superseded) {
        only = access;
        cell.count = 1;
        return nullptr;
      }
    }
    Trace* free = nullptr;
    for (Cell* c = &cell; c != nullptr; c = next(*c)) {
      for (std::size_t i = 0; i < c->count; ++i) {
        Trace& trace = c->traces[i];
        if ((trace.bytes & access.bytes) == 0) {
          if (trace.bytes == 0) free = &trace;
          continue;
        }
        const bool is_ordered = trace.thread == access.thread || trace.is_before(view);
        if (!is_ordered && (access.is_write || trace.is_write)) return &trace;
        if (!is_ordered || (trace.is_write && !access.is_write)) continue;
        trace.bytes = static_cast<std::uint8_t>(trace.bytes & ~access.bytes);  // superseded
        if (trace.bytes == 0) free = &trace;
      }
    }
    (free != nullptr ? *free : new_trace(cell)) = access;
    return nullptr;
  }

 private:
  static constexpr std::size_t chunk_bits = 20;
  static constexpr std::size_t chunk_size = std::size_t{1} << chunk_bits;
  static constexpr std::uintptr_t first_address = 0x1'0000;
  static constexpr std::uintptr_t end_of_addresses = std::uintptr_t{1} << 48;

  [[nodiscard]] const Cell* next(const Cell& cell) const noexcept {
    return cell.more == 0 ? nullptr : &overflow_[cell.more - 1];
  }
  [[nodiscard]] Cell* next(Cell& cell) noexcept {
    return cell.more == 0 ? nullptr : &overflow_[cell.more - 1];
  }
  [[nodiscard]] Trace& new_trace(Cell& cell) {
    if (cell.count < Cell::own_traces) return cell.traces[cell.count++];
    return new_trace_behind(cell);
  }
  [[nodiscard]] Trace& new_trace_behind(Cell& cell);
  [[nodiscard]] static Cell* new_chunk();

  Cell** chunks_;
  std::uint32_t tag_ = 0;
  std::size_t overflowed_ = 0;
  std::deque<Cell> overflow_;
};

}  // namespace lockstep::check
