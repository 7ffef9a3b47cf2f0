// A wait that a stop request ends: a jthread that is destroyed leaves its loop, whenever the request comes.
// expect: status 0
#include <cassert>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable_any changed;
  bool has_work = false;
  std::jthread worker([&](const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    if (!changed.wait(lock, stop, [&] { return has_work; })) assert(stop.stop_requested());
  });
}
