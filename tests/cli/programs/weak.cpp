// A weak compare-exchange that is taken for one that does not fail for no reason.
#include <atomic>
#include <cassert>

int main() {
  std::atomic<int> value{0};
  int expected = 0;
  value.compare_exchange_weak(expected, 1);
  assert(value.load() == 1);
}
