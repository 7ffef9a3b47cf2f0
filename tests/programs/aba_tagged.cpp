// The stack of aba.cpp with a tag that each pop changes: what has come back is not taken for what was there.
// expect: status 0
// options: --reuse
#include <atomic>
#include <cassert>
#include <cstdint>
#include <thread>

using Head = std::uint64_t;  // a pointer, and above its 48 bits a tag
constexpr Head tag = Head{1} << 48;

struct Node {
  Node* next;
};

std::atomic<Head> head{0};
std::atomic<bool> has_looked{false};

Node* node_of(Head seen) { return reinterpret_cast<Node*>(seen & 0xFFFF'FFFF'FFFF); }
Head next_of(Head seen) {
  return reinterpret_cast<Head>(node_of(seen)->next) + (seen >> 48 << 48) + tag;
}

Node* pop() {
  Head seen = head.load();
  while (node_of(seen) != nullptr && !head.compare_exchange_strong(seen, next_of(seen))) {
  }
  return node_of(seen);
}

int main() {
  head = reinterpret_cast<Head>(new Node{new Node{nullptr}});
  Node* owned = nullptr;
  std::thread thread([&] {
    while (!has_looked) {
    }
    const Node* const top = pop();
    owned = pop();
    delete top;
    Head seen = head.load();
    while (!head.compare_exchange_strong(
        seen, reinterpret_cast<Head>(new Node{node_of(seen)}) + (seen >> 48 << 48))) {
    }
  });
  Head seen = head.load();  // a pop, taken apart
  const Head next = next_of(seen);
  has_looked = true;
  head.compare_exchange_strong(seen, next);
  thread.join();
  assert(node_of(head) != owned || owned == nullptr);
}
