// tests/mutants/list.hpp: the mutants and operations that `mutate` found, for programs built with its copies.
#pragma once

#include <vector>

#include "operators.hpp"

namespace mutants {

[[nodiscard]] const std::vector<Mutant>& all_mutants();
[[nodiscard]] const std::vector<Operation>& all_operations();

}  // namespace mutants
