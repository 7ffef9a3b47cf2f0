// round_robin: several activities on one thread, each executed up to its next co_yield in turn.
//
// Prints, until nine numbers have been counted: a number in each round, a greeting in every third.
//   0
//   Hi from second generator
//   1
//   2
//   3
//   Hi from second generator
//   ...
#include <deque>
#include <iostream>
#include <lockstep/async/generator.hpp>
#include <utility>

/// Yields nothing of interest, only the turn.
struct Turn {};
using Activity = lockstep::Generator<Turn>;

Activity print_counter() {
  for (int counter = 0; counter < 9; ++counter) {
    std::cout << counter << '\n';
    co_yield Turn{};
  }
}

Activity print_hi() {
  for (int round = 0; round < 9; ++round) {
    if (round % 3 == 0) std::cout << "Hi from second generator\n";
    co_yield Turn{};
  }
}

int main() {
  std::deque<Activity> ready;
  ready.push_back(print_counter());
  ready.push_back(print_hi());
  while (!ready.empty()) {
    Activity activity = std::move(ready.front());
    ready.pop_front();
    if (activity.next()) ready.push_back(std::move(activity));
  }
}
