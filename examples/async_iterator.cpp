// async_iterator: a generator that waits between its values; whoever asks for one is suspended meanwhile, and
// other tasks run.
//
// The generator would yield for ever. A loop leaves it after the first value, another one goes on with it until
// it has seen enough. Prints
//   123
//   124 125 126
#include <chrono>
#include <iostream>
#include <lockstep/async.hpp>

using namespace std::chrono_literals;

lockstep::AsyncGenerator<int> numbers_from(int first) {
  for (int number = first;; ++number) {
    co_await lockstep::sleep_for(20ms);
    co_yield number;
  }
}

lockstep::Task<> iterate() {
  auto numbers = numbers_from(123);
  while (auto number = co_await numbers.next()) {
    std::cout << *number << '\n';
    break;
  }
  co_await lockstep::for_each(numbers, [](int number) {
    const bool goes_on = number < 126;
    std::cout << number << (goes_on ? ' ' : '\n');
    return goes_on;
  });
}

int main() { lockstep::run(iterate()); }
