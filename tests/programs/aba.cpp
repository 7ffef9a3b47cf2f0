// ABA: a pop looks at the top; then another thread pops both nodes and pushes a new one, which malloc puts where the
// top was. The pop takes that for the top, and makes the second node, which the other thread has, the new one.
// expect: status 1, "assertion failed"
// options: --reuse
#include <atomic>
#include <cassert>
#include <cstdint>
#include <thread>

using Head = std::uint64_t;  // a pointer, and above its 48 bits a tag
constexpr Head tag = 0;

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
