#include "spinlock.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "scenario.hpp"

namespace structures {
namespace {

// --- TasLock -------------------------------------------------------------------------------------

TEST(TasLock, AdmitsOneOfTwo) { EXPECT_TRUE(passes(count_under_the_lock<TasLock<>, 2>)); }
TEST(TasLock, AdmitsOneOfThree) { EXPECT_TRUE(passes(count_under_the_lock<TasLock<>, 3>)); }

struct TasLockRelaxed : TasOrders {
  static constexpr auto lock = relaxed;
};

// T1 unlocks (release), T2's compare-exchange sees that but does not acquire: count is not ordered.
TEST(TasLock, LockMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_under_the_lock<TasLock<TasLockRelaxed>, 2>));
}

struct TasUnlockRelaxed : TasOrders {
  static constexpr auto unlock = relaxed;
};

// T2's compare-exchange acquires from T1's unlock, which released nothing.
TEST(TasLock, UnlockMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_under_the_lock<TasLock<TasUnlockRelaxed>, 2>));
}

TEST(TasLock, NeedsNoOrdersUnderSc) {
  EXPECT_TRUE(passes(count_under_the_lock<TasLock<TasUnlockRelaxed>, 2>, MemoryModel::sc));
}

class LooksThenTakes {
 public:
  void lock() {
    while (held_.load(seq_cst)) {
    }
    held_.store(true, seq_cst);
  }
  void unlock() { held_.store(false, seq_cst); }

 private:
  std::atomic<bool> held_{false};
};

// Both look before either takes.
TEST(TasLock, MustLookAndTakeAtOnce) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_under_the_lock<LooksThenTakes, 2>));
  EXPECT_TRUE(
      is_refused(Wrong::data_race, count_under_the_lock<LooksThenTakes, 2>, MemoryModel::sc));
}

// --- TtasLock ------------------------------------------------------------------------------------

TEST(TtasLock, AdmitsOneOfTwo) { EXPECT_TRUE(passes(count_under_the_lock<TtasLock<>, 2>)); }
TEST(TtasLock, AdmitsOneOfThree) { EXPECT_TRUE(passes(count_under_the_lock<TtasLock<>, 3>)); }

struct TtasSetRelaxed : TtasOrders {
  static constexpr auto set = relaxed;
};

// T2's exchange sees T1's unlock, and does not acquire.
TEST(TtasLock, SetMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_under_the_lock<TtasLock<TtasSetRelaxed>, 2>));
}

struct TtasTestAcquires : TtasOrders {
  static constexpr auto test = acquire, set = relaxed;
};

// T2 tests, and sees that nobody has been there; T1 locks and unlocks; T2's exchange sees the unlock.
TEST(TtasLock, ItIsNotEnoughThatTheTestAcquires) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_under_the_lock<TtasLock<TtasTestAcquires>, 2>));
}

struct TtasUnlockRelaxed : TtasOrders {
  static constexpr auto unlock = relaxed;
};

// T2's exchange acquires from T1's unlock, which released nothing.
TEST(TtasLock, UnlockMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_under_the_lock<TtasLock<TtasUnlockRelaxed>, 2>));
}

}  // namespace
}  // namespace structures
