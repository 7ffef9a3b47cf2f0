// numbers_and_time: two activities that would go on for ever, each at its own pace, on one thread.
//
// A second is 100 ms here. Prints a number each second, the time every third; so the lines are
//   1
//   0 seconds have passed
//   2
//   3
//   4
//   3 seconds have passed
//   5
//   ...
// What is due at the same time comes in any order. Both count from one start, so they never drift apart. The
// program ends with the eighth number: `run` cancels the tasks that are left.
#include <chrono>
#include <iostream>
#include <lockstep/async.hpp>

using namespace std::chrono_literals;
using Time = std::chrono::steady_clock::time_point;

constexpr auto second = 100ms;

lockstep::Task<> print_numbers(Time start, int last) {
  for (int number = 1; number <= last; ++number) {
    co_await lockstep::sleep_until(start + (number - 1) * second);
    std::cout << number << '\n';
  }
}

lockstep::Task<> print_time(Time start) {
  for (int passed = 0;; passed += 3) {
    co_await lockstep::sleep_until(start + passed * second);
    std::cout << passed << " seconds have passed\n";
  }
}

lockstep::Task<> both() {
  const Time start = lockstep::EventLoop::time();
  const auto clock = lockstep::create_task(print_time(start));
  co_await print_numbers(start, 8);
}

int main() { lockstep::run(both()); }
