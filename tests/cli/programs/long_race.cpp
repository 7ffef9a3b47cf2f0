// What is wrong comes after much that is needed to come there.
#include <atomic>
#include <thread>

struct Slot {
  std::atomic<int> full{0};
  int value = 0;
};

std::atomic<int> noise{0};

void fill(Slot& slot) {
  for (int i = 1; i <= 60; ++i) noise.store(i, std::memory_order_relaxed);
  slot.value = 1;
  slot.full.store(1, std::memory_order_relaxed);
}

int main() {
  Slot slots[4];
  std::thread filler(fill, std::ref(slots[3]));
  const bool is_full = slots[3].full.load(std::memory_order_acquire) == 1;
  const int value = is_full ? slots[3].value : 0;
  filler.join();
  return value;
}
