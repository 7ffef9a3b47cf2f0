// Plain elements counted through std::atomic_ref, and read when the threads are gone. 2 = orders of the increments.
// expect: status 0, executions 2
#include <atomic>
#include <cassert>
#include <thread>

int main() {
  int histogram[2]{};
  const auto count = [&](int bucket) { std::atomic_ref(histogram[bucket]).fetch_add(1); };
  std::thread a([&] { count(0); });
  count(0);
  count(1);
  a.join();
  assert(histogram[0] == 2 && histogram[1] == 1);
}
