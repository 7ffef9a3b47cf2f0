// std::shared_mutex: readers of a version and of what it is the version of never see them apart.
// 2 = the reader comes first or last.
// expect: status 0, executions 2
#include <cassert>
#include <mutex>
#include <shared_mutex>
#include <thread>

int main() {
  std::shared_mutex mutex;
  int version = 0, copies = 0;
  std::jthread writer([&] {
    const std::unique_lock lock(mutex);
    ++version;
    ++copies;
  });
  const std::shared_lock lock(mutex);
  assert(version == copies);
}
