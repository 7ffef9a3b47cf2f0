// std::async: what a task throws comes out of get(), and what it wrote before is seen then.
// expect: status 0
#include <cassert>
#include <future>
#include <stdexcept>

int main() {
  int steps = 0;
  std::future<int> task = std::async(std::launch::async, [&]() -> int {
    steps = 3;
    throw std::runtime_error("half way");
  });
  bool has_failed = false;
  try {
    task.get();
  } catch (const std::runtime_error&) {
    has_failed = true;
  }
  assert(has_failed && steps == 3);
}
