// tests/structures/spsc_ring.hpp: a bounded queue for one producer and one consumer.
//
// Lamport, "Specifying concurrent program modules" (TOPLAS 1983).
//
//   pushed_ - popped_   how many values are in it, at most `capacity`
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

#include "orders.hpp"

namespace structures {

struct SpscOrders {
  static constexpr auto publish = release, look_for_value = acquire,  // pushed_
      vacate = release, look_for_space = acquire;                     // popped_
  static constexpr bool writes_then_publishes = true;
  static constexpr std::size_t too_many = 0;  // values let in beyond its capacity
};

template <class Orders = SpscOrders, std::size_t capacity = 1>
class SpscRing {
 public:
  /// 0: full.
  int push(int value) {
    const std::size_t at = pushed_.load(relaxed);
    const std::size_t used = at - popped_.load(Orders::look_for_space);
    if (used >= capacity + Orders::too_many) return 0;
    if constexpr (Orders::writes_then_publishes) slots_[at % capacity] = value;
    pushed_.store(at + 1, Orders::publish);
    if constexpr (!Orders::writes_then_publishes) slots_[at % capacity] = value;
    return 1;
  }

  /// 0: empty.
  int pop() {
    const std::size_t at = popped_.load(relaxed);
    if (pushed_.load(Orders::look_for_value) == at) return 0;
    const int value = slots_[at % capacity];
    popped_.store(at + 1, Orders::vacate);
    return value;
  }

 private:
  std::array<int, capacity> slots_{};
  std::atomic<std::size_t> pushed_{0}, popped_{0};
};

}  // namespace structures
