// What each operator makes of a line, and the list that it gives.

#include "operators.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "planted.hpp"
#include "source.hpp"
#include "verdicts.hpp"

namespace {

using mutants::Mutant;
using mutants::Operation;

struct Made {
  std::string text;
  std::vector<Mutant> mutants;
  std::vector<Operation> operations;
};

/// Of a line within a function.
Made made_of(const std::string& line) {
  Made made;
  const mutants::Source source("void f() { " + line + " }");
  made.text = mutants::with_mutants("file.hpp", source, made.mutants, made.operations);
  made.text = made.text.substr(11, made.text.size() - 13);
  return made;
}

std::string changes(const Made& made) {
  std::string all;
  for (const Mutant& mutant : made.mutants) all += mutant.kind + ": " + mutant.change + "; ";
  return all;
}

TEST(Operators, WeakenAnOrderByOneStep) {
  const Made made = made_of("return word.load(std::memory_order_acquire);");
  EXPECT_EQ(made.text,
            "return word.load((::mutants::is(1) ? std::memory_order_relaxed : "
            "std::memory_order_acquire));");
  EXPECT_EQ(changes(made), "order: acquire -> relaxed; ");
  EXPECT_EQ(made.mutants[0].key(), "file.hpp: f: word.load(acquire): acquire -> relaxed");
}

TEST(Operators, WeakenAnOrderOnBothSides) {
  EXPECT_EQ(
      changes(made_of("int n = a.exchange(1, std::memory_order_acq_rel);")),
      "order: acq_rel -> release; order: acq_rel -> acquire; atomicity: a load and a store; ");
}

TEST(Operators, WeakenAFence) {
  EXPECT_EQ(changes(made_of("std::atomic_thread_fence(std::memory_order_seq_cst);")),
            "order: seq_cst -> acq_rel; omission: omitted; ");
}

TEST(Operators, LeaveARelaxedLoadAlone) {
  const std::string line = "return word.load(std::memory_order_relaxed);";
  const Made made = made_of(line);
  EXPECT_EQ(made.text, line);
  ASSERT_EQ(made.operations.size(), 1U);
  EXPECT_EQ(made.operations[0].order, "relaxed");
  EXPECT_TRUE(made.operations[0].mutants.empty());
}

TEST(Operators, TearAReadModifyWriteInTwo) {
  const Made made = made_of("return own(p->q[1].word.fetch_add(1, std::memory_order_relaxed));");
  EXPECT_EQ(
      made.text,
      "return own(::mutants::torn_if(::mutants::is(1), p->q[1].word, std::memory_order_relaxed, "
      "std::memory_order_relaxed).fetch_add(1, std::memory_order_relaxed));");
}

TEST(Operators, OmitAStore) {
  EXPECT_EQ(made_of("if (now) a.store(1, std::memory_order_relaxed);").text,
            "if (now) { if (!::mutants::is(1)) a.store(1, std::memory_order_relaxed); }");
}

TEST(Operators, OmitAWakeAndAllWakesButTheFirst) {
  EXPECT_EQ(made_of("os::futex_wake_one(address);").text,
            "{ if (!::mutants::is(1)) os::futex_wake_one(address); }");
  EXPECT_EQ(
      made_of("list.wake_all(Fate::retry);").text,
      "{ if (::mutants::is(1)) { if (!list.empty()) list.pop_front().wake(Fate::retry); } else if "
      "(!::mutants::is(2)) list.wake_all(Fate::retry); }");
}

TEST(Operators, LeaveTheExpressionOfARequirementAlone) {
  const std::string line = "if constexpr (requires { waiter.wake(fate); }) return;";
  EXPECT_EQ(made_of(line).text, line);
}

TEST(Operators, SleepWhateverTheWordIs) {
  EXPECT_EQ(
      made_of("os::futex_wait(word, f(1, 2), until);").text,
      "os::futex_wait(word, ::mutants::is(1) ? word.load(std::memory_order_relaxed) : f(1, 2), "
      "until);");
}

TEST(Operators, TakeAConditionOnAnAtomicForTrueAndForFalse) {
  EXPECT_EQ(
      made_of("if (a.load(std::memory_order_relaxed) == 1) return;").text,
      "if (::mutants::is(2) || (!::mutants::is(1) && (a.load(std::memory_order_relaxed) == 1))) "
      "return;");
}

TEST(Operators, LeaveALoopThatAsksAnAtomic) {
  EXPECT_EQ(made_of("for (int i = 0; !a.load(std::memory_order_relaxed); ++i) {}").text,
            "for (int i = 0; !::mutants::is(1) && (!a.load(std::memory_order_relaxed)); ++i) {}");
}

TEST(Operators, OverlookNoOrder) {
  const mutants::Source outside("std::memory_order order = std::memory_order_acquire;");
  Made made;
  EXPECT_THROW(mutants::with_mutants("file.hpp", outside, made.mutants, made.operations),
               std::invalid_argument);
  EXPECT_THROW(made_of("const auto order = std::memory_order_relaxed;"), std::invalid_argument);
}

TEST(Operators, NumberWhatAFunctionDoesTwice) {
  const Made made = made_of("list.wake(1); list.wake(1);");
  EXPECT_EQ(made.mutants[0].operation, "list.wake(1)");
  EXPECT_EQ(made.mutants[1].operation, "list.wake(1) #2");
}

std::vector<mutants::Planted> planted(const std::string& text) {
  std::istringstream in(text);
  return mutants::read_planted(in);
}

TEST(Planted, PutsItsPieceBehindTheQuestion) {
  std::vector<Mutant> all;
  EXPECT_EQ(
      mutants::with_planted("a.hpp", "void f() { go(); }",
                            planted("# why\na.hpp stays\n- go();\n+ if (!PLANTED) go();\n"), all),
      "void f() { if (!::mutants::is(1)) go(); }");
  EXPECT_EQ(all.at(0).key(), "a.hpp: f: stays");
}

TEST(Planted, RefusesAPieceThatIsNotThereOnce) {
  std::vector<Mutant> all;
  const auto bug = planted("a.hpp stays\n- go();\n+ stay();\n");
  EXPECT_THROW(mutants::with_planted("a.hpp", "come();", bug, all), std::invalid_argument);
  EXPECT_THROW(mutants::with_planted("a.hpp", "go(); go();", bug, all), std::invalid_argument);
}

TEST(Planted, RefusesALineOfNoKind) {
  EXPECT_THROW(planted("- go();\n"), std::invalid_argument);
  EXPECT_THROW(planted("a.hpp two words\n"), std::invalid_argument);
}

TEST(Verdicts, AreReadAsTheyWereWritten) {
  mutants::Verdicts verdicts;
  verdicts["a.hpp: f: x.load(acquire): acquire -> relaxed"] = {
      "Lock.Counts", "data race on 0x10", {}};
  verdicts["b.hpp: g: h"] = {
      {}, {}, std::string(60, 'a') + ' ' + std::string(60, 'b') + " and so on"};
  std::stringstream text;
  mutants::write_verdicts(text, verdicts);
  const mutants::Verdicts read = mutants::read_verdicts(text);
  ASSERT_EQ(read.size(), 2U);
  for (const auto& [key, verdict] : verdicts) {
    EXPECT_EQ(read.at(key).scenario, verdict.scenario);
    EXPECT_EQ(read.at(key).wrong, verdict.wrong);
    EXPECT_EQ(read.at(key).argument, verdict.argument);
  }
}

TEST(Verdicts, RefuseALineOfNoKind) {
  std::istringstream orphan("  Lock.Counts: data race\n");
  EXPECT_THROW(mutants::read_verdicts(orphan), std::invalid_argument);
  std::istringstream wordless("a.hpp: f: g\n  what?\n");
  EXPECT_THROW(mutants::read_verdicts(wordless), std::invalid_argument);
}

}  // namespace
