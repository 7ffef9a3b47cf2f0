#include "mutant.hpp"

#include <array>

#include "switch.hpp"

namespace mutants {

namespace {

unsigned switched_on = 0;
std::array<bool, 4096> met{};

}  // namespace

bool is(unsigned number) noexcept {
  met[number % met.size()] = true;
  return number == switched_on;
}

void switch_on(unsigned number) noexcept { switched_on = number; }

std::vector<unsigned> take_met() {
  std::vector<unsigned> numbers;
  for (unsigned number = 0; number < met.size(); ++number) {
    if (met[number]) numbers.push_back(number);
  }
  met = {};
  return numbers;
}

}  // namespace mutants
