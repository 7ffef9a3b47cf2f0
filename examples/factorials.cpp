// factorials: three calculations with pauses, interleaved on one thread, each in a loop of its own length.
//
// Prints at once
//   Task A: Compute factorial(2)...
//   Task B: Compute factorial(2)...
//   Task C: Compute factorial(2)...
// then, every 100 ms, what comes of that: first
//   Task A: factorial(2) = 2
//   Task B: Compute factorial(3)...
//   Task C: Compute factorial(3)...
// and so on until C has 24; and what gather gives:
//   2 6 24
#include <chrono>
#include <iostream>
#include <lockstep/async.hpp>

using namespace std::chrono_literals;

lockstep::Task<int> factorial(char name, int number) {
  int product = 1;
  for (int i = 2; i <= number; ++i) {
    std::cout << "Task " << name << ": Compute factorial(" << i << ")...\n";
    co_await lockstep::sleep_for(100ms);
    product *= i;
  }
  std::cout << "Task " << name << ": factorial(" << number << ") = " << product << '\n';
  co_return product;
}

lockstep::Task<> all() {
  const auto [a, b, c] =
      co_await lockstep::gather(factorial('A', 2), factorial('B', 3), factorial('C', 4));
  std::cout << a << ' ' << b << ' ' << c << '\n';
}

int main() { lockstep::run(all()); }
