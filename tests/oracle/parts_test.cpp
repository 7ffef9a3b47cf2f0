// tests/oracle/parts_test.cpp: what the oracle is made of: relations, the text of programs, random programs.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>

#include "axioms.hpp"
#include "enumerate.hpp"
#include "for_random_programs.hpp"
#include "program_text.hpp"
#include "random.hpp"
#include "relation.hpp"

namespace oracle {
namespace {

// --- Relation ------------------------------------------------------------------------------------

TEST(Relation, CompositionGoesFromTheLeftOperandToTheRight) {
  Relation a, b, expected;
  a.add(1, 2);
  b.add(2, 31);
  expected.add(1, 31);
  EXPECT_EQ(seq(a, b), expected);
  EXPECT_TRUE(empty(seq(b, a)));
}

TEST(Relation, TheClosureHasEveryPathAndNothingElse) {
  Relation chain, expected;
  for (int e = 0; e + 1 < max_events; ++e) chain.add(e, e + 1);
  for (int e = 0; e < max_events; ++e) expected.rows[e] = ~(all_events >> (max_events - 1 - e));
  EXPECT_EQ(plus(chain), expected);
  EXPECT_TRUE(acyclic(chain));
  chain.add(31, 0);
  EXPECT_FALSE(acyclic(chain));
}

TEST(Relation, TheConverseOfTheConverseIsTheRelation) {
  const Relation a = cross(0x0f0fu, 0xff00u);
  EXPECT_EQ(inverse(inverse(a)), a);
  EXPECT_EQ(inverse(a), cross(0xff00u, 0x0f0fu));
}

// --- Text ----------------------------------------------------------------------------------------

TEST(Text, WhatIsPrintedParsesToTheSameProgram) {
  for_random_programs(
      1, 2'000, [](const Program& program) { EXPECT_EQ(parse(to_string(program)), program); });
}

TEST(Text, EveryInstructionIsPrintedAsItIsWritten) {
  const std::string text =
      "litmus all\n"
      "P0: x.store(1, relaxed); r0 = y.load(seq_cst); y.store(r0, release); fence(acquire)\n"
      "P1: r0 = x.fetch_add(-1, acq_rel); r7 = z.exchange(r0 + 2, consume); fence(acq_rel)\n"
      "P2: r0 = x.cas(0, 1, release, acquire); if (r0 == -1) skip 1; y.store(r0 + 1, release)\n";
  EXPECT_EQ(to_string(parse(text)), text);
}

TEST(Text, BlanksLinesAndCommentsDoNotMatter) {
  EXPECT_EQ(
      parse(" # a comment\nP0:x.store( 1,relaxed ) ;fence (seq_cst)\n\n#P9\nP1 :\nfence(seq_cst)"),
      parse("P0: x.store(1, relaxed); fence(seq_cst) P1: fence(seq_cst)"));
}

constexpr const char* not_programs[] = {
    "",                                               // no thread
    "litmus MP",                                      //
    "P1: fence(seq_cst)",                             // no P0 before it
    "P0:",                                            // no instruction
    "P0: x.store(1, relaxed) y",                      // something left over
    "P0: r0 = w.load(relaxed)",                       // no such location
    "P0: r8 = x.load(relaxed)",                       // no such register
    "P0: x.load(relaxed)",                            // the value is lost
    "P0: r0 = x.store(1, relaxed)",                   // there is no value
    "P0: r0 = x.load(relaxed); if (r0 == 0) skip 1",  // nothing to skip
    "P0: fence(relaxed)",                             // orders that the operation cannot have
    "P0: x.store(1, acquire)",                        //
    "P0: r0 = x.load(release)",                       //
    "P0: r0 = x.cas(0, 1, relaxed, acq_rel)",         //
};

class Refused : public ::testing::TestWithParam<const char*> {};

TEST_P(Refused, IsNoProgram) { EXPECT_THROW(parse(GetParam()), std::invalid_argument); }

INSTANTIATE_TEST_SUITE_P(Text, Refused, ::testing::ValuesIn(not_programs));

// --- Random --------------------------------------------------------------------------------------

TEST(Random, ASeedIsAProgram) {
  EXPECT_EQ(to_string(random_program(7)), to_string(random_program(7)));
  EXPECT_NE(to_string(random_program(7)), to_string(random_program(8)));
}

TEST(Random, EveryProgramIsLegalAndWithinTheLimits) {
  for_random_programs(1, 2'000, [](const Program& program) {
    EXPECT_GE(program.threads.size(), 2u);
    EXPECT_LE(program.threads.size(), std::size_t{max_threads});
    for (const Thread& thread : program.threads) {
      EXPECT_TRUE(std::all_of(thread.begin(), thread.end(), legal));
    }
  });
}

// An axiom that no random program needs would not be checked by comparing on random programs.
bool without_atomicity(const Graph& g) {
  const Relation hb = happens_before(g), eco = extended_coherence(g);
  return coherence(hb, eco) && seq_cst(g, hb, eco);
}

bool without_coherence(const Graph& g) {
  return atomicity(g) && seq_cst(g, happens_before(g), extended_coherence(g));
}

bool without_sc(const Graph& g) {
  return atomicity(g) && coherence(happens_before(g), extended_coherence(g));
}

bool without_fences(const Graph& g) {
  Graph unfenced = g;
  unfenced.acquires &= ~g.fences;
  unfenced.releases &= ~g.fences;
  unfenced.sc &= ~g.fences;
  return rc11(unfenced);
}

bool without_psc_fences(const Graph& g) {
  const Relation hb = happens_before(g), eco = extended_coherence(g);
  return atomicity(g) && coherence(hb, eco) && acyclic(psc_base(g, hb));
}

TEST(Random, EveryAxiomMattersToSomeProgram) {
  for (auto* consistent :
       {without_atomicity, without_coherence, without_sc, without_fences, without_psc_fences}) {
    int matters = 0;
    for_random_programs(1, 1'500, [&](const Program& program) {
      matters +=
          enumerate(program, models[0]) != enumerate(program, {"weakened", consistent}) ? 1 : 0;
    });
    EXPECT_GT(matters, 0);
  }
}

}  // namespace
}  // namespace oracle
