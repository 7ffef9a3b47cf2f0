// tests/mutants/verdicts.hpp: what is known of each mutant: verdicts.txt.
#pragma once

#include <iosfwd>
#include <map>
#include <string>

namespace mutants {

/// A mutant is refused by a scenario, or else there is an argument why nothing can refuse it.
struct Verdict {
  std::string scenario;  // "Lock.TwoThreadsCountUnderTheLock"
  std::string wrong;     // what is wrong then: "data race on ..."
  std::string argument;

  [[nodiscard]] bool is_equivalent() const noexcept { return scenario.empty(); }
};

/// By Mutant::key().
using Verdicts = std::map<std::string, Verdict>;

/// A mutant's key; below it, indented, `scenario: what is wrong` or `equivalent: argument`, of which the latter may
/// take several lines. Throws std::invalid_argument if a line is none of these.
Verdicts read_verdicts(std::istream& in);

void write_verdicts(std::ostream& out, const Verdicts& verdicts);

}  // namespace mutants
