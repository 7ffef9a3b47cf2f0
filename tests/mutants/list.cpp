#include "list.hpp"

namespace mutants {

const std::vector<Mutant>& all_mutants() {
  static const std::vector<Mutant> all = {
#include "mutants.inc"
  };
  return all;
}

const std::vector<Operation>& all_operations() {
  static const std::vector<Operation> all = {
#include "operations.inc"
  };
  return all;
}

}  // namespace mutants
