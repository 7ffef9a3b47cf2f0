// sequential_and_gather: four requests that mostly wait, one after the other, then all at once, as in
// sequential_and_threads.cpp; but on one thread, and with no lock, since nothing else runs between two waits.
//
// Their delays are 100, 200, 300 and 400 ms. Prints the sum of them, and then the longest:
//   Received [200, 200, 200, 200] in 1.00 s
//   Received [200, 200, 200, 200] in 0.40 s
#include <chrono>
#include <cstdio>
#include <lockstep/async.hpp>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using Results = std::vector<int>;

constexpr std::chrono::milliseconds delays[] = {100ms, 200ms, 300ms, 400ms};

lockstep::Task<int> request(std::chrono::milliseconds delay) {
  co_await lockstep::sleep_for(delay);
  co_return 200;
}

lockstep::Task<Results> sequential() {
  Results results;
  for (const auto delay : delays) results.push_back(co_await request(delay));
  co_return results;
}

lockstep::Task<Results> gathered() {
  std::vector<lockstep::Task<int>> requests;
  for (const auto delay : delays) requests.push_back(request(delay));
  co_return co_await lockstep::gather(std::move(requests));
}

void measure(lockstep::Task<Results> all_requests) {
  const auto start = std::chrono::steady_clock::now();
  std::string list;
  for (const int result : lockstep::run(std::move(all_requests))) {
    list += (list.empty() ? "" : ", ") + std::to_string(result);
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  std::printf("Received [%s] in %.2f s\n", list.c_str(), elapsed.count());
}

int main() {
  measure(sequential());
  measure(gathered());
}
