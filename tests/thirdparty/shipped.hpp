// tests/thirdparty/shipped.hpp: how the tests of other people's headers are written, and how they ask for a verdict.
//
// Each exploration prints the line of which README.md has a table: how far it went, executions, seconds, verdict.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>

#include "lockstep/check.hpp"

namespace shipped {

using lockstep::check::MemoryModel;
using lockstep::check::Options;
using lockstep::check::require;
using lockstep::check::Result;
using lockstep::check::Verdict;
using lockstep::check::Wrong;
using Program = std::function<void()>;

/// Runs each in a thread of its own, until all have ended.
template <class... Bodies>
void in_threads(const Bodies&... bodies) {
  std::array<std::thread, sizeof...(Bodies)> threads{std::thread(bodies)...};
  for (std::thread& thread : threads) thread.join();
}

/// The usual: to the end, under rc11. Waits end only when somebody wakes them, and weak compare-exchanges fail only for a
/// reason: what these headers do then is to go round their loop once more.
inline Options to_the_end() {
  Options options;
  options.spurious_wakes = 0;
  options.spurious_failures = 0;
  return options;
}

inline Options under(MemoryModel model) {
  Options options = to_the_end();
  options.model = model;
  return options;
}

/// Executions chosen at random, where there are too many for all of them.
inline Options at_random(std::uint64_t walks) {
  Options options = to_the_end();
  options.random_walks = walks;
  return options;
}

/// Every execution in which each thread has at most so many events, and of the longer ones the beginning.
inline Options up_to_events(std::size_t events) {
  Options options = to_the_end();
  options.max_events = events;
  return options;
}

inline Result explored(const Program& program, const Options& options) {
  const Result result = lockstep::check::explore(program, options);
  constexpr std::string_view names[] = {"rc11", "sc", "tso"};
  constexpr std::string_view verdicts[] = {"passed", "bounded", "FAILED", "refused"};
  std::cout << "  " << names[static_cast<int>(result.model)] << ": ";
  if (options.random_walks != 0) std::cout << options.random_walks << " random walks, ";
  std::cout << "executions " << result.executions << ", blocked " << result.blocked;
  if (result.cut != 0) std::cout << ", cut " << result.cut;
  const double seconds = static_cast<double>(result.time.count()) / 1e6;
  std::cout << ", " << seconds << " s: " << verdicts[static_cast<int>(result.verdict)] << std::endl;
  return result;
}

/// Every execution was explored, and is right.
inline testing::AssertionResult passes(const Program& program,
                                       const Options& options = to_the_end()) {
  const Result result = explored(program, options);
  const bool is_counted = result.executions > 0;
  return (result.passed() && is_counted ? testing::AssertionSuccess() : testing::AssertionFailure())
         << result;
}

/// Not every execution was explored, but those that were are right.
inline testing::AssertionResult finds_nothing(const Program& program, const Options& options) {
  const Result result = explored(program, options);
  const bool is_as_said = result.verdict == Verdict::bounded && result.executions > 0;
  return (is_as_said ? testing::AssertionSuccess() : testing::AssertionFailure()) << result;
}

/// An execution is wrong in this way, and its report has these words.
inline testing::AssertionResult fails(Wrong wrong, const Program& program,
                                      std::initializer_list<std::string> words,
                                      const Options& options = to_the_end()) {
  const Result result = explored(program, options);
  bool is_as_said = result.verdict == Verdict::failed && result.wrong == wrong;
  for (const std::string& word : words) {
    is_as_said = is_as_said && result.report.find(word) != std::string::npos;
  }
  return (is_as_said ? testing::AssertionSuccess() : testing::AssertionFailure()) << result;
}

}  // namespace shipped
