#include "freeing_stack.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>

#include "scenario.hpp"

namespace structures {
namespace {

/// How often each value came out.
class Popped {
 public:
  template <class Owned>
  bool note(const Owned& node) {
    if (node != nullptr) ++times_[static_cast<std::size_t>(node->value)];
    return node != nullptr;
  }
  [[nodiscard]] int times(std::size_t value) const { return times_[value]; }

 private:
  std::array<int, 5> times_{};
};

/// 2 on 1. One thread looks, says so, and takes. Only then another pops and frees, and pushes 3 and 4.
template <class Stack>
void a_node_comes_back_between_look_and_take() {
  Stack stack;
  stack.push(1);
  stack.push(2);
  std::atomic<bool> has_looked{false};
  bool are_pushed = false;
  typename Stack::Owned here;
  Popped popped;
  in_threads(
      [&] {
        const auto looked = stack.look();
        has_looked.store(true, release);
        here = stack.take(looked);
      },
      [&] {
        if (!has_looked.load(acquire)) return;
        popped.note(stack.take(stack.look()));
        stack.push(3);
        stack.push(4);
        are_pushed = true;
      });
  popped.note(here);
  while (popped.note(stack.take(stack.look()))) {
  }
  require(popped.times(1) == 1 && popped.times(2) == 1);
  require(popped.times(3) == (are_pushed ? 1 : 0) && popped.times(4) == popped.times(3));
}

lockstep::check::Result explored(const Program& program, bool reuses_memory,
                                 MemoryModel model = MemoryModel::rc11) {
  lockstep::check::Options options;
  options.model = model;
  options.reuse_memory = reuses_memory;
  options.find_leaks = true;
  options.refuse_duplicates = true;
  return lockstep::check::explore(program, options);
}

using Tagged = FreeingStack<1>;
using Untagged = FreeingStack<0>;

TEST(FreeingStack, WithATagIsNotConfusedByANodeThatComesBack) {
  const auto with = explored(a_node_comes_back_between_look_and_take<Tagged>, true);
  const auto without = explored(a_node_comes_back_between_look_and_take<Tagged>, false);
  EXPECT_TRUE(with.passed()) << with;
  EXPECT_GT(with.executions, without.executions) << "no node comes back";
}

// ABA. T1 looks: 2, above 1.  T2 pops and frees 2, pushes 3, and 4 where 2 was.  T1 finds the same address
// on top, and puts 1 there: 3 is lost.
TEST(FreeingStack, MustKnowANodeThatCameBack) {
  for (const MemoryModel model : {MemoryModel::rc11, MemoryModel::sc, MemoryModel::tso}) {
    const auto result = explored(a_node_comes_back_between_look_and_take<Untagged>, true, model);
    EXPECT_EQ(result.wrong, Wrong::requirement) << result;
  }
}

TEST(FreeingStack, IsFoundWrongOnlyIfMemoryComesBack) {
  const auto result = explored(a_node_comes_back_between_look_and_take<Untagged>, false);
  EXPECT_TRUE(result.passed()) << result;
}

/// Nobody says that it has looked.
template <class Stack>
void two_pop_and_free() {
  Stack stack;
  stack.push(1);
  const auto pop = [&] { (void)stack.take(stack.look()); };
  in_threads(pop, pop);
}

TEST(FreeingStack, MustNotFreeWhatAnotherLooksAt) {
  EXPECT_TRUE(frees_too_early(two_pop_and_free<Tagged>));
  const auto result = explored(two_pop_and_free<Tagged>, true);
  EXPECT_TRUE(result.wrong == Wrong::use_after_free || result.wrong == Wrong::data_race) << result;
}

}  // namespace
}  // namespace structures
