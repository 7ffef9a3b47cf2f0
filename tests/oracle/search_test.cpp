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
#include <string>
#include <utility>
#include <vector>

#include "each_model.hpp"
#include "enumerate.hpp"
#include "for_random_programs.hpp"
#include "litmus.hpp"
#include "litmus_run.hpp"
#include "program_text.hpp"

namespace oracle {
namespace {

std::uint64_t number_of_programs() { return oracle::number_of_programs(20'000); }

bool has(const Program& program, Op op) {
  return std::any_of(program.threads.begin(), program.threads.end(), [&](const Thread& thread) {
    return std::any_of(thread.begin(), thread.end(), [&](const auto& i) { return i.op == op; });
  });
}

/// What the instruction read, in a program without conditionals: each instruction has its events.
int value_read(const Program& program, const Execution& x, int thread, std::size_t instruction) {
  const Thread& instructions = program.threads[static_cast<std::size_t>(thread)];
  std::size_t at = 0;
  while (x.events[at].thread != thread) ++at;
  for (std::size_t i = 0; i < instruction; ++i) {
    ++at;
    if (at < x.events.size() && x.events[at].second_half && x.events[at].thread == thread) ++at;
  }
  return instructions.empty() ? 0 : x.events[at].value;
}

class EachModel : public testing::TestWithParam<EachCase> {};

TEST_P(EachModel, HasTheGraphsAndOutcomesThatBruteForceFindsEachOnce) {
  for_random_programs(1, number_of_programs(), [&](const Program& program) {
    const Searched searched = search(program, GetParam().checked);
    const Enumeration enumerated = enumerate(program, GetParam().enumerated);
    EXPECT_EQ(searched.all.graphs, enumerated.graphs);
    EXPECT_TRUE(searched.all.outcomes == enumerated.outcomes);
    EXPECT_EQ(searched.different_graphs, searched.all.graphs);
  });
}

// Nor does it matter who creates the threads, and what is done when they have been joined.
TEST_P(EachModel, HasAsManyGraphsHoweverItsThreadsAreCreatedAndJoined) {
  for_random_programs(1, number_of_programs() / 10, [&](const Program& program) {
    const Searched plain = search(program, GetParam().checked);
    for (const Manner& manner : {Manner{.in_a_chain = true}, Manner{.is_joined = true},
                                 Manner{.in_a_chain = true, .is_joined = true}}) {
      const Searched same = search(program, GetParam().checked, manner);
      EXPECT_TRUE(same.all == plain.all);
      EXPECT_EQ(same.different_graphs, plain.all.graphs);
    }
  });
}

/// Brute force for weak compare-exchanges, of which each thread may fail one: a graph in which some
/// fail is one of a program that expects something impossible there and yet sees what it expected.
std::uint64_t graphs_with_one_failure_a_thread(const Program& program, const Model& model) {
  struct Cas {
    std::size_t thread, index;
  };
  constexpr int impossible = 1'000'000;
  std::uint64_t graphs = 0;
  std::vector<std::vector<Cas>> choices{{}};  // which fail
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    const std::size_t without = choices.size();
    for (std::size_t i = 0; i < program.threads[t].size(); ++i) {
      if (program.threads[t][i].op != Op::cas) continue;
      for (std::size_t c = 0; c < without; ++c) {
        choices.push_back(choices[c]);
        choices.back().push_back({t, i});
      }
    }
  }
  for (const auto& failing : choices) {
    Program changed = program;
    for (const auto& [t, i] : failing) changed.threads[t][i].expected = impossible;
    for_each_execution(changed, model, [&](const Execution& x) {
      graphs += std::all_of(failing.begin(), failing.end(), [&](const Cas& cas) {
        return value_read(changed, x, static_cast<int>(cas.thread), cas.index) ==
               program.threads[cas.thread][cas.index].expected;
      });
    });
  }
  return graphs;
}

TEST_P(EachModel, HasTheGraphsInWhichWeakCompareExchangesFailEachOnce) {
  for_random_programs(1, number_of_programs() / 4, [&](const Program& program) {
    if (!has(program, Op::cas) || has(program, Op::skip_if)) return;
    const Searched searched = search(program, GetParam().checked, {.weak = true}, 1);
    EXPECT_EQ(searched.all.graphs,
              graphs_with_one_failure_a_thread(program, GetParam().enumerated));
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

INSTANTIATE_TEST_SUITE_P(Search, EachModel, testing::ValuesIn(each_model), name_of_model);

}  // namespace
}  // namespace oracle
