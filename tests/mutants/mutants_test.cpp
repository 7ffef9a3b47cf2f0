// Every mutant of the library's headers is refused by the scenario that verdicts.txt names; or it says why
// nothing can. A mutant of which it knows nothing is a test that fails: ./run verify finds its scenario.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <string>

#include "list.hpp"
#include "lockstep/check.hpp"
#include "trial.hpp"
#include "verdicts.hpp"

namespace {

using mutants::Mutant;
using mutants::Verdict;
using mutants::Verdicts;

const Verdicts& verdicts() {
  static const Verdicts all = [] {
    std::ifstream in(LOCKSTEP_VERDICTS);
    return mutants::read_verdicts(in);
  }();
  return all;
}

/// With the mutant switched on the scenario fails. (Without: scenarios_test.)
class Refused : public testing::Test {
 public:
  Refused(const Mutant& mutant, const Verdict& verdict) : mutant_(mutant), verdict_(verdict) {}

 private:
  void TestBody() override {
    std::cout << mutant_.key() << '\n';
    const model::Program program = mutants::program_named(verdict_.scenario);
    const auto result = tried(mutant_.number, program);
    EXPECT_TRUE(mutants::refuses(result, program)) << result;
    std::cout << result << '\n';
  }

  /// A few executions show most of what is wrong, and whether it goes on and on.
  static lockstep::check::Result tried(std::size_t mutant, const model::Program& program) {
    const auto result = mutants::tried(mutant, program, {.walks = 500, .executions = 2'000});
    return mutants::refuses(result, program)
               ? result
               : mutants::tried(mutant, program, {.walks = 20'000, .executions = 1'000'000});
  }

  const Mutant& mutant_;
  const Verdict& verdict_;
};

TEST(Mutants, HaveAVerdictEach) {
  for (const Mutant& mutant : mutants::all_mutants()) {
    EXPECT_TRUE(verdicts().contains(mutant.key())) << mutant.key();
  }
}

TEST(Verdicts, AreOfMutantsThatThereAre) {
  for (const auto& [key, verdict] : verdicts()) {
    const auto& all = mutants::all_mutants();
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Mutant& mutant) {
      return mutant.key() == key;
    })) << key;
  }
}

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (const Mutant& mutant : mutants::all_mutants()) {
    const auto verdict = verdicts().find(mutant.key());
    if (verdict == verdicts().end() || verdict->second.is_equivalent()) continue;
    testing::RegisterTest(
        "Refuses", std::to_string(mutant.number).c_str(), nullptr, nullptr, __FILE__, __LINE__,
        [&mutant, verdict]() -> testing::Test* { return new Refused(mutant, verdict->second); });
  }
  return RUN_ALL_TESTS();
}
