// As many executions as there are orders of the increments: (threads)! if each has one.
#include <atomic>
#include <cstdlib>
#include <thread>
#include <vector>

int main(int argc, char** argv) {
  const int threads = argc > 1 ? std::atoi(argv[1]) : 2;
  std::atomic<int> count{0};
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i) all.emplace_back([&] { count.fetch_add(1); });
  for (auto& thread : all) thread.join();
  return count.load() - threads;
}
