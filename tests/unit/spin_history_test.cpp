// Specifies os/spin.hpp: how long a thread looks before it sleeps depends on what came of its last spins.

#include "lockstep/os/spin.hpp"

#include <gtest/gtest.h>
#include <sys/sysinfo.h>

#include <thread>

namespace {

using lockstep::os::Spin;
using lockstep::os::spin_history;
using lockstep::os::SpinHistory;

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

/// What the calling thread's next spin may do.
int looks_of_a_spin_in_vain() {
  int looks = 0;
  for (Spin spin; spin.step();) ++looks;
  return looks;
}

TEST(Spin, IsAsLongAsTheHistoryOfItsThreadSays) {
  if (::get_nprocs() == 1) GTEST_SKIP() << "of no use on a single processor";
  std::jthread([] {  // which has no history yet
    const int allowed = spin_history.looks();
    EXPECT_EQ(looks_of_a_spin_in_vain(), allowed);
    EXPECT_LT(spin_history.looks(), allowed);
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
