// tests/structures/spinlock.hpp: two spinlocks.
//
// TasLock (test and set). Of the textbook's loop, `while (exchange(true)) {}`, every round writes;
// a compare-exchange that fails only reads, so that its loop is an await. TtasLock (test, then test
// and set). Waits by reading; a round that writes follows only an unlock.
#pragma once

#include <atomic>

#include "orders.hpp"

namespace structures {

struct TasOrders {
  static constexpr auto lock = acquire, unlock = release;
};

template <class Orders = TasOrders>
class TasLock {
 public:
  void lock() {
    while (!try_lock()) {
    }
  }
  void unlock() { held_.store(false, Orders::unlock); }

 private:
  bool try_lock() {
    bool expected = false;
    return held_.compare_exchange_strong(expected, true, Orders::lock, relaxed);
  }

  std::atomic<bool> held_{false};
};

struct TtasOrders {
  static constexpr auto test = relaxed, set = acquire, unlock = release;
};

template <class Orders = TtasOrders>
class TtasLock {
 public:
  void lock() {
    do {
      while (held_.load(Orders::test)) {
      }
    } while (held_.exchange(true, Orders::set));
  }
  void unlock() { held_.store(false, Orders::unlock); }

 private:
  std::atomic<bool> held_{false};
};

}  // namespace structures
