// tests/oracle/symmetry_test.cpp: does the search, of all executions that are permutations of identical threads,
// find one, and no more?
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "checker/explore/search.hpp"
#include "litmus_run.hpp"
#include "orbits.hpp"
#include "program_text.hpp"

namespace oracle {
namespace {

std::uint64_t number_of_programs() {
  const char* const wanted = std::getenv("LOCKSTEP_ORACLE_PROGRAMS");
  return wanted == nullptr ? 20'000 : std::stoull(wanted);
}
std::uint64_t first_program() {
  const char* const wanted = std::getenv("LOCKSTEP_ORACLE_FIRST");
  return wanted == nullptr ? 1 : std::stoull(wanted);
}

using Orbits = std::set<Shape::Form>;

struct Found {
  Orbits orbits;
  std::uint64_t graphs = 0;
};

Found enumerate_orbits(const Symmetric& symmetric, const Model& model) {
  const std::vector<Permutation> permutations = permutations_of(symmetric.groups);
  Found found;
  for_each_execution(symmetric.program, model, [&](const Execution& x) {
    found.orbits.insert(shape_of(x, symmetric.groups.size()).canonical(permutations));
    ++found.graphs;
  });
  return found;
}

Found search_orbits(const Symmetric& symmetric, const check::Model& model, const Manner& manner,
                    unsigned spurious_failures = 0) {
  const std::vector<Permutation> permutations = permutations_of(symmetric.groups);
  check::Search search(model, spurious_failures);
  Found found;
  do {
    LitmusRun(symmetric.program, search, manner).run();
    found.orbits.insert(shape_of(search.graph(), symmetric.groups.size()).canonical(permutations));
    ++found.graphs;
  } while (search.end_run());
  return found;
}

struct Case {
  const check::Model& searched;
  Model enumerated;
};
class EachModel : public testing::TestWithParam<Case> {};

TEST_P(EachModel, HasOneOfEachOrbitThatBruteForceFinds) {
  std::uint64_t orbits = 0, explored = 0, all = 0, repeating = 0;
  for (std::uint64_t seed = first_program(); seed < first_program() + number_of_programs();
       ++seed) {
    const Symmetric symmetric = random_symmetric(seed);
    SCOPED_TRACE(to_string(symmetric.program));
    const Found searched = search_orbits(symmetric, GetParam().searched, {.like = symmetric.like});
    const Found enumerated = enumerate_orbits(symmetric, GetParam().enumerated);
    EXPECT_EQ(searched.orbits.size(), enumerated.orbits.size());
    EXPECT_TRUE(searched.orbits == enumerated.orbits);
    orbits += enumerated.orbits.size();
    explored += searched.graphs;
    all += enumerated.graphs;
    repeating += searched.graphs != searched.orbits.size();
    if (HasFailure()) return;
  }
  std::printf("orbits %llu explored %llu all %llu; programs that repeat: %llu\n",
              (unsigned long long)orbits, (unsigned long long)explored, (unsigned long long)all,
              (unsigned long long)repeating);
}

INSTANTIATE_TEST_SUITE_P(Symmetry, EachModel,
                         testing::Values(Case{check::rc11(), models[0]},
                                         Case{check::sc(), models[1]},
                                         Case{check::tso(), models[2]}),
                         [](const auto& info) { return std::string(info.param.searched.name()); });

}  // namespace
}  // namespace oracle
