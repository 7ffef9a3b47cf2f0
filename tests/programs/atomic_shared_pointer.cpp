// A shared pointer is replaced while another thread takes a copy, both by the library's atomic functions, which lock
// a mutex of the library's own meanwhile.
// 2 = which of the two is the first.
// expect: status 0, executions 2
#include <cassert>
#include <memory>
#include <thread>

std::shared_ptr<int> shared = std::make_shared<int>(1);

int main() {
  std::thread writer([] { std::atomic_store(&shared, std::make_shared<int>(2)); });
  const std::shared_ptr<int> copy = std::atomic_load(&shared);
  assert(*copy == 1 || *copy == 2);
  writer.join();
}
