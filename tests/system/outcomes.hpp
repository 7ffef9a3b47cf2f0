// tests/system/outcomes.hpp: exactly which outcomes the executions of a program have.
#pragma once

#include <map>
#include <set>
#include <string>

#include "explored.hpp"

namespace lockstep::check {

using Outcomes = std::set<std::string>;
using Counts = std::map<std::string, std::uint64_t>;

/// Nobody wakes for no reason: that is asked about where it matters, and multiplies what is to be counted.
inline Options without_spurious_wakes() {
  Options options;
  options.spurious_wakes = 0;
  return options;
}
inline const Options only_woken = without_spurious_wakes();

namespace detail {

inline testing::AssertionResult because(const Result& result) {
  testing::AssertionResult failure = testing::AssertionFailure();
  failure << result << "its outcomes:";
  for (const auto& [text, count] : result.outcomes) failure << "\n  " << text << ": " << count;
  return failure;
}

}  // namespace detail

/// It passes, and its complete executions have these outcomes, each of them and no other.
inline testing::AssertionResult comes_to(const Program& program, const Outcomes& expected,
                                         const Options& options = {}) {
  const Result result = explored(program, options);
  Outcomes found;
  for (const auto& outcome : result.outcomes) found.insert(outcome.first);
  return result.passed() && found == expected ? testing::AssertionSuccess()
                                              : detail::because(result);
}

/// And each in so many executions.
inline testing::AssertionResult counts(const Program& program, const Counts& expected,
                                       const Options& options = {}) {
  const Result result = explored(program, options);
  return result.passed() && result.outcomes == expected ? testing::AssertionSuccess()
                                                        : detail::because(result);
}

}  // namespace lockstep::check
