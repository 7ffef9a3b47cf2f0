// The queue of Michael and Scott, whose enqueue links the new node by a relaxed exchange: who dequeues it may find
// it unwritten.
// expect: status 1, "data race", "value"
#include <atomic>
#include <cassert>
#include <thread>

struct Node {
  int value = 0;
  std::atomic<Node*> next{nullptr};
};

Node dummy;
std::atomic<Node*> head{&dummy}, tail{&dummy};

void enqueue(Node& node) {
  for (;;) {
    Node* last = tail.load(std::memory_order_acquire);
    Node* next = last->next.load(std::memory_order_acquire);
    if (next != nullptr) {
      tail.compare_exchange_strong(last, next, std::memory_order_release);
    } else if (last->next.compare_exchange_strong(next, &node, std::memory_order_relaxed)) {
      tail.compare_exchange_strong(last, &node, std::memory_order_release);
      return;
    }
  }
}

int dequeue() {
  Node* first = head.load(std::memory_order_acquire);
  while (Node* const next = first->next.load(std::memory_order_acquire)) {
    if (head.compare_exchange_strong(first, next, std::memory_order_acq_rel)) return next->value;
  }
  return 0;
}

int main() {
  std::thread thread([] {
    static Node node;
    node.value = 1;
    enqueue(node);
  });
  const int value = dequeue();
  assert(value == 0 || value == 1);
  thread.join();
}
