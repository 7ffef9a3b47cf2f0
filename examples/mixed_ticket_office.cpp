// mixed_ticket_office: one office, one BoundedSemaphore; some clients are threads, the others are coroutines.
//
// They wait in the same line, first come, first served, and each lets in the next, of whatever kind it is. Clients with
// odd numbers are coroutines. Prints for each client, when it has been served, the time since the
// office opened, such as
//   client 0, service time: 0.100
//   client 2, service time: 0.100
//   client 1, service time: 0.100
//   client 4, service time: 0.200
//   client 3, service time: 0.200
#include <chrono>
#include <cstdio>
#include <lockstep/async.hpp>
#include <lockstep/bounded_semaphore.hpp>
#include <mutex>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

lockstep::BoundedSemaphore free_windows(3);
const auto opening = Clock::now();

void tell(int client) {
  const std::chrono::duration<double> passed = Clock::now() - opening;
  std::printf("client %d, service time: %.3f\n", client, passed.count());
}

void thread_client(int number) {
  const std::scoped_lock window(free_windows);
  std::this_thread::sleep_for(100ms);
  tell(number);
}

lockstep::Task<> coroutine_client(int number) {
  const auto window = co_await free_windows.async_scoped();
  co_await lockstep::sleep_for(100ms);
  tell(number);
}

lockstep::Task<> coroutine_clients() {
  co_await lockstep::gather(coroutine_client(1), coroutine_client(3));
}

int main() {
  std::vector<std::jthread> threads;
  for (const int number : {0, 2, 4}) threads.emplace_back(thread_client, number);
  lockstep::run(coroutine_clients());
}
