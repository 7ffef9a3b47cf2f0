// tests/oracle/oracle_test.cpp: is the oracle right? It is asked in three ways, none of which is the axioms again:
//   Litmus/Classic    counts derived by hand (litmus.hpp)
//   SameAsTheMachine  on random programs, two machines that run instructions and know no axioms: sc and tso
//   Theorem           on random programs, what is proved about the models, and relates rc11 to the other two
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <set>
#include <string>

#include "enumerate.hpp"
#include "for_random_programs.hpp"
#include "litmus.hpp"
#include "operational.hpp"
#include "program_text.hpp"

namespace oracle {
namespace {

constexpr Model rc11_model = models[0], sc_model = models[1], tso_model = models[2];

std::uint64_t graphs(const Program& program, const Model& model) {
  return enumerate(program, model).graphs;
}

bool includes(const Enumeration& more, const Enumeration& fewer) {
  return fewer.graphs <= more.graphs && std::includes(more.outcomes.begin(), more.outcomes.end(),
                                                      fewer.outcomes.begin(), fewer.outcomes.end());
}

// --- Litmus --------------------------------------------------------------------------------------

class Classic : public ::testing::TestWithParam<Litmus> {};

TEST_P(Classic, HasAsManyGraphsAsTheArgumentSays) {
  const auto& [name, program, expected] = GetParam();
  EXPECT_EQ(graphs(program, rc11_model), expected.rc11) << to_string(program);
  EXPECT_EQ(graphs(program, sc_model), expected.sc) << to_string(program);
  EXPECT_EQ(graphs(program, tso_model), expected.tso) << to_string(program);
}

// GoogleTest takes letters, digits and underscores: Z6.U is Z6_U, 2+2W is 2_2W.
std::string identifier(const ::testing::TestParamInfo<Litmus>& test) {
  std::string result = test.param.name;
  const auto foreign = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; };
  std::replace_if(result.begin(), result.end(), foreign, '_');
  return result;
}

INSTANTIATE_TEST_SUITE_P(Litmus, Classic, ::testing::ValuesIn(all_litmus()), identifier);

TEST(LitmusOutcomes, OneOutcomeCanHaveSeveralGraphs) {
  const Program program = parse(
      "P0: r0 = x.load(relaxed); y.store(r0, relaxed)"
      "P1: r0 = y.load(relaxed); x.store(r0, relaxed)");
  EXPECT_EQ(enumerate(program, rc11_model).graphs, 3u);
  EXPECT_EQ(enumerate(program, rc11_model).outcomes, std::set<Outcome>{Outcome{}});
}

TEST(LitmusOutcomes, StoreBufferingReadsTwoZeroesUnlessItIsSequentiallyConsistent) {
  const Program program = parse(
      "P0: x.store(1, relaxed); r0 = y.load(relaxed)"
      "P1: y.store(1, relaxed); r0 = x.load(relaxed)");
  Outcome weak;
  weak.memory = {1, 1, 0};
  EXPECT_TRUE(enumerate(program, rc11_model).outcomes.contains(weak));
  EXPECT_TRUE(enumerate(program, tso_model).outcomes.contains(weak));
  EXPECT_FALSE(enumerate(program, sc_model).outcomes.contains(weak));
}

TEST(LitmusOutcomes, ASkippedLoadLeavesItsRegisterZero) {
  const Program program = parse(
      "P0: x.store(3, relaxed); r0 = x.load(relaxed); if (r0 == 3) skip 1; r1 = x.load(relaxed)");
  Outcome only;
  only.registers[0][0] = 3;
  only.memory[0] = 3;
  EXPECT_EQ(enumerate(program, rc11_model).outcomes, std::set<Outcome>{only});
}

// --- SameAsTheMachine ----------------------------------------------------------------------------

TEST(SameAsTheMachine, TheAxiomsOfScGiveWhatInterleavingGives) {
  for_random_programs(1, 2'000, [](const Program& program) {
    EXPECT_TRUE(enumerate(program, sc_model) == Machine(program, false).run());
  });
}

TEST(SameAsTheMachine, TheAxiomsOfTsoGiveWhatStoreBuffersGive) {
  for_random_programs(1, 2'000, [](const Program& program) {
    EXPECT_TRUE(enumerate(program, tso_model) == Machine(program, true).run());
  });
}

// --- Theorem -------------------------------------------------------------------------------------

TEST(Theorem, WhatScAllowsTsoAllowsAndWhatTsoAllowsRc11Allows) {
  for_random_programs(10'000, 1'500, [](const Program& program) {
    const Enumeration rc11 = enumerate(program, rc11_model), sc = enumerate(program, sc_model),
                      tso = enumerate(program, tso_model);
    EXPECT_TRUE(includes(tso, sc));
    EXPECT_TRUE(includes(rc11, tso));
  });
}

TEST(Theorem, WithSeqCstAccessesOnlyAllModelsAreSc) {
  for_random_programs(20'000, 1'500, [](Program program) {
    for (Thread& thread : program.threads) {
      for (Instruction& i : thread) i.order = i.failure = Order::seq_cst;
    }
    const Enumeration sc = enumerate(program, sc_model);
    EXPECT_TRUE(enumerate(program, rc11_model) == sc);
    EXPECT_TRUE(enumerate(program, tso_model) == sc);
  });
}

TEST(Theorem, WithSeqCstFencesBetweenAllAccessesAllModelsAreSc) {
  for_random_programs(30'000, 1'500, [](Program program) {
    for (Thread& thread : program.threads) {
      std::erase_if(thread, [](const Instruction& i) { return !is_access(i.op); });
      thread = fenced(thread, Order::seq_cst);
    }
    const Enumeration sc = enumerate(program, sc_model);
    EXPECT_TRUE(enumerate(program, rc11_model) == sc);
    EXPECT_TRUE(enumerate(program, tso_model) == sc);
  });
}

// Without synchronization hb is po, and rc11 is coherence of each location by itself.
bool coherent_only(const Graph& g) { return atomicity(g) && coherence_by_location(g); }

TEST(Theorem, WithRelaxedAccessesOnlyRc11IsCoherenceByLocation) {
  for_random_programs(40'000, 1'500, [](Program program) {
    for (Thread& thread : program.threads) {
      for (Instruction& i : thread) {
        i.order = i.op == Op::fence ? Order::acquire : Order::relaxed;
        i.failure = Order::relaxed;
      }
    }
    EXPECT_TRUE(enumerate(program, rc11_model) == enumerate(program, {"coherent", coherent_only}));
  });
}

TEST(Theorem, RenamingLocationsAndThreadsChangesNoCount) {
  for_random_programs(50'000, 1'500, [](const Program& program) {
    Program renamed = program;
    std::reverse(renamed.threads.begin(), renamed.threads.end());
    for (Thread& thread : renamed.threads) {
      for (Instruction& i : thread) i.location = max_locations - 1 - i.location;
    }
    for (const Model& model : models) EXPECT_EQ(graphs(renamed, model), graphs(program, model));
  });
}

}  // namespace
}  // namespace oracle
