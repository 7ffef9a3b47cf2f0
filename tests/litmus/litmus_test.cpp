// tests/litmus/litmus_test.cpp: has each litmus test as many executions as it should, and the
// outcomes that it should?
//
// Each is explored under every model, its threads created in every order. The counts are known from
// two sources, the tables and the oracle's brute force, which are compared as well.
//
//   litmus_test --gtest_filter='Litmus.MP/*'
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "awaits.hpp"
#include "explored.hpp"
#include "particulars.hpp"
#include "shapes.hpp"
#include "updates.hpp"

namespace litmus {
namespace {

using lockstep::check::MemoryModel;

struct Model {
  MemoryModel explored;
  oracle::Model enumerated;
  std::uint64_t Counts::* expected;
};

constexpr Model models[]{{MemoryModel::rc11, oracle::models[0], &Counts::rc11},
                         {MemoryModel::sc, oracle::models[1], &Counts::sc},
                         {MemoryModel::tso, oracle::models[2], &Counts::tso}};

std::uint64_t sum(const Outcomes& outcomes) {
  return std::accumulate(outcomes.begin(), outcomes.end(), std::uint64_t{0},
                         [](std::uint64_t so_far, const auto& one) { return so_far + one.second; });
}

std::string to_text(const Order& order) {
  std::string text;
  for (const std::size_t thread : order) text += " P" + std::to_string(thread);
  return text;
}

class HasItsExecutions : public testing::Test {
 public:
  explicit HasItsExecutions(const Litmus& test) : test_(test) {}

  void TestBody() override {
    for (const Model& model : models) has_its_executions_under(model);
  }

 private:
  void has_its_executions_under(const Model& model) {
    const std::uint64_t expected = test_.expected.*model.expected;
    Outcomes outcomes;
    if (!test_.is_beyond_the_oracle()) {
      outcomes = enumerated(test_, model.enumerated);
      EXPECT_EQ(sum(outcomes), expected) << "of the oracle, under " << model.enumerated.name;
    }
    for (const Order& creation : orders()) {
      const auto result = explored(test_, model.explored, creation);
      EXPECT_TRUE(result.passed()) << result;
      EXPECT_EQ(result.executions, expected) << model.enumerated.name << to_text(creation);
      if (!test_.ended) {
        EXPECT_EQ(result.blocked, 0u);
      }
      if (!test_.is_beyond_the_oracle()) {
        EXPECT_EQ(result.outcomes, outcomes) << model.enumerated.name << to_text(creation);
      }
    }
  }

  /// The threads of those that are beyond the oracle are all the same.
  [[nodiscard]] std::vector<Order> orders() const {
    auto all = orders_of(test_.bodies.size());
    if (test_.is_beyond_the_oracle()) all.resize(1);
    return all;
  }

  Litmus test_;
};

/// In a filter of GoogleTest a minus excludes, so it is not in a name.
std::string to_name(std::string text) {
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

bool add_all(const std::vector<Litmus>& tests) {
  for (const Litmus& test : tests) {
    testing::RegisterTest("Litmus", to_name(test.name).c_str(), nullptr, nullptr, __FILE__,
                          __LINE__,
                          [test]() -> testing::Test* { return new HasItsExecutions(test); });
  }
  return true;
}

const bool added =
    add_all(shapes_in_all_styles()) && add_all(particulars) && add_all(updates) && add_all(awaits);

// --- Awaits that nothing ends --------------------------------------------------------------------

/// Does some execution end with a thread in a loop that nothing ends?
testing::AssertionResult waits_for_ever(const std::vector<Body>& bodies) {
  const auto result =
      explored({"", {}, bodies}, MemoryModel::rc11, orders_of(bodies.size()).front());
  const bool waits = result.wrong == lockstep::check::Wrong::livelock;
  return (waits ? testing::AssertionSuccess() : testing::AssertionFailure()) << result;
}

// clang-format off
TEST(LitmusThatNeverEnds, AnAwaitOfWhatNobodyWrites) {
  EXPECT_TRUE(waits_for_ever({
      [](P& p) { p.y.store(1, release); },
      [](P& p) { await<acquire>(p.x); }}));
}

TEST(LitmusThatNeverEnds, LoadBufferingWithAwaits) {
  EXPECT_TRUE(waits_for_ever({
      [](P& p) { await<acquire>(p.x); p.y.store(1, release); },
      [](P& p) { await<acquire>(p.y); p.x.store(1, release); }}));
}

TEST(LitmusThatNeverEnds, AnAwaitOfAValueThatMayBeOverwrittenBeforeItIsSeen) {
  EXPECT_TRUE(waits_for_ever({
      [](P& p) { p.x.store(2, relaxed); },
      [](P& p) { p.x.store(1, relaxed); },
      [](P& p) { await_two<relaxed>(p.x); }}));
}
// clang-format on

}  // namespace
}  // namespace litmus
