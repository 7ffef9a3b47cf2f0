// tests/structures/treiber_stack.hpp: a stack of nodes that are numbered, and never freed.
//
// Treiber, "Systems programming: coping with parallelism" (IBM RJ 5118, 1986).
//
// A node that was popped may be pushed again. A pop that still holds the old head would then put a
// successor on top that the node no longer has (ABA); so the head has a tag, which every pop
// changes.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "orders.hpp"

namespace structures {

struct TreiberOrders {
  static constexpr auto push = release,  // of the node, with its value and its successor
      look = acquire,
                        look_again =
                            acquire,  // at the head, before it is popped; again: a pop that failed
      pop = acquire;                  // relaxed would do, see the test
  static constexpr std::uint32_t tag_step = 1;
};

template <class Orders = TreiberOrders>
class TreiberStack {
 public:
  using Number = std::uint32_t;
  static constexpr Number none = 3;

  /// Belongs to the caller, until it pushes the node and after it has popped it.
  int& value(Number node) { return nodes_[node].value; }

  void push(Number node) {
    Head seen = head_.load(relaxed);
    do {
      nodes_[node].next.store(seen.node, relaxed);
    } while (!head_.compare_exchange_strong(seen, Head{node, seen.tag}, Orders::push, relaxed));
  }

  Number pop() {
    Head seen = head_.load(Orders::look);
    while (seen.node != none) {
      const Head below{nodes_[seen.node].next.load(relaxed), seen.tag + Orders::tag_step};
      if (head_.compare_exchange_strong(seen, below, Orders::pop, Orders::look_again)) break;
    }
    return seen.node;
  }

 private:
  struct Head {
    Number node;
    std::uint32_t tag;
  };
  /// The successor is atomic, for a pop may still look at it when the node has another owner. That pop fails.
  struct Node {
    int value = 0;
    std::atomic<Number> next{none};
  };

  std::array<Node, none> nodes_;
  std::atomic<Head> head_{Head{none, 0}};
};

}  // namespace structures
