// A counter that is released, then incremented relaxed by another, still passes on what the release published.
// 3 = the reader sees 0, the release, or the increment after it; who increments waits for the release.
// expect: status 0, executions 3
#include <atomic>
#include <cassert>
#include <thread>

int payload = 0;
std::atomic<int> stage{0};

int main() {
  std::jthread writer([] {
    payload = 42;
    stage.store(1, std::memory_order_release);
  });
  std::jthread relay([] {
    int expected = 1;
    while (!stage.compare_exchange_strong(expected, 2, std::memory_order_relaxed)) expected = 1;
  });
  if (stage.load(std::memory_order_acquire) == 2) assert(payload == 42);
}
