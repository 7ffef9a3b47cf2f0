// Called from C.
#include <atomic>
#include <thread>

extern "C" int twice(int number) {
  std::atomic<int> result{number};
  std::jthread([&] { result.fetch_add(number); }).join();
  return result;
}
