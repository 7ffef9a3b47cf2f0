// The scenarios under our own checker: each explored until it is known that no execution of it is wrong, or
// as far as a test may take.
//
// What a test says that it has explored is printed: "all 786 executions (at most 1 spurious failure, …)"
// or "100,000 random walks".

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

#include "lockstep/check.hpp"
#include "programs.hpp"

namespace {

using lockstep::check::explore;
using lockstep::check::Options;
using lockstep::check::Result;
using model::Program;

/// In each thread one futex wait may end for no reason, two timed ones by their time, and one weak
/// compare-exchange fail for no reason; and what is left at the end is a leak.
Options whatever_may_happen() {
  Options options;
  options.spurious_wakes = 1;
  options.timeouts = 2;
  options.spurious_failures = 1;
  options.find_leaks = true;
  return options;
}

/// Only what has a reason, and one timeout.
Options only_what_has_a_reason() {
  Options options = whatever_may_happen();
  options.spurious_wakes = 0;
  options.timeouts = 1;
  options.spurious_failures = 0;
  return options;
}

/// How far to go with a scenario whose executions, with whatever may happen, are too many.
struct Bound {
  std::string_view program;
  bool all_with_a_reason;      // explore all executions in which nothing happens for no reason
  std::uint64_t random_walks;  // and so many of those in which whatever may does
};

constexpr std::array<Bound, 0> bounds{};

void expect_nothing_wrong(const Program& program, const Options& options) {
  const Result result = explore(program.run, options);
  EXPECT_TRUE(result.found_nothing()) << result;
  EXPECT_GT(result.executions, 0u) << result;
  EXPECT_TRUE(result.passed() || options.random_walks > 0) << result;
  std::cout << (options.random_walks == 0 ? "all executions: " : "random walks: ") << result << '\n';
}

class Explored : public testing::Test {
 public:
  explicit Explored(Program program) : program_(std::move(program)) {}

 private:
  void TestBody() override {
    const auto bound = std::find_if(bounds.begin(), bounds.end(), [&](const Bound& of) {
      return of.program == program_.name();
    });
    if (bound == bounds.end()) {
      expect_nothing_wrong(program_, whatever_may_happen());
      return;
    }
    if (bound->all_with_a_reason) expect_nothing_wrong(program_, only_what_has_a_reason());
    Options walks = whatever_may_happen();
    walks.random_walks = bound->random_walks;
    expect_nothing_wrong(program_, walks);
  }

  Program program_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (const Program& program : model::all_programs()) {
    testing::RegisterTest(program.primitive.c_str(), program.scenario.c_str(), nullptr, nullptr,
                          __FILE__, __LINE__,
                          [program]() -> testing::Test* { return new Explored(program); });
  }
  return RUN_ALL_TESTS();
}
