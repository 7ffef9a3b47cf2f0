// The scenarios under our own checker: each explored until it is known that no execution of it is wrong, or
// as far as a test may take (bounds.hpp).
//
// Each prints what was explored: "no error in any execution" or "within these bounds (random walks)",
// with what each thread may have met, and the number of executions.

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "bounds.hpp"
#include "lockstep/check.hpp"
#include "programs.hpp"

namespace {

using model::Program;

class Explored : public testing::Test {
 public:
  explicit Explored(Program program) : program_(std::move(program)) {}

 private:
  void TestBody() override {
    for (const model::Exploration& exploration : model::in_a_test(program_)) {
      const bool at_random = exploration.options.random_walks > 0;
      const auto result = lockstep::check::explore(program_.run, exploration.options);
      EXPECT_TRUE(at_random ? result.found_nothing() : result.passed()) << result;
      EXPECT_GT(result.executions, 0u) << result;
      std::cout << result;
    }
  }

  Program program_;
};

// Else it would be explored in whole, for hours.
TEST(Bounds, AreOfScenariosThatThereAre) {
  const auto programs = model::all_programs();
  for (const model::Bounds& each : model::bounds()) {
    EXPECT_TRUE(std::any_of(programs.begin(), programs.end(), [&](const Program& program) {
      return program.name() == each.program;
    })) << each.program;
  }
}

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
