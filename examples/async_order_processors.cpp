// async_order_processors: the order processors of order_processors.cpp as coroutines, on one thread.
//
// Three tasks share a queue of ten orders and then one "stop" for each. An order takes 10 ms, during which its task
// holds the Condition's lock; so they come out in order. Whoever waits for the lock or for an order is
// suspended, and the thread does something else. Prints
//   task 0: order 0
//   task 1: order 1
//   ...
//   task 0: stop
//   task 1: stop
//   task 2: stop
// Which task gets which order is left to the Condition; each stops once.
#include <chrono>
#include <deque>
#include <iostream>
#include <lockstep/async.hpp>
#include <lockstep/condition.hpp>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

lockstep::Condition condition;
std::deque<std::string>
    orders;  // guarded by condition, as a task may be suspended while it has the lock

lockstep::Task<> process_orders(int task) {
  for (;;) {
    const auto guard = co_await condition.async_scoped();
    co_await condition.async_wait([] { return !orders.empty(); });
    const std::string order = std::move(orders.front());
    orders.pop_front();
    std::cout << "task " << task << ": " << order << '\n';
    if (order == "stop") co_return;
    co_await lockstep::sleep_for(10ms);
  }
}

lockstep::Task<> process_all() {
  std::vector<lockstep::Task<>> tasks;
  for (int i = 0; i < 3; ++i) tasks.push_back(lockstep::create_task(process_orders(i)));
  {
    const auto guard = co_await condition.async_scoped();
    for (int i = 0; i < 10; ++i) orders.push_back("order " + std::to_string(i));
    orders.insert(orders.end(), tasks.size(), "stop");
    condition.notify_all();
  }
  for (auto& task : tasks) co_await task;
}

int main() { lockstep::run(process_all()); }
