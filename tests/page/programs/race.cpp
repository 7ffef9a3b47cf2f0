// The reader sees that it is ready, which a relaxed store says: so nothing orders the payload.
#include <atomic>
#include <thread>

int payload = 0;
std::atomic<int> ready{0};

int main() {
  std::thread writer([] {
    payload = 42;
    ready.store(1, std::memory_order_relaxed);
  });
  int seen = 0;
  if (ready.load(std::memory_order_acquire) == 1) seen = payload;
  writer.join();
  return seen;
}
