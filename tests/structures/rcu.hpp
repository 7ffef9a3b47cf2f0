// tests/structures/rcu.hpp: readers follow a pointer without a lock; who replaces what it points to
// waits for them before it frees the old.
//
// After the memory-barrier flavour of Desnoyers et al., "User-level implementations of read-copy
// update" (TPDS 2012), with a flag for each reader that says whether it reads.
//
// Orders
//   (1) release, the pointer    pairs with (2): who sees the new configuration sees it complete
//   (2) acquire, the pointer    pairs with (1); consume is enough
//   (3) seq_cst fence, enter    with (4): either the reader sees the new pointer, or its flag is seen
//   (4) seq_cst fence, wait
//   (5) release, the flag       pairs with (6): what was read is read before it is freed
//   (6) acquire, the flag       pairs with (5)
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

#include "orders.hpp"

namespace structures {

struct RcuOrders {
  static constexpr auto publish = release, look = acquire,  // (1) (2)
      enter = seq_cst, wait = seq_cst,                      // (3) (4)
      leave = release, see_that_it_left = acquire;          // (5) (6)
  static constexpr bool waits = true;
};

struct Configuration {
  int a = 0, b = 0;
};

template <class Orders = RcuOrders>
class Rcu {
 public:
  static constexpr std::size_t readers = 2;

  explicit Rcu(const Configuration* first) : current_(first) {}
  Rcu(const Rcu&) = delete;
  Rcu& operator=(const Rcu&) = delete;
  ~Rcu() { delete current_.load(relaxed); }

  /// By one thread for each `me`.
  template <class Read>
  void read(std::size_t me, const Read& look_at) {
    reads_[me].store(true, relaxed);
    fence<Orders::enter>();                  // (3)
    look_at(*current_.load(Orders::look));   // (2)
    reads_[me].store(false, Orders::leave);  // (5)
  }

  /// By one thread at a time.
  void replace(const Configuration* next) {
    const Configuration* const old = current_.exchange(next, Orders::publish);  // (1)
    fence<Orders::wait>();                                                      // (4)
    if (Orders::waits) wait_for_readers();
    delete old;
  }

 private:
  void wait_for_readers() {
    for (std::atomic<bool>& reads : reads_) {
      while (reads.load(Orders::see_that_it_left)) {  // (6)
      }
    }
  }

  std::atomic<const Configuration*> current_;
  std::array<std::atomic<bool>, readers> reads_{};
};

}  // namespace structures
