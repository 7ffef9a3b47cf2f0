// async_ticket_office: the ticket office of ticket_office.cpp with coroutines as clients, all on one thread.
//
// A BoundedSemaphore lets in as many as there are windows; the others are suspended, and come in in the order in which
// they came. Prints for each client, when it has been served, the time since the office opened:
//   client 0, service time: 0.100
//   client 1, service time: 0.100
//   client 2, service time: 0.100
//   client 3, service time: 0.200
//   client 4, service time: 0.200
#include <chrono>
#include <cstdio>
#include <lockstep/async.hpp>
#include <lockstep/bounded_semaphore.hpp>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

lockstep::BoundedSemaphore free_windows(3);

lockstep::Task<> client(int number, Clock::time_point opening) {
  const auto window = co_await free_windows.async_scoped();
  co_await lockstep::sleep_for(100ms);
  const std::chrono::duration<double> passed = Clock::now() - opening;
  std::printf("client %d, service time: %.3f\n", number, passed.count());
}

lockstep::Task<> serve_all() {
  const auto opening = Clock::now();
  std::vector<lockstep::Task<>> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(client(i, opening));
  co_await lockstep::gather(std::move(clients));
}

int main() { lockstep::run(serve_all()); }
