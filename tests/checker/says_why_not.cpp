// tests/checker/says_why_not.cpp: an exploration that cannot begin, for one of the reasons for which CMakeLists.txt builds
// this program several times, and what its result says then.
#include <atomic>
#include <cstdint>
#include <iostream>
#include <lockstep/check.hpp>
#include <thread>

#ifdef WITHOUT_FSGSBASE
#include <sys/auxv.h>

// The linker has calls of getauxval come here (--wrap): a kernel before Linux 5.9.
extern "C" unsigned long __real_getauxval(unsigned long type);
extern "C" unsigned long __wrap_getauxval(unsigned long type);
extern "C" unsigned long __wrap_getauxval(unsigned long type) {
  constexpr unsigned long fsgsbase = 1UL << 1;
  const unsigned long value = __real_getauxval(type);
  return type == AT_HWCAP2 ? value & ~fsgsbase : value;
}
#endif

#ifdef UNINSTRUMENTED_ATOMICS
void count_elsewhere(std::atomic<int>& count);  // uninstrumented_atomics.cpp
#else
static void count_elsewhere(std::atomic<int>& count) { ++count; }
#endif

int main() {
  const auto result = lockstep::check::explore([] {
    std::atomic<int> count{0};
    std::thread other([&] { count.fetch_add(1, std::memory_order_relaxed); });
    count_elsewhere(count);
    other.join();
  });
  std::cout << result;
  return result.verdict == lockstep::check::Verdict::refused ? 0 : 1;
}
