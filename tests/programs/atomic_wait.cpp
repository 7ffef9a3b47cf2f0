// A thread sleeps until an atomic changes and its writer says so. Under tso, for the reason in latch_of_two.cpp,
// and stored with seq_cst: libstdc++ 12 looks for waiters by a load, which may overtake a release on x86.
// expect: status 0
// options: --model=tso
#include <atomic>
#include <cassert>
#include <thread>

int main() {
  std::atomic<int> state{0};
  int payload = 0;
  std::jthread writer([&] {
    payload = 1;
    state.store(1);
    state.notify_one();
  });
  state.wait(0, std::memory_order_acquire);
  assert(payload == 1);
}
