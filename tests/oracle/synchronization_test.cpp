// tests/oracle/synchronization_test.cpp: are the steps that a report draws of happens-before all of it, and no more?
#include "checker/report/synchronization.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "checker/explore/search.hpp"
#include "checker/model/relations.hpp"
#include "each_model.hpp"
#include "for_random_programs.hpp"
#include "litmus_run.hpp"

namespace oracle {
namespace {

using check::EventId;
using check::Relation;

Relation as_relation(const check::Graph& graph, const std::vector<check::Synchronized>& pairs) {
  return check::Relations(graph).where([&](EventId a, EventId b) {
    return std::any_of(pairs.begin(), pairs.end(),
                       [&](const auto& pair) { return pair.from == a && pair.to == b; });
  });
}

bool are_equal(const check::Graph& graph, const Relation& some, const Relation& others) {
  for (std::size_t a = 0; a < graph.size(); ++a) {
    for (std::size_t b = 0; b < graph.size(); ++b) {
      if (some.has(a, b) != others.has(a, b)) return false;
    }
  }
  return true;
}

class Synchronizations : public testing::TestWithParam<EachCase> {};

TEST_P(Synchronizations, AndProgramOrderComeToHappensBefore) {
  for_random_programs(1, 500, [&](const Program& program) {
    check::Search search(GetParam().checked, 1);
    do {
      static_cast<void>(LitmusRun(program, search).run());
      const check::Graph& graph = search.graph();
      const check::Relations r(graph);
      const Relation sw = as_relation(graph, synchronizations_of(graph));
      EXPECT_TRUE(are_equal(graph, plus(r.po() | sw), r.hb()));
    } while (search.end_run());
  });
}

TEST_P(Synchronizations, AreNoneThatFollowsFromOthers) {
  for_random_programs(1, 500, [&](const Program& program) {
    check::Search search(GetParam().checked, 1);
    do {
      static_cast<void>(LitmusRun(program, search).run());
      const check::Graph& graph = search.graph();
      const auto pairs = synchronizations_of(graph);
      for (const auto& pair : pairs) {
        for (const auto& other : pairs) {
          const bool is_same = pair.from == other.from;
          EXPECT_FALSE(!is_same && pair.to == other.to && graph[other.from].hb.contains(pair.from));
        }
      }
    } while (search.end_run());
  });
}

INSTANTIATE_TEST_SUITE_P(Of, Synchronizations, testing::ValuesIn(each_model), name_of_model);

}  // namespace
}  // namespace oracle
