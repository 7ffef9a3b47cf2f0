// std::call_once: if the first call throws, the second does it. 2 = which thread it is that fails.
// expect: status 0, executions 2
#include <cassert>
#include <mutex>
#include <stdexcept>
#include <thread>

int main() {
  std::once_flag once;
  int calls = 0, failures = 0;
  const auto use = [&] {
    try {
      std::call_once(once, [&] {
        if (++calls == 1) throw std::runtime_error("not yet");
      });
    } catch (const std::runtime_error&) {
      ++failures;
    }
  };
  std::thread thread(use);
  use();
  thread.join();
  assert(calls == 2 && failures == 1);
}
