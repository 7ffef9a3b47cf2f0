// Specifies os/spin.hpp: how long a thread looks before it sleeps depends on what came of its last spins.

#include "lockstep/os/spin.hpp"

#include <gtest/gtest.h>
#include <sys/sysinfo.h>

#include <algorithm>
#include <thread>

namespace {

using lockstep::os::Spin;
using lockstep::os::spin_history;
using lockstep::os::SpinHistory;
using lockstep::os::yield_history;
using lockstep::os::YieldHistory;

TEST(SpinHistory, AfterFailuresThereAreFewLooksLeft) {
  SpinHistory history;
  const int at_first = history.looks();
  for (int i = 0; i < 10; ++i) history.note_failure();
  EXPECT_LT(history.looks(), at_first);
  EXPECT_GT(history.looks(), 0);
}

TEST(SpinHistory, AfterOneSuccessThereAreTwiceAsManyLooksAsItTook) {
  SpinHistory history;
  history.note_success(50);
  EXPECT_EQ(history.looks(), 100);
}

TEST(SpinHistory, ThereAreNeverMoreLooksThanTheBudget) {
  SpinHistory history;
  for (int i = 0; i < 1'000; ++i) history.note_success(history.looks());
  EXPECT_EQ(history.looks(), LOCKSTEP_SPIN_BUDGET);
}

TEST(SpinHistory, ManyQuickSuccessesMakeUpForAFailure) {
  SpinHistory history;
  history.note_success(50);
  const int before = history.looks();
  history.note_failure();
  for (int i = 0; i < before; ++i) history.note_success(1);
  EXPECT_GE(history.looks(), before);
}

TEST(SpinHistory, OneFailureInAWhileIsATrialOfAllThatMayBe) {
  SpinHistory history;
  int trials = 0;
  for (int i = 0; i < 1'000; ++i) {
    if (history.looks() == LOCKSTEP_SPIN_BUDGET) ++trials;
    history.note_failure();
  }
  EXPECT_GE(trials, 5);
  EXPECT_LE(trials, 20);
}

TEST(SpinHistory, WhileYieldsPayThereIsOneLookLeftAndTrialsAreMoreSeldom) {
  SpinHistory history;
  for (int i = 0; i < 200; ++i) history.note_yields_were_better();
  EXPECT_EQ(history.looks(), 1);
  int trials = 0;
  for (int i = 0; i < 5'000; ++i) {
    if (history.looks() == LOCKSTEP_SPIN_BUDGET) ++trials;
    history.note_yields_were_better();
  }
  EXPECT_GE(trials, 3);
  EXPECT_LE(trials, 6);
}

constexpr bool slow = true;
constexpr bool quick = false;

TEST(YieldHistory, AfterFailuresThereIsNoneLeft) {
  YieldHistory history;
  EXPECT_GT(history.yields(), 0);
  for (int i = 0; i < 10; ++i) history.note_failure(quick);
  EXPECT_EQ(history.yields(), 0);
}

TEST(YieldHistory, AfterOneSuccessThereAreTwiceAsManyAsItTook) {
  YieldHistory history;
  history.note_success(6, quick);
  EXPECT_EQ(history.yields(), 12);
}

TEST(YieldHistory, ThereAreNeverMoreThanTheMost) {
  YieldHistory history;
  for (int i = 0; i < 100; ++i) history.note_success(history.yields(), quick);
  EXPECT_EQ(history.yields(), LOCKSTEP_YIELDS);
}

/// In how many of `waits` that are in vain it yields at all.
int waits_with_yields(YieldHistory& history, int waits) {
  int with_yields = 0;
  for (int i = 0; i < waits; ++i) {
    if (history.yields() > 0) ++with_yields;
    history.note_failure(quick);
  }
  return with_yields;
}

TEST(YieldHistory, OneFailureInAWhileIsATrial) {
  YieldHistory history;
  const int with_yields = waits_with_yields(history, 1'000);
  EXPECT_GE(with_yields, 10);
  EXPECT_LE(with_yields, 100);
}

TEST(YieldHistory, SlowSuccessesEndItForManyWaits) {
  YieldHistory history;
  for (int i = 0; i < 3; ++i) history.note_success(1, slow);
  EXPECT_EQ(waits_with_yields(history, 4'000), 0);
  EXPECT_GT(waits_with_yields(history, 1'000), 0);
}

TEST(YieldHistory, ATrialThatIsSlowAgainEndsItAgain) {
  YieldHistory history;
  for (int i = 0; i < 3; ++i) history.note_success(1, slow);
  while (history.yields() == 0) history.note_failure(quick);
  history.note_success(1, slow);
  EXPECT_EQ(waits_with_yields(history, 4'000), 0);
}

/// The clock ticks now and then while they are quick, too.
TEST(YieldHistory, AFewSlowOnesAmongManyThatAreQuickDoNotMatter) {
  YieldHistory history;
  for (int i = 0; i < 10'000; ++i) {
    history.note_success(1, i % 30 == 0 ? slow : quick);
    EXPECT_GT(history.yields(), 0);
  }
}

/// What the calling thread's next spin may do: looks, of which those at the end come after a yield each.
int allowed_looks() {
  return (::get_nprocs() == 1 ? 0 : spin_history.looks()) + yield_history.yields();
}

int looks_of_a_spin_in_vain() {
  int looks = 0;
  for (Spin spin; spin.step();) ++looks;
  return looks;
}

TEST(Spin, IsAsLongAsTheHistoriesOfItsThreadSay) {
  std::jthread([] {  // which has no history yet
    const int allowed = allowed_looks();
    EXPECT_GT(allowed, 0);
    EXPECT_EQ(looks_of_a_spin_in_vain(), allowed);
    EXPECT_LT(allowed_looks(), allowed);
  });
}

TEST(Spin, ThatEndsAfterAYieldSaysThatYieldsAreBetter) {
  std::jthread([] {
    const int remembered = spin_history.looks();
    const int looks = ::get_nprocs() == 1 ? 0 : remembered;  // the others are after yields
    const int yields = yield_history.yields();
    {
      Spin spin;
      for (int i = 0; i <= looks; ++i) EXPECT_TRUE(spin.step());
    }
    EXPECT_EQ(yield_history.yields(), yields + 1);
    EXPECT_LE(spin_history.looks(), std::max(remembered / 2, 1));
  });
}

TEST(Spin, ThatEndsEarlyWasASuccess) {
  if (::get_nprocs() == 1) GTEST_SKIP() << "of no use on a single processor";
  std::jthread([] {
    const int before = spin_history.looks();
    {
      Spin spin;
      EXPECT_TRUE(spin.step());
    }
    EXPECT_EQ(spin_history.looks(), before + 1);
  });
}

TEST(Spin, ThatNeverBeganSaysNothing) {
  const int before = spin_history.looks();
  {
    const Spin spin;
  }
  EXPECT_EQ(spin_history.looks(), before);
}

}  // namespace
