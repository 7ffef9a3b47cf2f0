// sequential_and_threads: four requests that mostly wait, one after the other, then each in a
// thread of its own.
//
// Their delays are 100, 200, 300 and 400 ms. Prints the sum of them, and then the longest:
//   Received [200, 200, 200, 200] in 1.00 s
//   Received [200, 200, 200, 200] in 0.40 s
#include <chrono>
#include <cstdio>
#include <functional>
#include <lockstep/lock.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using Results = std::vector<int>;

constexpr std::chrono::milliseconds delays[] = {100ms, 200ms, 300ms, 400ms};

int request(std::chrono::milliseconds delay) {
  std::this_thread::sleep_for(delay);
  return 200;
}

Results sequential() {
  Results results;
  for (const auto delay : delays) results.push_back(request(delay));
  return results;
}

Results with_threads() {
  Results results;
  lockstep::Lock lock;  // guards results
  std::vector<std::thread> threads;
  for (const auto delay : delays) {
    threads.emplace_back([&, delay] {
      const int result = request(delay);  // without the lock, or they would wait for each other
      const std::scoped_lock guard(lock);
      results.push_back(result);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return results;
}

void measure(const std::function<Results()>& all_requests) {
  const auto start = std::chrono::steady_clock::now();
  std::string list;
  for (const int result : all_requests())
    list += (list.empty() ? "" : ", ") + std::to_string(result);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  std::printf("Received [%s] in %.2f s\n", list.c_str(), elapsed.count());
}

int main() {
  measure(sequential);
  measure(with_threads);
}
