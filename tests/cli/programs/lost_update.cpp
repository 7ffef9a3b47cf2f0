// Two increments that are not atomic as a whole: one may be lost, which the assertion tells.
#include <atomic>
#include <cassert>
#include <thread>

int main() {
  std::atomic<int> count{0};
  const auto increment = [&] { count.store(count.load() + 1); };
  std::thread other(increment);
  increment();
  other.join();
  assert(count.load() == 2);
}
