// A thread that outlives the function which began it still uses that function's local by reference.
// expect: status 1, "*number"
#include <atomic>
#include <memory>
#include <thread>

std::atomic<int> sum{0};

std::thread add_later(int value) {
  const auto number = std::make_unique<int>(value);
  return std::thread([&number] { sum += *number; });
}

int main() {
  std::thread thread = add_later(3);
  thread.join();
  return sum.load() - 3;
}
