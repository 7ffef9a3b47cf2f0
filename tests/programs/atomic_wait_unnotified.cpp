// An atomic changes, and nobody notifies who sleeps on it.
// expect: status 1, "lost wake-up", "state.wait(0)"
// options: --spurious-wakes 0 --model=tso
#include <atomic>
#include <thread>

int main() {
  std::atomic<int> state{0};
  std::jthread writer([&] { state.store(1); });
  state.wait(0);
}
