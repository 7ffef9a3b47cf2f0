// A weak_ptr that is locked while the last shared_ptr goes: it gets the whole object or nothing.
// expect: status 0
#include <cassert>
#include <memory>
#include <thread>

int main() {
  auto shared = std::make_shared<int>(3);
  std::thread thread([weak = std::weak_ptr<int>(shared)] {
    if (const auto locked = weak.lock()) assert(*locked == 3);
  });
  shared.reset();
  thread.join();
}
