#include "chase_lev_deque.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>

#include "scenario.hpp"

namespace structures {
namespace {

/// How often each value was got, 0 for none; in the end each must have been got once, with what is left.
class Got {
 public:
  void operator()(int value) { ++times_[static_cast<std::size_t>(value)]; }

  template <class Deque>
  void the_rest(Deque& deque) {
    while (const int value = deque.take()) (*this)(value);
  }
  void operator+=(const Got& other) {
    for (std::size_t i = 0; i < times_.size(); ++i) times_[i] += other.times_[i];
  }
  void require_each_once(int values) const {
    for (int value = 1; value <= values; ++value) {
      require(times_[static_cast<std::size_t>(value)] == 1);
    }
  }

 private:
  std::array<int, 4> times_{};
};

/// One value: the owner takes, a thief steals.
template <class Orders>
void both_want_the_only_one() {
  ChaseLevDeque<Orders> deque;
  deque.push(1);
  Got mine, theirs;
  in_threads([&] { mine(deque.take()); }, [&] { theirs(deque.steal()); });
  mine.the_rest(deque);
  mine += theirs;
  mine.require_each_once(1);
}

/// Two values: the owner takes one, a thief steals twice.
template <class Orders>
void a_thief_comes_twice() {
  ChaseLevDeque<Orders> deque;
  deque.push(1);
  deque.push(2);
  Got mine, theirs;
  in_threads([&] { mine(deque.take()); },
             [&] {
               theirs(deque.steal());
               theirs(deque.steal());
             });
  mine.the_rest(deque);
  mine += theirs;
  mine.require_each_once(2);
}

/// One value: two thieves.
template <class Orders>
void two_thieves() {
  ChaseLevDeque<Orders> deque;
  deque.push(1);
  Got first, second;
  in_threads([&] { first(deque.steal()); }, [&] { second(deque.steal()); });
  first.the_rest(deque);
  first += second;
  first.require_each_once(1);
}

/// The owner pushes while a thief steals.
template <class Orders>
void a_thief_waits_for_a_push() {
  ChaseLevDeque<Orders> deque;
  Got mine, theirs;
  in_threads([&] { deque.push(1); }, [&] { theirs(deque.steal()); });
  mine.the_rest(deque);
  mine += theirs;
  mine.require_each_once(1);
}

/// The owner pushes and takes, twice, while a thief steals.
void an_owner_works() {
  ChaseLevDeque<> deque;
  Got mine, theirs;
  in_threads(
      [&] {
        deque.push(1);
        deque.push(2);
        mine(deque.take());
        mine(deque.take());
      },
      [&] { theirs(deque.steal()); });
  mine.the_rest(deque);
  mine += theirs;
  mine.require_each_once(2);
}

TEST(ChaseLevDeque, GivesTheOnlyOneToTheOwnerOrAThief) {
  EXPECT_TRUE(passes(both_want_the_only_one<ChaseLevOrders>));
}
TEST(ChaseLevDeque, GivesEachOfTwoOnce) {
  EXPECT_TRUE(passes(a_thief_comes_twice<ChaseLevOrders>));
}
TEST(ChaseLevDeque, GivesOneToOneOfTwoThieves) { EXPECT_TRUE(passes(two_thieves<ChaseLevOrders>)); }
TEST(ChaseLevDeque, GivesWhatWasPushed) {
  EXPECT_TRUE(passes(a_thief_waits_for_a_push<ChaseLevOrders>));
}
TEST(ChaseLevDeque, GivesEachOnceWhileTheOwnerWorks) { EXPECT_TRUE(passes(an_owner_works)); }

struct PushRelaxed : ChaseLevOrders {
  static constexpr auto push = relaxed;
};

// The thief sees the new bottom and an old slot. It claims the value, and has none. x86 keeps
// stores in order.
TEST(ChaseLevDeque, PushMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::requirement, a_thief_waits_for_a_push<PushRelaxed>));
  EXPECT_TRUE(passes(a_thief_waits_for_a_push<PushRelaxed>, MemoryModel::tso));
}

struct LookAtBottomRelaxed : ChaseLevOrders {
  static constexpr auto look_at_bottom = relaxed;
};

// The same from the other side: the fence of the thief is before its look.
TEST(ChaseLevDeque, LookAtBottomMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::requirement, a_thief_waits_for_a_push<LookAtBottomRelaxed>));
}

struct TakeAcqRel : ChaseLevOrders {
  static constexpr auto take = acq_rel;
};

// The owner makes the bottom 1, and sees the top at 0, so that it takes 2 without a claim. The
// thief has stolen 1, still sees the bottom at 2, and steals 2. On x86 as well: the owner's store
// waits in its buffer.
TEST(ChaseLevDeque, TakeMustBeSeqCst) {
  EXPECT_TRUE(is_refused(Wrong::requirement, a_thief_comes_twice<TakeAcqRel>));
  EXPECT_TRUE(is_refused(Wrong::requirement, a_thief_comes_twice<TakeAcqRel>, MemoryModel::tso));
}

struct StealAcqRel : ChaseLevOrders {
  static constexpr auto steal = acq_rel;
};

// The same. Not on x86, where the claim between the thief's two steals is a locked instruction.
TEST(ChaseLevDeque, StealMustBeSeqCst) {
  EXPECT_TRUE(is_refused(Wrong::requirement, a_thief_comes_twice<StealAcqRel>));
  EXPECT_TRUE(passes(a_thief_comes_twice<StealAcqRel>, MemoryModel::tso));
}

struct TakesWithoutAClaim : ChaseLevOrders {
  static constexpr bool takes_the_last_at_once = false;
};

// The owner sees that the last is there; the thief claims it; the owner takes it.
TEST(ChaseLevDeque, TheOwnerMustClaimTheLast) {
  EXPECT_TRUE(is_refused(Wrong::requirement, both_want_the_only_one<TakesWithoutAClaim>));
}

struct StealsWithoutAClaim : ChaseLevOrders {
  static constexpr bool steals_at_once = false;
};

// Both thieves see the same value, and take it.
TEST(ChaseLevDeque, AThiefMustClaim) {
  EXPECT_TRUE(is_refused(Wrong::requirement, two_thieves<StealsWithoutAClaim>));
  EXPECT_TRUE(is_refused(Wrong::requirement, two_thieves<StealsWithoutAClaim>, MemoryModel::sc));
}

}  // namespace
}  // namespace structures
