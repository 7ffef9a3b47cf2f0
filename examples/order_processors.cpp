// order_processors: a Condition lets threads sleep until there is something in a queue.
//
// Three threads share a queue of ten orders and then one "stop" for each thread. An order takes
// 10 ms, during which its thread holds the lock; so they come out in order, in 100 ms. Prints
//   thread 0: order 0
//   thread 2: order 1
//   ...
//   thread 1: order 9
//   thread 0: stop
//   thread 2: stop
//   thread 1: stop
// Which thread gets which order is left to chance; each thread stops once.
#include <chrono>
#include <deque>
#include <iostream>
#include <lockstep/condition.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

lockstep::Condition condition;
std::deque<std::string> orders;  // guarded by condition

void process_orders(int thread) {
  for (;;) {
    const std::scoped_lock guard(condition);  // the Condition brings its lock along
    condition.wait([] { return !orders.empty(); });
    const std::string order = std::move(orders.front());
    orders.pop_front();
    std::cout << "thread " << thread << ": " << order << '\n';
    if (order == "stop") return;
    std::this_thread::sleep_for(10ms);
  }
}

int main() {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back(process_orders, i);

  const std::scoped_lock guard(condition);
  for (int i = 0; i < 10; ++i) orders.push_back("order " + std::to_string(i));
  orders.insert(orders.end(), threads.size(), "stop");
  condition.notify_all();
}  // lets go of the lock first, then waits for the threads
