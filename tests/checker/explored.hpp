// tests/checker/explored.hpp: how the tests ask for a verdict, and what they expect of it.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "lockstep/check.hpp"

namespace lockstep::check {

using Program = std::function<void()>;

inline Result explored(const Program& program, Options options = {}) {
  options.refuse_duplicates = options.replay.empty() && options.random_walks == 0;
  return explore(program, options);
}

/// Counts in all executions together: what is not instrumented, and on a heap from before, is not put back.
class Counter {
 public:
  __attribute__((no_sanitize("thread"), noinline)) void note() { ++*count_; }
  [[nodiscard]] std::size_t count() const { return *count_; }

 private:
  std::unique_ptr<std::size_t> count_ = std::make_unique<std::size_t>(0);
};

/// Only the execution that the token names.
inline Result replayed(const Program& program, const std::string& token, Options options = {}) {
  options.replay = token;
  return explored(program, options);
}

inline testing::AssertionResult passes(const Program& program, const Options& options = {}) {
  const Result result = explored(program, options);
  const bool is_counted = result.executions > 0;
  return (result.passed() && is_counted ? testing::AssertionSuccess() : testing::AssertionFailure())
         << result;
}

inline testing::AssertionResult lacks(std::string_view word, const Result& result) {
  return testing::AssertionFailure() << "the report does not say \"" << word << "\":\n" << result;
}

/// It is refused because it cannot be checked, in these words.
inline testing::AssertionResult is_refused(const Program& program,
                                           std::initializer_list<std::string> words) {
  const Result result = explored(program);
  if (result.verdict != Verdict::refused || result.wrong != Wrong::unsupported) {
    return testing::AssertionFailure() << "not refused: " << result;
  }
  for (const std::string& word : words) {
    if (result.report.find(word) == std::string::npos) return lacks(word, result);
  }
  return testing::AssertionSuccess() << result;
}

/// An execution is wrong in this way, its report has these words, and its token brings it back.
inline testing::AssertionResult fails(Wrong wrong, const Program& program,
                                      std::initializer_list<std::string> words,
                                      const Options& options = {}) {
  const Result result = explored(program, options);
  if (result.verdict != Verdict::failed || result.wrong != wrong) {
    return testing::AssertionFailure() << "not wrong in the expected way (but "
                                       << static_cast<int>(result.wrong) << "): " << result;
  }
  for (const std::string& word : words) {
    if (result.report.find(word) == std::string::npos) return lacks(word, result);
  }
  const Result again = replayed(program, result.token, options);
  if (again.wrong != wrong || again.executions != 0 || again.token != result.token) {
    return testing::AssertionFailure() << "found: " << result << "but replayed: " << again;
  }
  return testing::AssertionSuccess() << result;
}

/// Where a report says that something is: the last line before `before` that has this text.
inline std::string place_of(std::string_view text, const std::string& file, int before) {
  std::ifstream source(file);
  std::string line;
  int found = 0;
  for (int number = 1; number < before && std::getline(source, line); ++number) {
    const bool is_asked_here = line.find("LINE_OF") != std::string::npos;
    if (line.find(text) != std::string::npos && !is_asked_here) found = number;
  }
  return file.substr(file.rfind('/') + 1) + ':' + std::to_string(found);
}
#define LINE_OF(text) ::lockstep::check::place_of(text, __FILE__, __LINE__)

/// What it points at may be read and written where the compiler does not see it.
inline void escape(void* pointer) { asm volatile("" : : "r"(pointer) : "memory"); }

}  // namespace lockstep::check
