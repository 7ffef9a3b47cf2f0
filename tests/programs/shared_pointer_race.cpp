// The counts of a shared_ptr are atomic; the pointer itself is not: one thread copies what another resets.
// expect: status 1, "data race on shared"
#include <memory>
#include <thread>

auto shared = std::make_shared<int>(3);

int main() {
  std::jthread thread([] { const auto copy = shared; });
  shared.reset();
}
