// tests/structures/chase_lev_deque.hpp: the owner pushes and takes at the bottom, thieves steal from the top.
//
// Chase and Lev, "Dynamic circular work-stealing deque" (SPAA 2005), with the orders of Le, Pop,
// Cohen, Zappa Nardelli, "Correct and efficient work-stealing for weak memory models" (PPoPP 2013),
// figure 1. It does not grow here.
//
//   top_ .. bottom_ - 1   are in it
//
// Orders
//   (1) release fence, push     pairs with (4): who sees the new bottom sees the value
//   (2) seq_cst fence, take     with (3): either the owner sees that the last but one was stolen,
//   (3) seq_cst fence, steal    or the thief sees that the owner has taken the last
//   (4) acquire, steal          pairs with (1)
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

#include "orders.hpp"

namespace structures {

struct ChaseLevOrders {
  static constexpr auto push = release, take = seq_cst, steal = seq_cst,  // (1) (2) (3)
      look_at_bottom = acquire;                                           // (4)
  static constexpr bool takes_the_last_at_once = true;  // with looking whether it was stolen
  static constexpr bool steals_at_once = true;
};

template <class Orders = ChaseLevOrders>
class ChaseLevDeque {
 public:
  /// Not 0. There must be room.
  void push(int value) {
    const int bottom = bottom_.load(relaxed);
    slot(bottom).store(value, relaxed);
    fence<Orders::push>();  // (1)
    bottom_.store(bottom + 1, relaxed);
  }

  /// 0: empty.
  int take() {
    const int bottom = bottom_.load(relaxed) - 1;
    bottom_.store(bottom, relaxed);
    fence<Orders::take>();  // (2)
    const int top = top_.load(relaxed);
    if (top < bottom) return slot(bottom).load(relaxed);
    int value = 0;
    if (top == bottom) {
      value = slot(bottom).load(relaxed);
      if (!claim(top, Orders::takes_the_last_at_once)) value = 0;
    }
    bottom_.store(bottom + 1, relaxed);
    return value;
  }

  /// 0: empty, or another was faster.
  int steal() {
    const int top = top_.load(acquire);
    fence<Orders::steal>();                                   // (3)
    const int bottom = bottom_.load(Orders::look_at_bottom);  // (4)
    if (top >= bottom) return 0;
    const int value = slot(top).load(relaxed);
    return claim(top, Orders::steals_at_once) ? value : 0;
  }

 private:
  bool claim(int top, bool at_once) {
    if (at_once) return top_.compare_exchange_strong(top, top + 1, seq_cst, relaxed);
    top_.store(top + 1, seq_cst);
    return true;
  }
  std::atomic<int>& slot(int at) { return slots_[static_cast<std::size_t>(at)]; }

  std::array<std::atomic<int>, 4> slots_{};
  std::atomic<int> top_{0}, bottom_{0};
};

}  // namespace structures
