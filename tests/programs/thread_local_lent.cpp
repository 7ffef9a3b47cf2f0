// A pointer to a thread_local is used when its thread has ended.
// expect: status 1, "use after free"
#include <atomic>
#include <cassert>
#include <memory>
#include <thread>

thread_local std::unique_ptr<int> mine;

int main() {
  std::atomic<int*> lent{nullptr};
  std::jthread lender([&] {
    mine = std::make_unique<int>(7);
    lent = mine.get();
  });
  if (const int* const it = lent.load()) assert(*it == 7);
}
