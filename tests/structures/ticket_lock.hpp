// tests/structures/ticket_lock.hpp: take a ticket, wait until it is called. First come, first served.
#pragma once

#include <atomic>

#include "orders.hpp"

namespace structures {

/// Tickets are relaxed: who comes after whom is decided by their order, but nothing is passed on by them.
struct TicketOrders {
  static constexpr auto await = acquire, call = release;
  static constexpr bool ticket_is_torn_off = true;  // at once with looking which it is
};

template <class Orders = TicketOrders>
class TicketLock {
 public:
  void lock() {
    const int mine = take_ticket();
    while (called_.load(Orders::await) != mine) {
    }
  }
  void unlock() { called_.store(called_.load(relaxed) + 1, Orders::call); }

 private:
  int take_ticket() {
    if constexpr (Orders::ticket_is_torn_off) return next_.fetch_add(1, relaxed);
    const int mine = next_.load(relaxed);
    next_.store(mine + 1, relaxed);
    return mine;
  }

  std::atomic<int> next_{0}, called_{0};
};

}  // namespace structures
