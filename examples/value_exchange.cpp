// value_exchange: what is sent to a generator reaches the one that it delegates to; the result comes
// back.
//
// Prints for the numbers 2 3 4 5
//   got 7 from computer
//   got 21 from computer
//   the end: 128
#include <iostream>
#include <lockstep/async/generator.hpp>
#include <string>

using lockstep::Generator;

/// Asks for two numbers.
Generator<std::string, int, int> value_computer() {
  const int x = (co_yield "x").value();
  const int y = (co_yield "y").value();
  co_return x* x + y;
}

/// Knows nothing of the numbers, only of the results.
Generator<std::string, int, int> value_provider() {
  int sum = 100;
  for (int i = 0; i < 2; ++i) {
    const int result = co_yield lockstep::from(value_computer());
    std::cout << "got " << result << " from computer\n";
    sum += result;
  }
  co_return sum;
}

int main() {
  auto provider = value_provider();
  provider.next();  // up to the first question
  for (const int number : {2, 3, 4, 5}) provider.send(number);
  std::cout << "the end: " << provider.result() << '\n';
}
