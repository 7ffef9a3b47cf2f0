// A static local is initialized once, by whoever comes first, and seen whole by the other.
// 4 = either makes it; the other sees that at once, or waits for it.
// expect: status 0, executions 4
#include <cassert>
#include <memory>
#include <thread>

int made = 0;

const int& table() {
  static const auto it = [] {
    ++made;
    return std::make_unique<int>(6);
  }();
  return *it;
}

int main() {
  std::thread thread([] { assert(table() == 6); });
  assert(table() == 6);
  thread.join();
  assert(made == 1);
}
