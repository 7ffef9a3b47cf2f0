#include "mcs_lock.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>

#include "scenario.hpp"

namespace structures {
namespace {

/// As one that two or three threads use without a node at hand.
template <class Orders>
class WithNodes {
 public:
  void lock(int me) { lock_.lock(nodes_[static_cast<std::size_t>(me)]); }
  void unlock(int me) { lock_.unlock(nodes_[static_cast<std::size_t>(me)]); }

 private:
  McsLock<Orders> lock_;
  std::array<McsNode, 3> nodes_;
};

template <class Orders>
void two_count() {
  count_between_two<WithNodes<Orders>>();
}

void three_count() {
  WithNodes<McsOrders> lock;
  int count = 0;
  const auto body = [&](int me) {
    lock.lock(me);
    ++count;
    lock.unlock(me);
  };
  in_threads([&] { body(0); }, [&] { body(1); }, [&] { body(2); });
  require(count == 3);
}

TEST(McsLock, AdmitsOneOfTwo) { EXPECT_TRUE(passes(two_count<McsOrders>)); }
TEST(McsLock, AdmitsOneOfThree) { EXPECT_TRUE(passes(three_count)); }

TEST(McsLock, LetsOneInTwiceWithTheSameNode) {
  EXPECT_TRUE(passes(count_between_two<WithNodes<McsOrders>, 2>));
}

struct EnterDoesNotAcquire : McsOrders {
  static constexpr auto enter = release;
};

// T1 leaves and nobody follows. T2's exchange sees the null that T1 released, and does not acquire.
// Or T2 finds T1 there, and has not acquired its node as it began: see EnterDoesNotRelease.
TEST(McsLock, EnterMustAcquire) {
  EXPECT_TRUE(is_refused({Wrong::data_race, Wrong::livelock}, two_count<EnterDoesNotAcquire>));
}

struct LeaveRelaxed : McsOrders {
  static constexpr auto leave = relaxed;
};

// T1 leaves, nobody follows. T2 acquires from the null, which released nothing.
TEST(McsLock, LeaveMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, two_count<LeaveRelaxed>));
}

struct EnterDoesNotRelease : McsOrders {
  static constexpr auto enter = acquire;
};

// T2 finds T1 in the tail and links itself; in co that may come before the null with which T1 began. T1 never
// finds its successor, which has nobody to let it in.
TEST(McsLock, EnterMustReleaseTheNodeAsItBegan) {
  EXPECT_TRUE(waits_for_ever(two_count<EnterDoesNotRelease>));
  EXPECT_TRUE(passes(two_count<EnterDoesNotRelease>, MemoryModel::tso));
}

struct LinkRelaxed : McsOrders {
  static constexpr auto link = relaxed;
};

// T1 finds T2 linked and lets it in; in co that may come before the `true` with which T2 began.
TEST(McsLock, LinkMustReleaseThatItsNodeWaits) {
  EXPECT_TRUE(waits_for_ever(two_count<LinkRelaxed>));
  EXPECT_TRUE(passes(two_count<LinkRelaxed>, MemoryModel::tso));
}

struct LinkedRelaxed : McsOrders {
  static constexpr auto linked = relaxed;
};

// The same from the other side.
TEST(McsLock, LinkedMustAcquire) { EXPECT_TRUE(waits_for_ever(two_count<LinkedRelaxed>)); }

struct LetInRelaxed : McsOrders {
  static constexpr auto let_in = relaxed;
};

// T2 is let in, and acquires nothing of what T1 did to count.
TEST(McsLock, LetInMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, two_count<LetInRelaxed>));
}

struct AwaitRelaxed : McsOrders {
  static constexpr auto await = relaxed;
};

// The same from the other side.
TEST(McsLock, AwaitMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::data_race, two_count<AwaitRelaxed>));
}

}  // namespace
}  // namespace structures
