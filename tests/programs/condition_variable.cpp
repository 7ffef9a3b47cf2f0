// A queue of the standard library's parts: whoever waits with a predicate gets each item, in order, and then the end.
// expect: status 0
#include <cassert>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<int> items;
  std::jthread producer([&] {
    for (int i = 1; i <= 2; ++i) {
      const std::scoped_lock lock(mutex);
      items.push_back(i);
      changed.notify_one();
    }
  });
  for (int i = 1; i <= 2; ++i) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return !items.empty(); });
    assert(items.front() == i);
    items.pop_front();
  }
}
