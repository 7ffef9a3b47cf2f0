// tests/oracle/model_test.cpp: do the models decide as their axioms say?
//
// Each graph that a search asks about, allowed or not, is put to both. The programs have more
// threads, events and fences than brute force could deal with.
#include "checker/model/model.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "checker/model/axioms.hpp"
#include "for_random_programs.hpp"
#include "litmus_run.hpp"

namespace oracle {
namespace {

struct Case {
  const check::Model& model;
  bool (*axiom)(const check::Graph&);
};

/// Decides as the model, and compares.
class Compared final : public check::Model {
 public:
  explicit Compared(const Case& compared) : compared_(compared) {}
  const char* name() const noexcept override { return compared_.model.name(); }
  check::Synchronization synchronization() const noexcept override {
    return compared_.model.synchronization();
  }
  bool may_refuse(const check::Graph& graph) const override {
    return compared_.model.may_refuse(graph);
  }
  bool allows(const check::Graph& graph) const override {
    const bool allowed = compared_.model.allows(graph);
    EXPECT_EQ(allowed, compared_.axiom(graph));
    ++(allowed ? allowed_ : forbidden_);
    return allowed;
  }
  [[nodiscard]] std::uint64_t allowed() const { return allowed_; }
  [[nodiscard]] std::uint64_t forbidden() const { return forbidden_; }

 private:
  const Case& compared_;
  mutable std::uint64_t allowed_ = 0, forbidden_ = 0;
};

class EachModel : public testing::TestWithParam<Case> {};

/// Joined and in a chain, so that creation and joins are in the middle of things.
void compare(const Program& program, const Compared& model, int runs) {
  for (const Manner& manner : {Manner{}, Manner{.in_a_chain = true, .is_joined = true}}) {
    check::Search search(model);
    for (int left = runs; left > 0; --left) {
      LitmusRun(program, search, manner).run();
      if (::testing::Test::HasFailure() || !search.end_run()) break;
    }
  }
}

TEST_P(EachModel, DecidesAsItsAxiomsSay) {
  const Compared model(GetParam());
  for_random_programs(1, 2'000, [&](const Program& program) { compare(program, model, 100); });
  EXPECT_GT(model.allowed(), 1'000U);
  EXPECT_GT(model.forbidden(), 100U);
}

/// The same with orders, and seq_cst fences, that make synchronization and the SC axiom meet more often.
Program strengthened(Program program, std::uint64_t seed) {
  Dice dice(seed);
  Instruction fence;
  fence.op = Op::fence;
  fence.order = Order::seq_cst;
  for (Thread& thread : program.threads) {
    Thread stronger;
    for (Instruction i : thread) {
      const bool is_sc = dice.chance(50);
      if (i.op == Op::load) i.order = is_sc ? Order::seq_cst : Order::acquire;
      if (i.op == Op::store) i.order = is_sc ? Order::seq_cst : Order::release;
      if (read_modify_writes(i.op)) i.order = is_sc ? Order::seq_cst : Order::acq_rel;
      stronger.push_back(i);
      if (dice.chance(25)) stronger.push_back(fence);
    }
    thread = stronger;
  }
  return program;
}

TEST_P(EachModel, DecidesAsItsAxiomsSayOfStrongerPrograms) {
  const Compared model(GetParam());
  std::uint64_t seed = 0;
  for_random_programs(
      1, 4'000, [&](const Program& program) { compare(strengthened(program, ++seed), model, 30); });
}

TEST_P(EachModel, DecidesAsItsAxiomsSayOfLargerPrograms) {
  const Compared model(GetParam());
  std::uint64_t seed = 0;
  for_random_programs(1, 400, [&](const Program& first) {
    Program program = random_program(1'000'000 + seed);
    for (std::size_t t = 0; t < program.threads.size(); ++t) {
      const Thread& more = first.threads[t % first.threads.size()];
      program.threads[t].insert(program.threads[t].end(), more.begin(), more.end());
    }
    compare(strengthened(program, ++seed), model, 40);
  });
}

// What random programs hardly ever need: an SC access before an SC fence of another thread, because
// of something between them in its thread; or only because of who sees it.
TEST(Rc11, OrdersAnAccessBeforeAFenceThatItHappensBefore) {
  for (const char* const text : {"P0: x.store(1, seq_cst); z.store(1, release)"
                                 "P1: r0 = z.load(acquire); fence(seq_cst); r1 = y.load(relaxed)"
                                 "P2: y.store(1, seq_cst); r0 = x.load(seq_cst)",
                                 "P0: x.store(1, seq_cst)"
                                 "P1: r0 = x.load(acquire); fence(seq_cst); r1 = y.load(relaxed)"
                                 "P2: y.store(1, seq_cst); r0 = x.load(seq_cst)"}) {
    const Program program = parse(text);
    EXPECT_EQ(search(program, check::rc11()).all.graphs, 7U);  // of 2 x 2 x 2: not 1, 0, 0
    EXPECT_EQ(enumerate(program, models[0]).graphs, 7U);
  }
}

INSTANTIATE_TEST_SUITE_P(Model, EachModel,
                         testing::Values(Case{check::rc11(), check::axioms::rc11},
                                         Case{check::sc(), check::axioms::sc},
                                         Case{check::tso(), check::axioms::tso}),
                         [](const auto& info) { return std::string(info.param.model.name()); });

}  // namespace
}  // namespace oracle
