// A promise hands its value and what was written before it to the future.
// expect: status 0
#include <cassert>
#include <future>
#include <thread>

int main() {
  int side = 0;
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  std::thread thread([&] {
    side = 1;
    promise.set_value(41);
  });
  assert(future.get() + side == 42);
  thread.join();
}
