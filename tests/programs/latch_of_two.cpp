// Two workers count a latch down, whose waiter then reads what both have written. Under tso, because libstdc++ 12
// looks for waiters with nothing that orders that after its release: rc11 lets it miss them.
// expect: status 0
// options: --model=tso
#include <cassert>
#include <latch>
#include <thread>

int main() {
  int parts[2]{};
  std::latch done{2};
  const auto work = [&](int me) {
    parts[me] = me + 1;
    done.count_down();
  };
  std::jthread a(work, 0), b(work, 1);
  done.wait();
  assert(parts[0] + parts[1] == 3);
}
