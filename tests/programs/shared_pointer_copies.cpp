// Copies of a shared_ptr in two threads: the last one destroys what they point to, and sees all that was done with it.
// 2 = which of the two that is.
// expect: status 0, executions 2
#include <atomic>
#include <cassert>
#include <memory>
#include <thread>

int main() {
  int destroyed = 0;
  {
    auto shared = std::shared_ptr<int>(new int(3), [&](int* it) {
      ++destroyed;
      delete it;
    });
    std::thread thread([copy = shared]() mutable {
      assert(*copy == 3);
      copy.reset();
    });
    shared.reset();
    thread.join();
  }
  assert(destroyed == 1);
}
