// Treiber's stack without reuse of nodes: each is popped once, and whoever pops it sees its value.
// expect: status 0
// options: --spurious 0
#include <atomic>
#include <cassert>
#include <thread>

struct Node {
  int value = 0;
  Node* next = nullptr;
};

std::atomic<Node*> head{nullptr};

void push(Node& node) {
  node.next = head.load(std::memory_order_relaxed);
  while (!head.compare_exchange_weak(node.next, &node, std::memory_order_release,
                                     std::memory_order_relaxed)) {
  }
}

Node* pop() {
  Node* top = head.load(std::memory_order_acquire);
  while (top != nullptr && !head.compare_exchange_weak(top, top->next, std::memory_order_acquire)) {
  }
  return top;
}

int main() {
  Node nodes[2]{{1}, {2}};
  int popped = 0;
  std::thread thread([&] {
    push(nodes[0]);
    if (const Node* const node = pop()) popped = node->value;
  });
  push(nodes[1]);
  thread.join();
  const Node* const rest = pop();
  assert(popped + rest->value == 3 && pop() == nullptr);
}
