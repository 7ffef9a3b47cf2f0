// tests/structures/seqlock.hpp: readers who notice that they were disturbed, and do not disturb the writer.
//
// Boehm, "Can seqlocks get along with programming language memory models?" (MSPC 2012): the data
// are relaxed atomics, and fences order them against the sequence number, which is odd while there
// is a write under way. One writer.
//
// Orders
//   (1) release fence, after the number became odd   pairs with (4)
//   (2) release, the number becomes even             pairs with (3)
//   (3) acquire, the first look at the number        pairs with (2): who sees it sees all of the data
//   (4) acquire fence, before the second look        pairs with (1): who saw any of the data sees
//                                                    at least the odd number
#pragma once

#include <atomic>

#include "orders.hpp"

namespace structures {

struct SeqlockOrders {
  static constexpr auto begin = release, end = release,    // (1) (2)
      first_look = acquire, before_second_look = acquire;  // (3) (4)
  static constexpr bool refuses_odd = true;
};

template <class Orders = SeqlockOrders>
class Seqlock {
 public:
  struct Data {
    int a = 0, b = 0;
  };

  void write(Data data) {
    const unsigned number = number_.load(relaxed);
    number_.store(number + 1, relaxed);
    fence<Orders::begin>();  // (1)
    a_.store(data.a, relaxed);
    b_.store(data.b, relaxed);
    number_.store(number + 2, Orders::end);  // (2)
  }

  /// False: a write was under way.
  bool try_read(Data& data) const {
    const unsigned before = number_.load(Orders::first_look);  // (3)
    if (Orders::refuses_odd && before % 2 != 0) return false;
    const int a = a_.load(relaxed), b = b_.load(relaxed);
    fence<Orders::before_second_look>();  // (4)
    if (number_.load(relaxed) != before) return false;
    data = {a, b};
    return true;
  }

 private:
  std::atomic<unsigned> number_{0};
  std::atomic<int> a_{0}, b_{0};
};

}  // namespace structures
