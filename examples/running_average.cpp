// running_average: a generator as a partner: each number that is sent is answered by the average of
// all so far.
//
// Prints
//   before it has started: Generator::send: cannot send a value to a generator that has not started
//   started: 0.0
//   sent 10: 10.0
//   sent 15: 12.5
//   sent 20: 15.0
//   closed: it has ended
#include <iomanip>
#include <iostream>
#include <lockstep/async/generator.hpp>
#include <lockstep/error.hpp>

lockstep::Generator<double, double> averager() {
  double sum = 0;
  double average = 0;
  for (int count = 1;; ++count) {
    sum += (co_yield average).value_or(0);
    average = sum / count;
  }
}

int main() {
  std::cout << std::fixed << std::setprecision(1);
  auto average = averager();
  try {
    average.send(10);
  } catch (const lockstep::Error& error) {
    std::cout << "before it has started: " << error.what() << '\n';
  }
  std::cout << "started: " << *average.next() << '\n';
  for (const int number : {10, 15, 20}) {
    std::cout << "sent " << number << ": " << *average.send(number) << '\n';
  }
  average.close();
  std::cout << "closed: " << (average.send(25) ? "it goes on" : "it has ended") << '\n';
}
