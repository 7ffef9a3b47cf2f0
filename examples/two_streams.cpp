// two_streams: two generators, one of them chosen at random at each step. Each goes on where it was.
//
// Prints such lines, those of A and those of B each in this order, whoever comes first:
//   SEC 1 from A
//   SEC 2 from A
//
//   SEC 1 from A
//   SEC 2 from A
//
//   ...
#include <array>
#include <iostream>
#include <lockstep/async/generator.hpp>
#include <random>
#include <string>

using Lines = lockstep::Generator<std::string>;

Lines secondary(std::string name) {
  co_yield "SEC 1 from " + name;
  co_yield "SEC 2 from " + name;
}

Lines primary(std::string name) {
  for (int i = 0;; ++i) {
    co_yield lockstep::from(secondary(name));
    co_yield name + "-" + std::to_string(i);
  }
}

int main() {
  std::array streams{primary("A"), primary("B")};
  std::minstd_rand random(2024);  // a seed, so that each run is the same
  for (int i = 0; i < 16; ++i) std::cout << *streams[random() % 2].next() << '\n';
}
