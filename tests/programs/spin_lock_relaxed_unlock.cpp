// A spin lock whose unlock is relaxed: it excludes, but the next holder need not see what the last one wrote.
// expect: status 1, "data race", "++shared"
#include <atomic>
#include <mutex>
#include <thread>

class SpinLock {
 public:
  void lock() {
    while (held_.exchange(true, std::memory_order_acquire)) {
      while (held_.load(std::memory_order_relaxed)) {
      }
    }
  }
  void unlock() { held_.store(false, std::memory_order_relaxed); }

 private:
  std::atomic<bool> held_{false};
};

int main() {
  SpinLock lock;
  int shared = 0;
  const auto use = [&] {
    const std::scoped_lock guard(lock);
    ++shared;
  };
  std::jthread thread(use);
  use();
}
