// delegation: a generator that hands out the values of another one as if they were its own.
//
// Prints
//   Using for loop: 1 2 3 4
//   0 SEC 0
//   ...
//   9 SEC 9
//   10 Prim
//   11 SEC 0
// and, where the inner one also returns something, after each two of its values
//   secondary-0:
//   secondary-1: prim
//   secondary-2: primprim
#include <iostream>
#include <lockstep/async/generator.hpp>
#include <string>

using lockstep::from;
using lockstep::Generator;

Generator<int> another_count() {
  for (int i = 1; i <= 4; ++i) co_yield i;
}

Generator<int> count() { co_yield from(another_count()); }

Generator<std::string> secondary() {
  for (int i = 0; i < 10; ++i) co_yield "SEC " + std::to_string(i);
}

Generator<std::string> primary() {
  for (;;) {
    co_yield from(secondary());
    co_yield "Prim";
  }
}

Generator<int, void, std::string> secondary(std::string name, int times) {
  co_yield 1;
  co_yield 2;
  std::string result;
  for (int i = 0; i < times; ++i) result += name;
  co_return result;
}

Generator<int> primary(std::string name) {
  for (int i = 0;; ++i) {
    const std::string result = co_yield from(secondary(name, i));
    std::cout << "secondary-" << i << ": " << result << '\n';
  }
}

int main() {
  std::cout << "Using for loop:";
  for (const int i : count()) std::cout << ' ' << i;
  std::cout << '\n';

  auto values = primary();
  for (int i = 0; i < 12; ++i) std::cout << i << ' ' << *values.next() << '\n';

  auto generator = primary("prim");
  for (int i = 0; i < 7; ++i) generator.next();
}
