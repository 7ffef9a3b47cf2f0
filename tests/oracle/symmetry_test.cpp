// tests/oracle/symmetry_test.cpp: does the search, of all executions that are permutations of identical threads,
// find one, and no more?
//
// The same random programs are given to the search and to brute force, as in search_test.cpp, but each has threads
// that are identical: the graphs of the search must be one of each orbit that brute force finds. What brute force does
// not know (loops, failures for no reason, parts) is compared with the search that is told of no identical threads.
// LOCKSTEP_ORACLE_PROGRAMS=20000 in the environment asks for more programs.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker/explore/search.hpp"
#include "each_model.hpp"
#include "litmus_run.hpp"
#include "orbits.hpp"
#include "program_text.hpp"
#include "random_spins.hpp"

namespace oracle {
namespace {

std::uint64_t number_of_programs() { return oracle::number_of_programs(4'000); }

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

/// As workers do, one after the other: now and then some of the search is given away, for later.
Found search_orbits_in_parts(const Symmetric& symmetric, const check::Model& model,
                             std::mt19937_64& random) {
  const std::vector<Permutation> permutations = permutations_of(symmetric.groups);
  check::Search search(model);
  std::vector<check::Search::Part> parts;
  Found found;
  for (bool is_more = true; is_more;) {
    LitmusRun(symmetric.program, search, {.like = symmetric.like}).run();
    found.orbits.insert(shape_of(search.graph(), symmetric.groups.size()).canonical(permutations));
    ++found.graphs;
    is_more = search.end_run();
    if (is_more && random() % 2 == 0) {
      if (auto part = search.give()) parts.push_back(std::move(*part));
    }
    while (!is_more && !parts.empty()) {
      is_more = search.take(parts.back());
      parts.pop_back();
    }
  }
  return found;
}

class EachModel : public testing::TestWithParam<EachCase> {
 protected:
  static void expect_one_of_each(const Symmetric& symmetric, const Found& found, const Found& all) {
    EXPECT_TRUE(found.orbits == all.orbits)
        << found.orbits.size() << " of " << all.orbits.size() << '\n'
        << to_string(symmetric.program);
    EXPECT_EQ(found.graphs, found.orbits.size()) << to_string(symmetric.program);
  }
};

TEST_P(EachModel, HasOneOfEachOrbitThatBruteForceFinds) {
  std::uint64_t found = 0, all = 0;
  for (std::uint64_t seed = 1; seed <= number_of_programs() && !HasFailure(); ++seed) {
    const Symmetric symmetric = random_symmetric(seed);
    const Found searched = search_orbits(symmetric, GetParam().checked, {.like = symmetric.like});
    const Found enumerated = enumerate_orbits(symmetric, GetParam().enumerated);
    expect_one_of_each(symmetric, searched, enumerated);
    found += searched.graphs;
    all += enumerated.graphs;
  }
  EXPECT_LT(3 * found, all);
}

TEST_P(EachModel, HasOneOfEachOrbitIfTheFirstThreadGoesOnWhenTheyHaveEnded) {
  for (std::uint64_t seed = 1; seed <= number_of_programs() / 8 && !HasFailure(); ++seed) {
    const Symmetric symmetric = random_symmetric(seed);
    const check::Model& model = GetParam().checked;
    const Found found =
        search_orbits(symmetric, model, {.is_joined = true, .like = symmetric.like});
    expect_one_of_each(symmetric, found, search_orbits(symmetric, model, {.is_joined = true}));
  }
}

TEST_P(EachModel, HasOneOfEachOrbitInWhichWeakCompareExchangesFail) {
  for (std::uint64_t seed = 1; seed <= number_of_programs() / 8 && !HasFailure(); ++seed) {
    const Symmetric symmetric = random_symmetric(seed);
    const check::Model& model = GetParam().checked;
    const Found found = search_orbits(symmetric, model, {.weak = true, .like = symmetric.like}, 1);
    expect_one_of_each(symmetric, found, search_orbits(symmetric, model, {.weak = true}, 1));
  }
}

TEST_P(EachModel, FindsInPartsWhatItFindsWhole) {
  std::mt19937_64 random(1);
  for (std::uint64_t seed = 1; seed <= number_of_programs() / 8 && !HasFailure(); ++seed) {
    const Symmetric symmetric = random_symmetric(seed);
    const check::Model& model = GetParam().checked;
    expect_one_of_each(symmetric, search_orbits_in_parts(symmetric, model, random),
                       search_orbits(symmetric, model, {.like = symmetric.like}));
  }
}

// Reads of writes that are older in co but come later: by co alone their threads would wait for each other.
TEST_P(EachModel, HasOneOfEachOrbitWhereWhoSeesLessDependsOnWhoSeesMore) {
  const std::string one = "r0 = x.load(relaxed); y.store(1, relaxed) ";
  const std::string other = "r0 = y.load(relaxed); x.store(1, relaxed) ";
  const std::string third = "x.store(2, relaxed) ";
  const auto is_one_of_each = [&](const std::string& text, const Groups& groups) {
    const Symmetric symmetric{parse(text), groups, like_of(groups)};
    expect_one_of_each(symmetric,
                       search_orbits(symmetric, GetParam().checked, {.like = symmetric.like}),
                       enumerate_orbits(symmetric, GetParam().enumerated));
  };
  is_one_of_each("P0: " + one + "P1: " + one + "P2: " + other + "P3: " + third, {0, 0, 1, 2});
  is_one_of_each("P0: " + third + "P1: " + other + "P2: " + one + "P3: " + one, {0, 1, 2, 2});
  is_one_of_each("P0: " + one + "P1: " + one + "P2: " + other + "P3: " + other, {0, 0, 1, 1});
  is_one_of_each("P0: " + one + "P1: " + other + "P2: " + one + "P3: " + one, {0, 1, 0, 0});
}

// --- Loops that wait -----------------------------------------------------------------------------

struct Loops {
  Orbits complete, livelocks;
  std::size_t of_complete = 0;  // graphs
};

Loops search_loops(const std::vector<spin::Thread>& threads, const check::Model& model,
                   const Groups& groups, const std::vector<std::size_t>& like) {
  const std::vector<Permutation> permutations = permutations_of(groups);
  check::Search search(model, 1);
  spin::Idle idle;
  Loops found;
  do {
    const spin::End end = spin::Run(threads, search, like, &idle).run();
    const Shape::Form form = shape_of(search.graph(), threads.size()).canonical(permutations);
    if (end == spin::End::complete) found.complete.insert(form);
    if (end == spin::End::livelock) found.livelocks.insert(form);
    found.of_complete += end == spin::End::complete ? 1 : 0;
  } while (search.end_run());
  return found;
}

TEST_P(EachModel, HasOneOfEachOrbitOfLoopsThatWait) {
  std::size_t fewer = 0;
  for (std::uint64_t seed = 1; seed <= number_of_programs() / 8 && !HasFailure(); ++seed) {
    std::vector<spin::Thread> threads = spin::random_threads(seed);
    Groups groups(threads.size(), 0);
    for (std::size_t t = 1; t < threads.size(); ++t) groups[t] = static_cast<int>(t);
    const std::size_t place = seed % (threads.size() + 1);  // of one more, identical to the first
    threads.insert(threads.begin() + static_cast<std::ptrdiff_t>(place), threads.front());
    groups.insert(groups.begin() + static_cast<std::ptrdiff_t>(place), 0);
    const Loops all = search_loops(threads, GetParam().checked, groups, {});
    const Loops found = search_loops(threads, GetParam().checked, groups, like_of(groups));
    EXPECT_TRUE(found.complete == all.complete) << seed;
    EXPECT_EQ(found.of_complete, found.complete.size()) << seed;
    EXPECT_EQ(found.livelocks.empty(), all.livelocks.empty()) << seed;
    fewer += found.of_complete < all.of_complete ? 1 : 0;
  }
  EXPECT_GT(4 * fewer, number_of_programs() / 8);
}

INSTANTIATE_TEST_SUITE_P(Symmetry, EachModel, testing::ValuesIn(each_model), name_of_model);

}  // namespace
}  // namespace oracle
