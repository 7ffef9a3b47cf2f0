// generator: a function that hands out values one at a time; and may be told something, and return
// something.
//
// Prints
//   loop: 42 43 44
//   next: 42 43 44, then the end, and: string
//   count to three: 1 2 3
//   next method: 1
//   next method: 3
#include <iostream>
#include <lockstep/async/generator.hpp>
#include <optional>
#include <string>

using lockstep::Generator;

Generator<int, void, std::string> numbers() {
  co_yield 42;
  co_yield 43;
  co_yield 44;
  co_return "string";
}

/// Goes on with what it is sent, or with the next number.
Generator<int, int> count_to(int last) {
  for (int number = 1; number <= last;) {
    const std::optional<int> sent = co_yield number;
    number = sent.value_or(number + 1);
  }
}

int main() {
  std::cout << "loop:";
  for (const int number : numbers()) std::cout << ' ' << number;

  auto generator = numbers();  // nothing has been executed yet
  std::cout << "\nnext: " << *generator.next() << ' ' << *generator.next() << ' '
            << *generator.send(std::nullopt);  // to send nothing is to ask for the next
  std::cout << (generator.next() ? " and more" : ", then the end");
  std::cout << ", and: " << generator.result() << '\n';

  std::cout << "count to three:";
  for (const int number : count_to(3)) std::cout << ' ' << number;
  std::cout << '\n';

  auto counter = count_to(3);
  std::cout << "next method: " << *counter.next() << '\n';
  counter.send(2);  // returns 2, which the loop in count_to yields
  std::cout << "next method: " << *counter.next() << '\n';
}
