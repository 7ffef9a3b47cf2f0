// Two who wait for different things at one condition variable: notify_one may wake the one that has no use for it.
// expect: status 1, "deadlock", "condition variable"
// options: --spurious-wakes 0
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable changed;
  int turn = 0;
  const auto wait_for = [&](int mine) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return turn == mine; });
    ++turn;
    changed.notify_one();
  };
  std::jthread first(wait_for, 1), second(wait_for, 2);
  const std::scoped_lock lock(mutex);
  turn = 1;
  changed.notify_one();
}
