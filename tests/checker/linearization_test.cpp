// The search for a linearization, compared with all orders there are.
#include "checker/history/linearization.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "lockstep/linearizability.hpp"

namespace lockstep::check::history {
namespace {

/// A queue of few numbers, some of them equal.
struct Queue {
  std::deque<int> items;

  bool put(int item) {
    items.push_back(item);
    return items.size() <= 2;
  }
  bool take(int item) {
    if (items.empty() || items.front() != item) return false;
    items.pop_front();
    return true;
  }
  bool is_empty() const { return items.empty(); }
  bool operator==(const Queue&) const = default;
};

Queue& queue(AnyReference& any) { return static_cast<TypedReference<Queue>&>(any).it; }

Step random_step(std::mt19937& random) {
  const int item = static_cast<int>(random() % 2);
  switch (random() % 5) {
    case 0:
    case 1:
      return [item](AnyReference& any) { return queue(any).put(item); };
    case 2:
    case 3:
      return [item](AnyReference& any) { return queue(any).take(item); };
    default:
      return [](AnyReference& any) { return queue(any).is_empty(); };
  }
}

/// Operations of no, one or two steps; what is before what is any order at all.
std::vector<Operation> random_history(std::mt19937& random) {
  std::vector<Operation> operations(1 + random() % 5);
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const std::size_t steps = random() % 8 == 0 ? 0 : 1 + random() % 4 / 3;
    for (std::size_t step = 0; step < steps; ++step) {
      operations[i].steps.push_back(random_step(random));
    }
    std::vector<std::size_t>& after = operations[i].after;
    for (std::size_t before = 0; before < i; ++before) {
      if (random() % 4 != 0) continue;
      after.push_back(before);
      const auto& still = operations[before].after;
      after.insert(after.end(), still.begin(), still.end());
    }
  }
  std::reverse(operations.begin(), operations.end());  // the search tries them from the first on
  for (Operation& operation : operations) {
    for (std::size_t& before : operation.after) before = operations.size() - 1 - before;
  }
  return operations;
}

/// How many of these steps can be done one after another.
std::size_t length_of(const std::vector<std::size_t>& order,
                      const std::vector<Operation>& operations) {
  TypedReference<Queue> reference(std::in_place);
  std::vector<std::size_t> done(operations.size());
  for (std::size_t length = 0; length < order.size(); ++length) {
    const Operation& operation = operations[order[length]];
    for (const std::size_t before : operation.after) {
      if (done[before] < operations[before].steps.size()) return length;
    }
    if (!operation.steps[done[order[length]]++](reference)) return length;
  }
  return order.size();
}

/// Of the best order, by trying all.
std::size_t length_of_best(const std::vector<Operation>& operations) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    order.insert(order.end(), operations[i].steps.size(), i);
  }
  std::size_t best = 0;
  do {
    best = std::max(best, length_of(order, operations));
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

std::size_t steps_of(const std::vector<Operation>& operations) {
  std::size_t steps = 0;
  for (const Operation& operation : operations) steps += operation.steps.size();
  return steps;
}

TEST(Linearization, IsFoundExactlyIfOneOfAllOrdersIsOne) {
  std::mt19937 random(6);
  constexpr int histories = 20'000;
  int whole = 0;
  for (int i = 0; i < histories; ++i) {
    const std::vector<Operation> operations = random_history(random);
    const TypedReference<Queue> initial(std::in_place);
    const Linearization found = linearize(initial, operations);
    const std::size_t best = length_of_best(operations);
    ASSERT_EQ(found.is_whole, best == steps_of(operations)) << "history " << i;
    ASSERT_EQ(found.order.size(), best) << "history " << i;
    ASSERT_EQ(length_of(found.order, operations), best) << "history " << i;
    EXPECT_EQ(initial.it, Queue{});
    whole += found.is_whole ? 1 : 0;
  }
  EXPECT_GT(whole, histories / 10);
  EXPECT_LT(whole, histories - histories / 10);
}

TEST(Linearization, StopsWhereNothingThatIsLeftIsAllowed) {
  std::mt19937 random(7);
  int stuck_histories = 0;
  for (int i = 0; i < 2'000; ++i) {
    const std::vector<Operation> operations = random_history(random);
    const TypedReference<Queue> initial(std::in_place);
    const Linearization found = linearize(initial, operations);
    const Stuck stuck = stuck_after(found.order, initial, operations);
    ASSERT_EQ(stuck.refused.empty(), found.is_whole) << "history " << i;
    stuck_histories += found.is_whole ? 0 : 1;
    for (const std::size_t refused : stuck.refused) {
      std::vector<std::size_t> order = found.order;
      order.push_back(refused);
      ASSERT_EQ(length_of(order, operations), found.order.size()) << "history " << i;
    }
  }
  EXPECT_GT(stuck_histories, 100);
}

TEST(Linearization, OfNothingIsThere) {
  EXPECT_TRUE(linearize(TypedReference<Queue>(std::in_place), {}).is_whole);
}

// Each of n puts may come first, and all are looked at before it is known that nothing can be taken at
// the end: n! orders, or n * 2^n steps with what is known to be in vain.
TEST(Linearization, OfOperationsThatDoNotMindEachOthersOrderTakesNotAllOrders) {
  struct Counter {
    int count = 0;
    bool operator==(const Counter&) const = default;
  };
  constexpr std::size_t puts = 14;
  std::size_t tried = 0;
  const Step put = [&](AnyReference& any) {
    ++tried;
    ++static_cast<TypedReference<Counter>&>(any).it.count;
    return true;
  };
  std::vector<Operation> operations(puts, Operation{{put}, {}});
  operations.push_back({{[](AnyReference&) { return false; }}, {}});
  EXPECT_FALSE(linearize(TypedReference<Counter>(std::in_place), operations).is_whole);
  EXPECT_EQ(tried, puts << (puts - 1));
}

}  // namespace
}  // namespace lockstep::check::history
