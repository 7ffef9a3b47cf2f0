// tests/oracle/search_test.cpp: does the checker's search find what brute force finds, and nothing twice?
//
// The same random programs are given to both. They must agree on the number of graphs and on the set of
// outcomes, under each model; and no two graphs of the search may be the same. The classic litmus tests
// must have the counts that are derived by hand, in whatever order their threads are taken.
// LOCKSTEP_ORACLE_PROGRAMS=1000000 in the environment asks for more programs than CI has time for.
#include "checker/explore/search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "enumerate.hpp"
#include "for_random_programs.hpp"
#include "litmus.hpp"
#include "litmus_run.hpp"
#include "program_text.hpp"

namespace oracle {
namespace {

std::uint64_t number_of_programs() {
  const char* const wanted = std::getenv("LOCKSTEP_ORACLE_PROGRAMS");
  return wanted == nullptr ? 20'000 : std::stoull(wanted);
}

struct Case {
  const lockstep::check::Model& searched;
  Model enumerated;
};

class EachModel : public testing::TestWithParam<Case> {};

TEST_P(EachModel, HasTheGraphsAndOutcomesThatBruteForceFindsEachOnce) {
  for_random_programs(1, number_of_programs(), [&](const Program& program) {
    const Searched searched = search(program, GetParam().searched);
    const Enumeration enumerated = enumerate(program, GetParam().enumerated);
    EXPECT_EQ(searched.all.graphs, enumerated.graphs);
    EXPECT_TRUE(searched.all.outcomes == enumerated.outcomes);
    EXPECT_EQ(searched.different_graphs, searched.all.graphs);
  });
}

class Classic : public testing::TestWithParam<Litmus> {};

TEST_P(Classic, HasAsManyGraphsAsTheArgumentSays) {
  const auto& [name, program, expected] = GetParam();
  EXPECT_EQ(search(program, check::rc11()).all.graphs, expected.rc11) << to_string(program);
  EXPECT_EQ(search(program, check::sc()).all.graphs, expected.sc) << to_string(program);
  EXPECT_EQ(search(program, check::tso()).all.graphs, expected.tso) << to_string(program);
}

TEST_P(Classic, HasAsManyInWhateverOrderItsThreadsAreTaken) {
  Program program = GetParam().program;
  for (std::size_t turn = 0; turn < program.threads.size(); ++turn) {
    std::rotate(program.threads.begin(), program.threads.begin() + 1, program.threads.end());
    EXPECT_EQ(search(program, check::rc11()).all.graphs, GetParam().expected.rc11);
    std::swap(program.threads.front(), program.threads.back());
    EXPECT_EQ(search(program, check::rc11()).all.graphs, GetParam().expected.rc11);
  }
}

// GoogleTest takes letters, digits and underscores: Z6.U is Z6_U, 2+2W is 2_2W.
std::string identifier(const testing::TestParamInfo<Litmus>& test) {
  std::string result = test.param.name;
  const auto foreign = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; };
  std::replace_if(result.begin(), result.end(), foreign, '_');
  return result;
}

INSTANTIATE_TEST_SUITE_P(SearchLitmus, Classic, testing::ValuesIn(all_litmus()), identifier);

INSTANTIATE_TEST_SUITE_P(Search, EachModel,
                         testing::Values(Case{check::rc11(), models[0]},
                                         Case{check::sc(), models[1]},
                                         Case{check::tso(), models[2]}),
                         [](const auto& info) { return std::string(info.param.searched.name()); });

}  // namespace
}  // namespace oracle
