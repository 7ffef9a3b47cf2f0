#include "spsc_ring.hpp"

#include <gtest/gtest.h>

#include <cstddef>

#include "scenario.hpp"

namespace structures {
namespace {

/// Each side tries until it succeeds.
template <class Ring, int values>
void passes_on() {
  Ring ring;
  in_threads(
      [&] {
        for (int value = 1; value <= values; ++value) {
          until_not_zero([&] { return ring.push(value); });
        }
      },
      [&] {
        for (int value = 1; value <= values; ++value) {
          require(until_not_zero([&] { return ring.pop(); }) == value);
        }
      });
}

/// Each side tries twice.
template <class Ring>
void tries() {
  Ring ring;
  int pushed = 0, first = 0, second = 0;
  in_threads(
      [&] {
        pushed += ring.push(1);
        pushed += ring.push(pushed + 1);
      },
      [&] {
        first = ring.pop();
        second = ring.pop();
      });
  require(pushed >= 1 && first <= 1 && (second == 0 || second == first + 1));
}

TEST(SpscRing, PassesOnInOrder) {
  EXPECT_TRUE(passes(passes_on<SpscRing<SpscOrders, 1>, 2>));
  EXPECT_TRUE(passes(passes_on<SpscRing<SpscOrders, 2>, 3>));
}

TEST(SpscRing, MayBeFullOrEmpty) {
  EXPECT_TRUE(passes(tries<SpscRing<SpscOrders, 1>>));
  EXPECT_TRUE(passes(tries<SpscRing<SpscOrders, 2>>));
}

template <class Orders>
void two_through_one_slot() {
  passes_on<SpscRing<Orders, 1>, 2>();
}

struct PublishRelaxed : SpscOrders {
  static constexpr auto publish = relaxed;
};

// The consumer sees that there is a value, and reads the slot, which nothing has ordered after the
// producer's write.
TEST(SpscRing, PublishMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, two_through_one_slot<PublishRelaxed>));
}

struct LookForValueRelaxed : SpscOrders {
  static constexpr auto look_for_value = relaxed;
};

// The same from the other side.
TEST(SpscRing, LookForValueMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::data_race, two_through_one_slot<LookForValueRelaxed>));
}

struct VacateRelaxed : SpscOrders {
  static constexpr auto vacate = relaxed;
};

// The producer sees that there is space again, and writes the slot, which nothing has ordered after
// the consumer's read.
TEST(SpscRing, VacateMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, two_through_one_slot<VacateRelaxed>));
}

struct LookForSpaceRelaxed : SpscOrders {
  static constexpr auto look_for_space = relaxed;
};

// The same from the other side.
TEST(SpscRing, LookForSpaceMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::data_race, two_through_one_slot<LookForSpaceRelaxed>));
}

struct PublishesThenWrites : SpscOrders {
  static constexpr bool writes_then_publishes = false;
};

// The consumer sees that there is a value before the producer has written it.
TEST(SpscRing, MustWriteAndThenPublish) {
  EXPECT_TRUE(is_refused(Wrong::data_race, two_through_one_slot<PublishesThenWrites>));
  EXPECT_TRUE(
      is_refused(Wrong::data_race, two_through_one_slot<PublishesThenWrites>, MemoryModel::sc));
}

struct LetsOneTooManyIn : SpscOrders {
  static constexpr std::size_t too_many = 1;
};

// The producer writes the slot again while the consumer reads it; or before the consumer has begun,
// which then gets 2 first.
TEST(SpscRing, MustKnowThatItIsFull) {
  const auto ways = {Wrong::data_race, Wrong::requirement};
  EXPECT_TRUE(is_refused(ways, two_through_one_slot<LetsOneTooManyIn>));
  EXPECT_TRUE(is_refused(ways, two_through_one_slot<LetsOneTooManyIn>, MemoryModel::sc));
}

}  // namespace
}  // namespace structures
