// One thread waits for another by a latch of the standard library, which sleeps on a futex.
#include <cassert>
#include <latch>
#include <thread>

int main() {
  int payload = 0;
  std::latch done{1};
  std::jthread worker([&] {
    payload = 1;
    done.count_down();
  });
  done.wait();
  assert(payload == 1);
}
