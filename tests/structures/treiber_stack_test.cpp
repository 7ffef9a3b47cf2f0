#include "treiber_stack.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>

#include "scenario.hpp"

namespace structures {
namespace {

/// Counts how often each node comes out.
template <class Stack>
struct Popped {
  std::array<int, Stack::none> times{};

  void take(std::uint32_t node) {
    if (node != Stack::none) ++times[node];
  }
  void take_all(Stack& stack) {
    for (std::uint32_t node = stack.pop(); node != Stack::none; node = stack.pop()) take(node);
  }
};

template <class Stack>
void two_push() {
  Stack stack;
  in_threads([&] { stack.push(0); }, [&] { stack.push(1); });
  Popped<Stack> popped;
  popped.take_all(stack);
  require(popped.times[0] == 1 && popped.times[1] == 1);
}

/// Node 0 is there; one thread pushes node 1 while another pops either.
template <class Orders>
void one_pushes_and_one_pops() {
  using Stack = TreiberStack<Orders>;
  Stack stack;
  stack.push(0);
  std::uint32_t got = Stack::none;
  in_threads(
      [&] {
        stack.value(1) = 10;
        stack.push(1);
      },
      [&] {
        got = stack.pop();
        require(stack.value(got) == (got == 1 ? 10 : 0));
      });
  Popped<Stack> popped;
  popped.take(got);
  popped.take_all(stack);
  require(popped.times[0] == 1 && popped.times[1] == 1);
}

/// Node 1 is pushed by one, popped from above node 0 by another, which leaves 0 on top, to be
/// popped by a third.
template <class Orders>
void one_pushes_and_two_pop() {
  using Stack = TreiberStack<Orders>;
  Stack stack;
  std::array<std::uint32_t, 2> got{Stack::none, Stack::none};
  in_threads(
      [&] {
        stack.value(0) = 10;
        stack.push(0);
        stack.value(1) = 11;
        stack.push(1);
      },
      [&] { got[0] = stack.pop(); }, [&] { got[1] = stack.pop(); });
  Popped<Stack> popped;
  for (const std::uint32_t node : got) {
    popped.take(node);
    if (node != Stack::none) require(stack.value(node) == 10 + static_cast<int>(node));
  }
  popped.take_all(stack);
  require(popped.times[0] == 1 && popped.times[1] == 1);
}

/// Node 0 on 1. One thread pops; another pops both, and pushes 0 again.
template <class Orders>
void one_pops_while_a_node_comes_back() {
  using Stack = TreiberStack<Orders>;
  Stack stack;
  stack.push(1);
  stack.push(0);
  Popped<Stack> here, there;
  in_threads([&] { here.take(stack.pop()); },
             [&] {
               const std::uint32_t first = stack.pop();
               there.take(stack.pop());
               stack.push(first);
             });
  here.take_all(stack);
  require(here.times[0] + there.times[0] == 1 && here.times[1] + there.times[1] == 1);
}

TEST(TreiberStack, LosesNothingOfTwoPushes) {
  EXPECT_TRUE(passes(two_push<TreiberStack<TreiberOrders>>));
}

TEST(TreiberStack, GivesWhatWasPushed) {
  EXPECT_TRUE(passes(one_pushes_and_one_pops<TreiberOrders>));
}

TEST(TreiberStack, GivesEachNodeToOneOfTwo) {
  EXPECT_TRUE(passes(one_pushes_and_two_pop<TreiberOrders>));
}

TEST(TreiberStack, IsNotConfusedByANodeThatComesBack) {
  EXPECT_TRUE(passes(one_pops_while_a_node_comes_back<TreiberOrders>));
}

struct PopRelaxed : TreiberOrders {
  static constexpr auto pop = relaxed;
};

// A pop of node 1 puts node 0 back on top, and orders nothing. But it is a read-modify-write: it
// continues the release sequences of the pushes, from which another pop acquires when it looks.
TEST(TreiberStack, PopNeedsNoOrderOfItsOwn) {
  EXPECT_TRUE(passes(one_pushes_and_one_pops<PopRelaxed>));
  EXPECT_TRUE(passes(one_pushes_and_two_pop<PopRelaxed>));
}

struct PushRelaxed : TreiberOrders {
  static constexpr auto push = relaxed;
};

// The pop sees node 1, but its value is not ordered before.
TEST(TreiberStack, PushMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, one_pushes_and_one_pops<PushRelaxed>));
}

struct LookRelaxed : TreiberOrders {
  static constexpr auto look = relaxed;
};

// The pop sees node 1, and then its successor as it was before the push: none. It acquires only
// when it replaces the head, too late: node 0 is lost.
TEST(TreiberStack, LookMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::requirement, one_pushes_and_one_pops<LookRelaxed>));
}

struct LookAgainRelaxed : TreiberOrders {
  static constexpr auto look_again = relaxed;
};

// The pop looks at node 0, fails because node 1 is on top, and goes on with 1, whose successor it
// sees as above.
TEST(TreiberStack, LookAgainMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::requirement, one_pushes_and_one_pops<LookAgainRelaxed>));
}

class LooksThenPushes {
 public:
  static constexpr std::uint32_t none = 3;

  void push(std::uint32_t node) {
    next_[node].store(top_.load(acquire), relaxed);
    top_.store(node, release);
  }
  std::uint32_t pop() {
    const std::uint32_t seen = top_.load(acquire);
    if (seen != none) top_.store(next_[seen].load(relaxed), release);
    return seen;
  }

 private:
  std::array<std::atomic<std::uint32_t>, none> next_{};
  std::atomic<std::uint32_t> top_{none};
};

// Both look before either pushes: one of the nodes is lost.
TEST(TreiberStack, MustLookAndPushAtOnce) {
  EXPECT_TRUE(is_refused(Wrong::requirement, two_push<LooksThenPushes>));
  EXPECT_TRUE(is_refused(Wrong::requirement, two_push<LooksThenPushes>, MemoryModel::sc));
}

struct Untagged : TreiberOrders {
  static constexpr std::uint32_t tag_step = 0;
};

// ABA. T1 looks: 0, above 1.  T2 pops 0, pops 1, pushes 0.  T1 finds 0 on top, and puts 1 there,
// which T2 has.
TEST(TreiberStack, MustKnowANodeThatCameBack) {
  EXPECT_TRUE(is_refused(Wrong::requirement, one_pops_while_a_node_comes_back<Untagged>));
  EXPECT_TRUE(
      is_refused(Wrong::requirement, one_pops_while_a_node_comes_back<Untagged>, MemoryModel::sc));
}

}  // namespace
}  // namespace structures
