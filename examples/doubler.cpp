// doubler: five threads write to one stream; a Lock keeps what belongs together in one piece.
//
// Prints five lines, in any order, none of them mixed with another:
//   doubler 0: 0 2 4 6 8
//   ...
//   doubler 4: 0 2 4 6 8
#include <iostream>
#include <lockstep/lock.hpp>
#include <mutex>
#include <thread>
#include <vector>

lockstep::Lock output;

void doubler(int number) {
  const std::scoped_lock guard(output);
  std::cout << "doubler " << number << ':';
  for (int i = 0; i < 5; ++i) std::cout << ' ' << 2 * i;
  std::cout << '\n';
}

int main() {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 5; ++i) threads.emplace_back(doubler, i);
}  // a jthread waits for its thread when it is destroyed
