#include "mutant.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>

#include "switch.hpp"

namespace mutants {

namespace {

unsigned switched_on = 0;
std::array<bool, 4096> met{};
std::uint64_t questions_left = 0;
int status_then = 0;

}  // namespace

bool is(unsigned number) noexcept {
  met.at(number) = true;
  if (questions_left > 0 && --questions_left == 0) std::_Exit(status_then);
  return number == switched_on;
}

void switch_on(unsigned number) noexcept { switched_on = number; }

void exit_after(std::uint64_t questions, int status) noexcept {
  questions_left = questions;
  status_then = status;
}

std::vector<unsigned> take_met() {
  std::vector<unsigned> numbers;
  for (unsigned number = 0; number < met.size(); ++number) {
    if (met[number]) numbers.push_back(number);
  }
  met = {};
  return numbers;
}

}  // namespace mutants
