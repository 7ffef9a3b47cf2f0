#include "mpmc_ring.hpp"

#include <gtest/gtest.h>

#include "scenario.hpp"

namespace structures {
namespace {

template <class Orders>
void two_push() {
  MpmcRing<Orders> ring;
  in_threads([&] { require(ring.push(1) == 1); }, [&] { require(ring.push(2) == 1); });
  const int first = ring.pop(), second = ring.pop();
  require(first + second == 3 && first * second == 2 && ring.pop() == 0);
}

template <class Orders>
void one_pushes_and_one_pops() {
  MpmcRing<Orders> ring;
  int got = 0;
  in_threads([&] { require(ring.push(1) == 1); }, [&] { got = ring.pop(); });
  require((got == 1) != (ring.pop() == 1));
}

template <class Orders>
void two_pop() {
  MpmcRing<Orders> ring;
  ring.push(1);
  ring.push(2);
  int here = 0, there = 0;
  in_threads([&] { here = ring.pop(); }, [&] { there = ring.pop(); });
  require(here + there == 3 && here * there == 2);
}

/// It is full: the push must wait for the pop, and then uses the same cell.
template <class Orders>
void one_pops_for_one_to_push() {
  MpmcRing<Orders> ring;
  ring.push(1);
  ring.push(2);
  in_threads([&] { require(ring.pop() == 1); },
             [&] { until_not_zero([&] { return ring.push(3); }); });
  require(ring.pop() == 2);
  require(ring.pop() == 3);
}

void two_push_and_one_pops() {
  MpmcRing<> ring;
  int sum = 0;
  in_threads([&] { require(ring.push(1) == 1); }, [&] { require(ring.push(2) == 1); },
             [&] { sum += ring.pop(); });
  sum += ring.pop();
  sum += ring.pop();
  require(sum == 3);
}

TEST(MpmcRing, LosesNothingOfTwoPushes) { EXPECT_TRUE(passes(two_push<MpmcOrders>)); }
TEST(MpmcRing, GivesWhatWasPushed) { EXPECT_TRUE(passes(one_pushes_and_one_pops<MpmcOrders>)); }
TEST(MpmcRing, GivesEachToOneOfTwo) { EXPECT_TRUE(passes(two_pop<MpmcOrders>)); }
TEST(MpmcRing, UsesACellAgain) { EXPECT_TRUE(passes(one_pops_for_one_to_push<MpmcOrders>)); }
TEST(MpmcRing, LosesNothingWhileOnePops) { EXPECT_TRUE(passes(two_push_and_one_pops)); }

struct FillRelaxed : MpmcOrders {
  static constexpr auto fill = relaxed;
};

// The pop sees that the cell is full, and reads a value that nothing has ordered before.
TEST(MpmcRing, FillMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, one_pushes_and_one_pops<FillRelaxed>));
}

struct LookForFullRelaxed : MpmcOrders {
  static constexpr auto look_for_full = relaxed;
};

// The same from the other side.
TEST(MpmcRing, LookForFullMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::data_race, one_pushes_and_one_pops<LookForFullRelaxed>));
}

struct EmptyRelaxed : MpmcOrders {
  static constexpr auto empty = relaxed;
};

// The push sees that the cell is empty again, and writes it, which nothing has ordered after the pop's read.
TEST(MpmcRing, EmptyMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, one_pops_for_one_to_push<EmptyRelaxed>));
}

struct LookForEmptyRelaxed : MpmcOrders {
  static constexpr auto look_for_empty = relaxed;
};

// The same from the other side.
TEST(MpmcRing, LookForEmptyMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::data_race, one_pops_for_one_to_push<LookForEmptyRelaxed>));
}

struct LooksThenClaims : MpmcOrders {
  static constexpr bool claims_at_once = false;
};

// Both find that it is turn 0, and write the same cell.
TEST(MpmcRing, MustLookAndClaimAtOnce) {
  EXPECT_TRUE(is_refused(Wrong::data_race, two_push<LooksThenClaims>));
  EXPECT_TRUE(is_refused(Wrong::data_race, two_push<LooksThenClaims>, MemoryModel::sc));
}

// Both find that it is turn 0, and take the same value.
TEST(MpmcRing, MustLookAndClaimAtOnceToPop) {
  EXPECT_TRUE(is_refused(Wrong::requirement, two_pop<LooksThenClaims>, MemoryModel::sc));
}

}  // namespace
}  // namespace structures
