// A jthread is stopped by its destructor, but waits at a condition variable that knows nothing of stop tokens.
// expect: status 1, "deadlock", "condition variable"
// options: --spurious-wakes 0
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable changed;
  std::jthread worker([&](const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return stop.stop_requested(); });
  });
}
