// A thread that outlives the function which began it still uses what that function owned.
// expect: status 1, "*number"
#include <atomic>
#include <cassert>
#include <memory>
#include <thread>

std::atomic<int> sum{0};

std::thread add_later(int value) {
  const auto number = std::make_unique<int>(value);
  return std::thread([number = number.get()] { sum += *number; });
}

int main() {
  std::thread thread = add_later(3);
  thread.join();
  assert(sum == 3);
}
