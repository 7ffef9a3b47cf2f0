// tests/oracle/split_test.cpp: a search that is cut into parts finds what it finds whole, and its random
// descents tell how large it is.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "for_random_programs.hpp"
#include "litmus_run.hpp"

namespace oracle {
namespace {

class EachModel : public testing::TestWithParam<const check::Model*> {};

/// As workers do, one after the other: now and then some of the search is given away, for later.
Searched search_in_parts(const Program& program, const check::Model& model, Manner manner,
                         std::mt19937_64& random) {
  check::Search search(model, 1);
  std::vector<check::Search::Part> parts;
  Searched result;
  std::set<check::Fingerprint> seen;
  for (bool is_more = true; is_more;) {
    result.all.outcomes.insert(LitmusRun(program, search, manner).run());
    ++result.all.graphs;
    seen.insert(fingerprint_of(search.graph()));
    is_more = search.end_run();
    if (is_more && random() % 2 == 0) {
      if (auto part = search.give()) parts.push_back(std::move(*part));
    }
    while (!is_more && !parts.empty()) {
      const std::size_t next = random() % parts.size();
      std::swap(parts[next], parts.back());
      is_more = search.take(parts.back());
      parts.pop_back();
    }
  }
  result.different_graphs = seen.size();
  return result;
}

TEST_P(EachModel, FindsInPartsWhatItFindsWholeEachOnce) {
  std::mt19937_64 random(1);
  for_random_programs(1, 3'000, [&](const Program& program) {
    for (const Manner& manner : {Manner{}, Manner{.in_a_chain = true, .weak = true}}) {
      const Searched whole = search(program, *GetParam(), manner, 1);
      const Searched parts = search_in_parts(program, *GetParam(), manner, random);
      EXPECT_TRUE(parts.all == whole.all);
      EXPECT_EQ(parts.different_graphs, parts.all.graphs);
    }
  });
}

/// Locations and values are what they were.
const check::Search::Translation same{{0, 1, 2},
                                      [](check::Location, check::Value value) { return value; }};

/// As an exploration that is interrupted again and again: what is left is packed, and another search goes on with it.
Searched search_with_interruptions(const Program& program, const check::Model& model,
                                   const Manner& manner, std::mt19937_64& random) {
  std::vector<std::string> left;
  std::vector<std::uint32_t> numbers;
  Searched result;
  std::set<check::Fingerprint> seen;
  bool is_first = true;
  while (is_first || !left.empty()) {
    check::Search search(model, 1);
    search.thread_numbers().restore(numbers);
    bool is_more = true;
    if (!is_first) {
      is_more = search.take(check::Search::unpacked(left.back(), same, model.synchronization()));
      left.pop_back();
    }
    is_first = false;
    while (is_more && random() % 3 != 0) {
      result.all.outcomes.insert(LitmusRun(program, search, manner).run());
      ++result.all.graphs;
      seen.insert(fingerprint_of(search.graph()));
      is_more = search.end_run();
    }
    numbers = search.thread_numbers().owners();
    if (!is_more) continue;
    for (const auto& part : search.rest(true)) left.push_back(check::Search::packed(part));
  }
  result.different_graphs = seen.size();
  return result;
}

TEST_P(EachModel, FindsWithInterruptionsWhatItFindsWithoutEachOnce) {
  std::mt19937_64 random(1);
  for_random_programs(1, 1'000, [&](const Program& program) {
    std::vector<std::size_t> like(program.threads.size(), 0);
    for (std::size_t t = 1; t < like.size(); ++t) {
      for (std::size_t elder = 0; elder < t; ++elder) {
        if (program.threads[elder] == program.threads[t]) like[t] = elder + 1;
      }
    }
    for (const Manner& manner : {Manner{}, Manner{.in_a_chain = true, .weak = true},
                                 Manner{.is_joined = true, .like = like}}) {
      const Searched whole = search(program, *GetParam(), manner, 1);
      const Searched parts = search_with_interruptions(program, *GetParam(), manner, random);
      EXPECT_TRUE(parts.all == whole.all);
      EXPECT_EQ(parts.different_graphs, parts.all.graphs);
    }
  });
}

TEST(Parts, ThatAreDamagedAreRefused) {
  const check::Search::Translation none{{}, {}};
  const auto unpack = [](std::string_view bytes, const check::Search::Translation& translation) {
    static_cast<void>(check::Search::unpacked(bytes, translation, check::rc11().synchronization()));
  };
  for_random_programs(1, 20, [&](const Program& program) {
    check::Search search(check::rc11());
    LitmusRun(program, search).run();
    const std::string packed = check::Search::packed(search.rest(true).front());
    EXPECT_NO_THROW(unpack(packed, same));
    EXPECT_THROW(unpack(packed, none), std::out_of_range);
    EXPECT_THROW(unpack(packed + '\0', same), std::invalid_argument);
    for (std::size_t size = 0; size < packed.size(); ++size) {
      EXPECT_THROW(unpack(packed.substr(0, size), same), std::invalid_argument) << size;
    }
  });
}

TEST(Parts, AreNotThereWhenOneRunIsLeft) {
  check::Search search(check::rc11());
  EXPECT_FALSE(search.give().has_value());
}

/// How many graphs one random descent into a part makes of it.
double descent(const Program& program, const check::Model& model, const check::Search::Part& part,
               std::mt19937_64& random, double branches) {
  check::Search search(model);
  if (!search.take(part)) return 0;
  do {
    LitmusRun(program, search).run();
  } while (search.descend(random, branches));
  return branches;
}

/// Eight times the standard error of the mean, so that chance is no excuse.
template <class Probe>
void expect_mean(double expected, Probe probe) {
  constexpr int probes = 5'000;
  double sum = 0, squares = 0;
  for (int i = 0; i < probes; ++i) {
    const double one = probe();
    sum += one;
    squares += one * one;
  }
  const double mean = sum / probes;
  const double error = std::sqrt(std::max(0.0, squares / probes - mean * mean) / probes);
  EXPECT_NEAR(mean, expected, 8 * error + 1e-6 * expected);
}

TEST_P(EachModel, DescendsSoThatTheMeanIsTheNumberOfGraphsThatAreLeft) {
  std::mt19937_64 random(1);
  for_random_programs(1, 20, [&](const Program& program) {
    auto left = static_cast<double>(search(program, *GetParam()).all.graphs);
    check::Search search(*GetParam());
    do {
      const bool is_power_of_2 =
          (static_cast<unsigned>(left) & (static_cast<unsigned>(left) - 1)) == 0;
      if (is_power_of_2) {
        expect_mean(left, [&] {
          double branches = 1;
          const auto part = search.pick(random, branches);
          return descent(program, *GetParam(), part, random, branches);
        });
      }
      LitmusRun(program, search).run();
      --left;
    } while (search.end_run());
    EXPECT_EQ(left, 0);
  });
}

TEST_P(EachModel, DescendsIntoPartsSoThatTheMeanIsTheNumberOfTheirGraphs) {
  std::mt19937_64 random(1);
  for_random_programs(1, 20, [&](const Program& program) {
    check::Search whole(*GetParam());
    LitmusRun(program, whole).run();
    if (!whole.end_run()) return;
    const auto part = whole.give();
    if (!part) return;
    double graphs = 0;
    check::Search search(*GetParam());
    for (bool is_more = search.take(*part); is_more; is_more = search.end_run()) {
      LitmusRun(program, search).run();
      ++graphs;
    }
    expect_mean(graphs, [&] {
      double branches = 1;
      const auto picked = check::Search::pick_of(*part, random, branches);
      return descent(program, *GetParam(), picked, random, branches);
    });
  });
}

INSTANTIATE_TEST_SUITE_P(Split, EachModel,
                         testing::Values(&check::rc11(), &check::sc(), &check::tso()),
                         [](const auto& info) { return std::string(info.param->name()); });

}  // namespace
}  // namespace oracle
