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

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "checker/graph/event.hpp"

namespace lockstep::check {

/// A plain access that is in a cell: of some of the 8 bytes, by a thread that had done so many events.
class Trace {
 public:
  Trace() = default;
  Trace(std::size_t thread, std::size_t after, bool is_write, std::uint8_t bytes) noexcept
      : word_(bytes | (is_write ? write : 0U) | static_cast<std::uint32_t>(thread) << thread_at |
              static_cast<std::uint32_t>(after) << after_at) {}

  [[nodiscard]] std::uint8_t bytes() const noexcept {
    return static_cast<std::uint8_t>(word_ & all_bytes);
  }
  [[nodiscard]] bool is_write() const noexcept { return (word_ & write) != 0; }
  [[nodiscard]] std::size_t thread() const noexcept { return word_ >> thread_at & 127; }
  [[nodiscard]] std::size_t after() const noexcept { return word_ >> after_at; }

  /// Does it happen before all that comes after `view`?
  [[nodiscard]] bool is_before(const View& view) const noexcept {
    return view.count(thread()) > after();
  }
  /// By the same thread after the same events, and no less of an access.
  [[nodiscard]] bool covers(Trace other) const noexcept {
    return (word_ ^ other.word_) >> thread_at == 0 &&
           (other.word_ & ~word_ & (all_bytes | write)) == 0;
  }
  /// Does a later access race with this one? If not, this one is dropped as far as the other supersedes it.
  [[nodiscard]] bool races_or_yields(Trace later, const View& view) noexcept {
    if ((bytes() & later.bytes()) == 0) return false;
    if (thread() != later.thread() && !is_before(view)) return later.is_write() || is_write();
    if (later.is_write() || !is_write()) word_ &= ~std::uint32_t{later.bytes()};
    return false;
  }

 private:
  static constexpr std::uint32_t all_bytes = 0xff;
  static constexpr std::uint32_t write = 0x100;
  static constexpr int thread_at = 9;  // 7 bits
  static constexpr int after_at = 16;  // 16 bits

  std::uint32_t word_ = 0;  // one word, so that copying it is one instruction
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
    touched_.clear();
  }

  /// The cells of this execution.
  struct State {
    std::vector<std::pair<Cell*, Cell>> cells;
    std::vector<Cell> overflow;
  };
  [[nodiscard]] std::size_t bytes_to_keep() const noexcept {
    return (touched_.size() + overflowed_) * sizeof(std::pair<Cell*, Cell>);
  }
  void keep(State& state) const;
  /// In an execution that has no cells yet.
  void put_back(const State& state);

  /// Is this an address that a program may have?
  [[nodiscard]] static bool is_address(std::uintptr_t address) noexcept {
    return address >= first_address && address < end_of_addresses;
  }

  /// The cell of an address. It may be of an earlier execution: see is_fresh.
  [[nodiscard]] Cell& cell(std::uintptr_t address) {
    const std::uintptr_t number = address >> chunk_bits;
    Recent& recent = recent_[slot_of(number)];
    if (recent.number != number) look_up(recent, number);
    return recent.chunk[(address & (chunk_size - 1)) / 8];
  }
  /// The same, if it is near what was accessed recently; or null. Of any address.
  [[nodiscard]] Cell* find_recent(std::uintptr_t address) noexcept {
    const std::uintptr_t number = address >> chunk_bits;
    const Recent& recent = recent_[slot_of(number)];
    return recent.number == number ? recent.chunk + (address & (chunk_size - 1)) / 8 : nullptr;
  }
  [[nodiscard]] bool is_fresh(const Cell& cell) const noexcept { return cell.tag == tag_; }
  /// Can a cell be refreshed without memory of the runtime's own?
  [[nodiscard]] bool has_room() const noexcept { return touched_.size() < touched_.capacity(); }
  void refresh(Cell& cell) {
    clear(cell);
    touched_.push_back(&cell);
  }

  /// What is there begins anew.
  void forget(Cell& cell) const noexcept { cell.tag = tag_ - 1; }

  /// The trace that an access would race with, or null.
  [[nodiscard]] const Trace* conflict(const Cell& cell, std::uint8_t bytes, bool is_write,
                                      std::size_t thread, const View& view) const noexcept {
    for (const Cell* c = &cell; c != nullptr; c = next(*c)) {
      for (std::size_t i = 0; i < c->count; ++i) {
        const Trace& trace = c->traces[i];
        if ((trace.bytes() & bytes) != 0 && trace.thread() != thread &&
            (is_write || trace.is_write()) && !trace.is_before(view)) {
          return &trace;
        }
      }
    }
    return nullptr;
  }

  /// Was the last write to one of these bytes another thread's?
  [[nodiscard]] bool is_by_others(const Cell& cell, std::uint8_t bytes,
                                  std::size_t thread) const noexcept {
    for (const Cell* c = &cell; c != nullptr; c = next(*c)) {
      for (std::size_t i = 0; i < c->count; ++i) {
        const Trace& trace = c->traces[i];
        if (trace.is_write() && trace.thread() != thread && (trace.bytes() & bytes) != 0)
          return true;
      }
    }
    return false;
  }

  /// Is the access one that the thread has done before, since its last event? Most are.
  [[nodiscard]] static bool is_repeated(const Cell& cell, Trace access) noexcept {
    for (std::size_t i = 0; i < cell.count; ++i) {
      if (cell.traces[i].covers(access)) return true;
    }
    return false;
  }

  /// Adds an access, if it races with none and there is room. False: ask access().
  [[nodiscard]] static bool add_at_once(Cell& cell, Trace access, const View& view) noexcept {
    if (cell.more != 0) return false;
    std::size_t place = cell.count;
    for (std::size_t i = 0; i < cell.count; ++i) {
      Trace& trace = cell.traces[i];
      if (trace.races_or_yields(access, view)) return false;
      if (trace.bytes() == 0) place = i;
    }
    if (place == Cell::own_traces) return false;
    if (place == cell.count) ++cell.count;
    cell.traces[place] = access;
    return true;
  }

  /// Checks an access and, if it races with none, adds it.
  [[nodiscard]] const Trace* access(Cell& cell, Trace access, const View& view) {
    Trace* free = nullptr;
    for (Cell* c = &cell; c != nullptr; c = next(*c)) {
      for (std::size_t i = 0; i < c->count; ++i) {
        Trace& trace = c->traces[i];
        if (trace.races_or_yields(access, view)) return &trace;
        if (trace.bytes() == 0) free = &trace;
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

  void clear(Cell& cell) const noexcept {
    cell.tag = tag_;
    cell.flags = cell.written = cell.atomic = cell.count = 0;
    cell.more = 0;
  }
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

  /// Where the cells of one chunk of memory are. The tables that say so are so large that to look there is slow; threads use
  /// few chunks each, of which no two are in one slot (arena.hpp).
  struct Recent {
    std::uintptr_t number = ~std::uintptr_t{0};
    Cell* chunk = nullptr;
  };
  static constexpr std::size_t recent_slots = 128;
  [[nodiscard]] static std::size_t slot_of(std::uintptr_t number) noexcept {
    return (number ^ number >> 11) % recent_slots;
  }
  void look_up(Recent& recent, std::uintptr_t number);

  Cell** chunks_;
  std::array<Recent, recent_slots> recent_;
  std::uint32_t tag_ = 0;
  std::vector<Cell*> touched_;  // in this execution; some twice
  std::size_t overflowed_ = 0;
  std::deque<Cell> overflow_;
};

}  // namespace lockstep::check
