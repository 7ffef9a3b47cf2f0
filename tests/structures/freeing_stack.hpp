// tests/structures/freeing_stack.hpp: Treiber's stack, whose nodes belong to who has popped them, and are freed.
//
// A pop looks at the head and at its successor, and then takes it. Nobody may free a node that another looks
// at: that is up to the callers (hazard pointers, epochs). But if they wait only until nobody looks, while some
// are still about to take, then what is freed may come back as another node at the same address:
// the one that takes puts a successor on top that the new node does not have (ABA). So the head has a
// tag, which every pop changes.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "orders.hpp"

namespace structures {

template <std::uint64_t tag_step = 1>
class FreeingStack {
 public:
  struct Node {
    int value;
    Node* next;
  };
  using Owned = std::unique_ptr<Node>;

 private:
  struct alignas(16) Head {
    Node* node;
    std::uint64_t tag;
  };

 public:
  /// What a pop has seen.
  struct Looked {
    Head head;
    Node* next;
  };

  void push(int value) {
    Head seen = head_.load(relaxed);
    Node* const node = new Node{value, nullptr};
    do {
      node->next = seen.node;
    } while (!head_.compare_exchange_strong(seen, Head{node, seen.tag}, release, relaxed));
  }

  Looked look() const {
    const Head head = head_.load(acquire);
    return {head, head.node == nullptr ? nullptr : head.node->next};
  }

  /// The head, if it is still the one that was seen; or null.
  Owned take(Looked seen) {
    const Head below{seen.next, seen.head.tag + tag_step};
    const bool is_taken = seen.head.node != nullptr &&
                          head_.compare_exchange_strong(seen.head, below, acquire, relaxed);
    return Owned(is_taken ? seen.head.node : nullptr);
  }

 private:
  std::atomic<Head> head_{Head{nullptr, 0}};
};

}  // namespace structures
