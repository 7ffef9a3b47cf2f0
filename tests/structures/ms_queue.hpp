// tests/structures/ms_queue.hpp: a queue without locks.
//
// Michael and Scott, "Simple, fast, and practical non-blocking and blocking concurrent queue
// algorithms" (PODC 1996).
//
//   head_ -> dummy -> first -> ... -> last <- tail_, or the tail is one behind
//
// Nodes are freed when the queue is destroyed, so that no address comes back and the paper's
// counters are not needed.
#pragma once

#include <atomic>

#include "orders.hpp"

namespace structures {

struct MsOrders {
  static constexpr auto link = release, follow = acquire,  // node.next
      swing = release, look_at_tail = acquire,             // tail_
      advance = release, look_at_head = acquire;           // head_
  static constexpr bool links_at_once = true;              // with looking whether it is the last
  static constexpr bool advances_at_once = true;           // with looking whether it is the first
};

template <class Orders = MsOrders>
class MsQueue {
 public:
  MsQueue() = default;
  MsQueue(const MsQueue&) = delete;
  MsQueue& operator=(const MsQueue&) = delete;
  ~MsQueue() {
    for (Node* node = oldest_; node != nullptr;) {
      Node* const next = node->next.load(relaxed);
      delete node;
      node = next;
    }
  }

  /// Not 0.
  void enqueue(int value) {
    Node* const node = new Node{value};
    for (;;) {
      Node* const last = tail_.load(Orders::look_at_tail);
      Node* const next = last->next.load(Orders::follow);
      if (next == nullptr && link(last, node)) return swing(last, node);
      if (next != nullptr) swing(last, next);
    }
  }

  /// 0: empty.
  int dequeue() {
    for (;;) {
      Node* const first = head_.load(Orders::look_at_head);
      Node* const last = tail_.load(Orders::look_at_tail);
      Node* const next = first->next.load(Orders::follow);
      if (next == nullptr) return 0;
      if (first == last) {
        swing(last, next);
      } else if (const int value = next->value; advance(first, next)) {
        return value;
      }
    }
  }

 private:
  struct Node {
    int value = 0;
    std::atomic<Node*> next{nullptr};
  };

  static bool link(Node* last, Node* node) {
    Node* expected = nullptr;
    if constexpr (Orders::links_at_once) {
      return last->next.compare_exchange_strong(expected, node, Orders::link, relaxed);
    }
    last->next.store(node, Orders::link);
    return true;
  }

  void swing(Node* last, Node* next) {
    tail_.compare_exchange_strong(last, next, Orders::swing, relaxed);
  }

  bool advance(Node* first, Node* next) {
    if constexpr (Orders::advances_at_once) {
      return head_.compare_exchange_strong(first, next, Orders::advance, relaxed);
    }
    head_.store(next, Orders::advance);
    return true;
  }

  Node* const oldest_ = new Node;
  std::atomic<Node*> head_{oldest_}, tail_{oldest_};
};

}  // namespace structures
