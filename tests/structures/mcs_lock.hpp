// tests/structures/mcs_lock.hpp: a queue of nodes, each thread spinning on its own.
//
// Mellor-Crummey and Scott, "Algorithms for scalable synchronization on shared-memory
// multiprocessors" (TOCS 1991).
//
//   tail_       the last node of the queue, null if the lock is free
//   node.next   who is to be let in after it, once that has linked itself
//   node.waits  until its predecessor lets it in
#pragma once

#include <atomic>

#include "orders.hpp"

namespace structures {

struct McsOrders {
  static constexpr auto enter = acq_rel,  // the exchange of the tail
      link = release, linked = acquire,   // node.next
      let_in = release, await = acquire,  // node.waits
      leave = release;                    // the tail, if nobody follows
};

struct McsNode {
  std::atomic<McsNode*> next{nullptr};
  std::atomic<bool> waits{false};
};

template <class Orders = McsOrders>
class McsLock {
 public:
  void lock(McsNode& node) {
    node.next.store(nullptr, relaxed);
    node.waits.store(true, relaxed);
    McsNode* const before = tail_.exchange(&node, Orders::enter);
    if (before == nullptr) return;
    before->next.store(&node, Orders::link);
    while (node.waits.load(Orders::await)) {
    }
  }

  void unlock(McsNode& node) {
    McsNode* next = node.next.load(Orders::linked);
    if (next == nullptr) {
      McsNode* expected = &node;
      if (tail_.compare_exchange_strong(expected, nullptr, Orders::leave, relaxed)) return;
      do {
        next = node.next.load(Orders::linked);
      } while (next == nullptr);
    }
    next->waits.store(false, Orders::let_in);
  }

 private:
  std::atomic<McsNode*> tail_{nullptr};
};

}  // namespace structures
