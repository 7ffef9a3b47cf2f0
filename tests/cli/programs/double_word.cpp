// Two threads count a pair of words up together.
#include <atomic>
#include <cassert>
#include <thread>

struct alignas(16) Pair {
  long one = 0;
  long other = 0;
};

int main() {
  std::atomic<Pair> pair{Pair{}};
  const auto count = [&] {
    Pair seen = pair.load(), next;
    do {
      next = seen;
      ++next.one;
      ++next.other;
    } while (!pair.compare_exchange_strong(seen, next));
  };
  std::thread thread(count);
  count();
  thread.join();
  const Pair last = pair.load();
  assert(last.one == 2 && last.other == 2);
}
