// tests/structures/mpmc_ring.hpp: a bounded queue for many producers and consumers.
//
// Dmitry Vyukov, "Bounded MPMC queue" (1024cores, 2010). Cell n serves turns n, n + capacity, ...
// Its state is its `turn`:
//   turn     it is empty, for the push of that turn      [at first; pop, for the next time round]
//   turn + 1 it is full, for the pop of that turn        [push]
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

#include "orders.hpp"

namespace structures {

/// A turn is claimed relaxed: what is passed on is passed on by the cell.
struct MpmcOrders {
  static constexpr auto fill = release, look_for_full = acquire,  // a cell's turn
      empty = release, look_for_empty = acquire;
  static constexpr bool claims_at_once = true;  // with looking whose turn it is
};

template <class Orders = MpmcOrders>
class MpmcRing {
 public:
  /// 0: full.
  int push(int value) {
    std::size_t turn = 0;
    Cell* const cell = claim<0>(pushes_, Orders::look_for_empty, turn);
    if (cell == nullptr) return 0;
    cell->value = value;
    cell->turn.store(turn + 1, Orders::fill);
    return 1;
  }

  /// 0: empty.
  int pop() {
    std::size_t turn = 0;
    Cell* const cell = claim<1>(pops_, Orders::look_for_full, turn);
    if (cell == nullptr) return 0;
    const int value = cell->value;
    cell->turn.store(turn + capacity, Orders::empty);
    return value;
  }

 private:
  static constexpr std::size_t capacity =
      2;  // the least: with one, full for a turn were empty for the next
  struct Cell {
    std::atomic<std::size_t> turn;
    int value = 0;
  };

  /// The cell of the next turn, which is now the caller's; null if the cell is not ready for it.
  template <std::size_t full>
  Cell* claim(std::atomic<std::size_t>& next, std::memory_order look, std::size_t& turn) {
    turn = next.load(relaxed);
    for (;;) {
      Cell& cell = cells_[turn % capacity];
      const std::size_t state = cell.turn.load(look);
      if (state < turn + full) return nullptr;
      if (state > turn + full) {
        turn = next.load(relaxed);
      } else if (advance(next, turn)) {
        return &cell;
      }
    }
  }

  /// Or else `turn` is the one to try next.
  static bool advance(std::atomic<std::size_t>& next, std::size_t& turn) {
    if constexpr (Orders::claims_at_once) {
      return next.compare_exchange_strong(turn, turn + 1, relaxed, relaxed);
    }
    next.store(turn + 1, relaxed);
    return true;
  }

  std::array<Cell, capacity> cells_{{{{0}}, {{1}}}};
  std::atomic<std::size_t> pushes_{0}, pops_{0};
};

}  // namespace structures
