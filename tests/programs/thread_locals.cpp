// A thread_local begins anew in each thread, and is destroyed before the thread can be joined.
// expect: status 0, executions 1
#include <cassert>
#include <thread>

int sum = 0;

struct Counter {
  int value = 0;
  ~Counter() { sum += value; }
};

thread_local Counter counter;

void count(int times) {
  assert(counter.value == 0);
  for (int i = 0; i < times; ++i) ++counter.value;
}

int main() {
  std::thread(count, 3).join();
  std::thread(count, 4).join();
  count(5);
  assert(sum == 7);
}
