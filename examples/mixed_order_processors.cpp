// mixed_order_processors: threads and coroutines process the orders of one queue, on one Condition.
//
// Whoever waits for the lock or for an order, waits in the same line: a thread sleeps, a coroutine is
// suspended. Two of each share a queue of twelve orders and one "stop" for each. An order takes 10 ms, during which
// its clerk holds the lock; so they come out in order:
//   thread 0: order 0
//   coroutine 1: order 1
//   ...
//   thread 1: stop
// Which clerk gets which order is left to chance; each stops once.
#include <chrono>
#include <deque>
#include <iostream>
#include <lockstep/async.hpp>
#include <lockstep/condition.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

lockstep::Condition condition;
std::deque<std::string> orders;  // guarded by condition

/// Takes the next order. Holding the condition; false: it is "stop".
bool take_order(const char* kind, int clerk) {
  const std::string order = std::move(orders.front());
  orders.pop_front();
  std::cout << kind << ' ' << clerk << ": " << order << '\n';
  return order != "stop";
}

void thread_clerk(int clerk) {
  for (bool goes_on = true; goes_on;) {
    const std::scoped_lock guard(condition);
    condition.wait([] { return !orders.empty(); });
    goes_on = take_order("thread", clerk);
    std::this_thread::sleep_for(10ms);
  }
}

lockstep::Task<> coroutine_clerk(int clerk) {
  for (bool goes_on = true; goes_on;) {
    const auto guard = co_await condition.async_scoped();
    co_await condition.async_wait([] { return !orders.empty(); });
    goes_on = take_order("coroutine", clerk);
    co_await lockstep::sleep_for(10ms);
  }
}

lockstep::Task<> coroutine_clerks() {
  co_await lockstep::gather(coroutine_clerk(0), coroutine_clerk(1));
}

int main() {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back(thread_clerk, i);
  threads.emplace_back([] { lockstep::run(coroutine_clerks()); });

  const std::scoped_lock guard(condition);
  for (int i = 0; i < 12; ++i) orders.push_back("order " + std::to_string(i));
  orders.insert(orders.end(), 4, "stop");
  condition.notify_all();
}  // lets go of the lock first, then waits for the threads
