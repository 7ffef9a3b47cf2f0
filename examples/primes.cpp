// primes: an endless stream, of which only so much is computed as somebody looks at.
//
// Prints
//   2 3 5 7 11 13 17 19 23 29
//   the first above 1000: 1009
#include <algorithm>
#include <iostream>
#include <lockstep/async/generator.hpp>
#include <ranges>
#include <vector>

lockstep::Generator<int> primes() {
  std::vector<int> found;
  for (int number = 2;; ++number) {
    const auto divides_it = [number](int prime) { return number % prime == 0; };
    if (std::ranges::none_of(found, divides_it)) {
      found.push_back(number);
      co_yield number;
    }
  }
}

int main() {
  auto stream = primes();
  for (const char* separator = ""; const int prime : stream | std::views::take(10)) {
    std::cout << separator << prime;
    separator = " ";
  }
  for (const int prime : stream) {  // goes on where the other loop stopped
    if (prime < 1000) continue;
    std::cout << "\nthe first above 1000: " << prime << '\n';
    break;
  }
}
