// The ring whose producer looks relaxed at how far the consumer is: it writes to a slot that is still being read.
// expect: status 1, "data race", "= item"
#include <array>
#include <atomic>
#include <cassert>
#include <optional>
#include <thread>

class Ring {
 public:
  bool push(int item) {
    const unsigned tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_relaxed) == items_.size()) return false;
    items_[tail % items_.size()] = item;
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  std::optional<int> pop() {
    const unsigned head = head_.load(std::memory_order_relaxed);
    if (tail_.load(std::memory_order_acquire) == head) return {};
    const int item = items_[head % items_.size()];
    head_.store(head + 1, std::memory_order_release);
    return item;
  }

 private:
  std::array<int, 2> items_{};
  std::atomic<unsigned> head_{0}, tail_{0};
};

Ring ring;

int main() {
  std::thread producer([] {
    for (int i = 1; i <= 3; ++i) {
      while (!ring.push(i)) {
      }
    }
  });
  for (int i = 1; i <= 3; ++i) {
    std::optional<int> item;
    while (!(item = ring.pop())) {
    }
    assert(*item == i);
  }
  producer.join();
}
