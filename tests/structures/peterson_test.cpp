#include "peterson.hpp"

#include <gtest/gtest.h>

#include "scenario.hpp"

namespace structures {
namespace {

TEST(Peterson, AdmitsOneOfTwo) { EXPECT_TRUE(passes(count_between_two<Peterson<>>)); }
TEST(Peterson, AdmitsOneAgainAndAgain) { EXPECT_TRUE(passes(count_between_two<Peterson<>, 2>)); }

struct InterestRelaxed : PetersonOrders {
  static constexpr auto interest = relaxed;
};

// turn is 1, then 0 in co: T0, then T1. T1 does not see T0's interest, which nothing in T1
// synchronizes with, and goes in; T0 sees T1's turn, which makes it its own, and goes in. On x86
// stores stay in order.
TEST(Peterson, InterestMustBeSeqCst) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_between_two<Peterson<InterestRelaxed>>));
  EXPECT_TRUE(passes(count_between_two<Peterson<InterestRelaxed>>, MemoryModel::tso));
}

struct TurnRelaxed : PetersonOrders {
  static constexpr auto turn = relaxed;
};

// T1 stores its turn, which stays in its buffer, sees no interest, and goes in. T0 sees T1's
// interest, and then the turn that T1's buffer lets go only now: after T0's in co, so that it is
// T0's turn.
TEST(Peterson, TurnMustBeSeqCst) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_between_two<Peterson<TurnRelaxed>>));
  EXPECT_TRUE(
      is_refused(Wrong::data_race, count_between_two<Peterson<TurnRelaxed>>, MemoryModel::tso));
}

struct LookAcquires : PetersonOrders {
  static constexpr auto look = acquire;
};

// Store buffering: neither sees the other's interest. On x86 the stores' mfences prevent it.
TEST(Peterson, LookMustBeSeqCst) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_between_two<Peterson<LookAcquires>>));
  EXPECT_TRUE(passes(count_between_two<Peterson<LookAcquires>>, MemoryModel::tso));
}

struct LeaveRelaxed : PetersonOrders {
  static constexpr auto leave = relaxed;
};

// T1 sees that T0 has left, and acquires nothing of what it did to count.
TEST(Peterson, LeaveMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_between_two<Peterson<LeaveRelaxed>>));
}

struct InsistsOnItsTurn : PetersonOrders {
  static constexpr bool gives_way = false;
};

// T0 goes in, since nobody is interested. T1 makes it its own turn, and goes in.
TEST(Peterson, MustGiveWay) {
  EXPECT_TRUE(
      is_refused(Wrong::data_race, count_between_two<Peterson<InsistsOnItsTurn>>, MemoryModel::sc));
}

struct AllRelaxed {
  static constexpr auto interest = relaxed, turn = relaxed, look = relaxed, leave = relaxed;
  static constexpr bool gives_way = true;
};

TEST(Peterson, NeedsNoOrdersUnderSc) {
  EXPECT_TRUE(passes(count_between_two<Peterson<AllRelaxed>>, MemoryModel::sc));
  EXPECT_TRUE(
      is_refused(Wrong::data_race, count_between_two<Peterson<AllRelaxed>>, MemoryModel::tso));
}

}  // namespace
}  // namespace structures
