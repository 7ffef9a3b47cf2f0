// One thread counts through std::atomic_ref, another looks at the element as it is.
// expect: status 1, "data race on"
#include <atomic>
#include <thread>

int main() {
  int hits = 0;
  std::jthread counter([&] { std::atomic_ref(hits).fetch_add(1); });
  return hits > 1;
}
