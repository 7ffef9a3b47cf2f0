#include "dekker.hpp"

#include <gtest/gtest.h>

#include "scenario.hpp"

namespace structures {
namespace {

TEST(Dekker, AdmitsOneOfTwo) { EXPECT_TRUE(passes(count_between_two<Dekker<>>)); }
TEST(Dekker, AdmitsOneAgainAndAgain) { EXPECT_TRUE(passes(count_between_two<Dekker<>, 2>)); }

struct AnnounceAcqRel : DekkerFences {
  static constexpr auto announce = acq_rel;
};

// Store buffering: neither sees that the other wants to. On x86 as well.
TEST(Dekker, AnnounceMustBeSeqCst) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_between_two<Dekker<AnnounceAcqRel>>));
  EXPECT_TRUE(
      is_refused(Wrong::data_race, count_between_two<Dekker<AnnounceAcqRel>>, MemoryModel::tso));
}

struct AnnounceAgainAcqRel : DekkerFences {
  static constexpr auto announce_again = acq_rel;
};

// T1 gives way, T0 goes in and leaves. T1 wants again and sees that T0 has left; T0 comes back and
// does not see that T1 wants: store buffering again. With once each there is nobody to come back.
TEST(Dekker, AnnounceAgainMustBeSeqCst) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_between_two<Dekker<AnnounceAgainAcqRel>, 2>));
  EXPECT_TRUE(is_refused(Wrong::data_race, count_between_two<Dekker<AnnounceAgainAcqRel>, 2>,
                         MemoryModel::tso));
  EXPECT_TRUE(passes(count_between_two<Dekker<AnnounceAgainAcqRel>, 1>));
}

struct NoFenceOnEnter : DekkerFences {
  static constexpr auto enter = relaxed;
};

// T1 sees that T0 has left, by a relaxed load with no acquire fence after it.
TEST(Dekker, EnterMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_between_two<Dekker<NoFenceOnEnter>>));
  EXPECT_TRUE(passes(count_between_two<Dekker<NoFenceOnEnter>>, MemoryModel::tso));
}

struct NoFenceOnLeave : DekkerFences {
  static constexpr auto leave = relaxed;
};

// T1 acquires from the store by which T0 left; no release fence is before it and after what T0 did to count.
TEST(Dekker, LeaveMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_between_two<Dekker<NoFenceOnLeave>>));
  EXPECT_TRUE(passes(count_between_two<Dekker<NoFenceOnLeave>>, MemoryModel::tso));
}

}  // namespace
}  // namespace structures
