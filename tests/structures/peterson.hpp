// tests/structures/peterson.hpp: mutual exclusion of two threads with loads and stores only.
//
// Peterson, "Myths about the mutual exclusion problem" (IPL 1981).
//
// Two orders that only seq_cst gives: each thread's interest before its look at the other's (store
// buffering), and its interest before its turn, as the other sees them, although the turn may be
// overwritten before it is seen.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

#include "orders.hpp"

namespace structures {

struct PetersonOrders {
  static constexpr auto interest = seq_cst, turn = seq_cst, look = seq_cst, leave = release;
  static constexpr bool gives_way = true;  // the turn is the other's, not one's own
};

template <class Orders = PetersonOrders>
class Peterson {
 public:
  void lock(int me) {
    const int other = 1 - me;
    interested(me).store(true, Orders::interest);
    turn_.store(Orders::gives_way ? other : me, Orders::turn);
    while (interested(other).load(Orders::look) && turn_.load(Orders::look) == other) {
    }
  }
  void unlock(int me) { interested(me).store(false, Orders::leave); }

 private:
  std::atomic<bool>& interested(int who) { return interested_[static_cast<std::size_t>(who)]; }

  std::array<std::atomic<bool>, 2> interested_{};
  std::atomic<int> turn_{0};
};

}  // namespace structures
