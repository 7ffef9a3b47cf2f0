// Eight threads count, and somebody counted wrongly how many they are.
#include <atomic>
#include <cassert>
#include <thread>
#include <vector>

std::atomic<int> a_counter_with_a_name_that_is_rather_long_for_a_narrow_screen{0};

int main() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back(
        [] { a_counter_with_a_name_that_is_rather_long_for_a_narrow_screen.fetch_add(1); });
  }
  for (std::thread& thread : threads) thread.join();
  assert(a_counter_with_a_name_that_is_rather_long_for_a_narrow_screen.load() == 9);
}
