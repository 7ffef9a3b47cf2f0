#include "rcu.hpp"

#include <gtest/gtest.h>

#include "scenario.hpp"

namespace structures {
namespace {

void require_complete(const Configuration& seen) {
  require((seen.a == 1 && seen.b == 1) || (seen.a == 2 && seen.b == 2));
}

template <class Orders>
void one_reads() {
  Rcu<Orders> rcu(new Configuration{1, 1});
  in_threads([&] { rcu.replace(new Configuration{2, 2}); }, [&] { rcu.read(0, require_complete); });
}

void one_reads_twice() {
  Rcu<> rcu(new Configuration{1, 1});
  in_threads([&] { rcu.replace(new Configuration{2, 2}); },
             [&] {
               int first = 0, second = 0;
               rcu.read(0, [&](const Configuration& seen) { first = seen.a; });
               rcu.read(0, [&](const Configuration& seen) { second = seen.a; });
               require(first <= second);
             });
}

void two_read() {
  Rcu<> rcu(new Configuration{1, 1});
  in_threads([&] { rcu.replace(new Configuration{2, 2}); }, [&] { rcu.read(0, require_complete); },
             [&] { rcu.read(1, require_complete); });
}

TEST(Rcu, AReaderSeesTheOldOrTheNew) { EXPECT_TRUE(passes(one_reads<RcuOrders>)); }
TEST(Rcu, AReaderDoesNotGoBack) { EXPECT_TRUE(passes(one_reads_twice)); }
TEST(Rcu, WaitsForEveryReader) { EXPECT_TRUE(passes(two_read)); }

struct LookConsumes : RcuOrders {
  static constexpr auto look = consume;
};

TEST(Rcu, ItIsEnoughThatALookConsumes) { EXPECT_TRUE(passes(one_reads<LookConsumes>)); }

struct PublishRelaxed : RcuOrders {
  static constexpr auto publish = relaxed;
};

// The reader sees the new pointer, and reads what nothing has ordered after its initialization.
TEST(Rcu, PublishMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, one_reads<PublishRelaxed>));
}

struct LookRelaxed : RcuOrders {
  static constexpr auto look = relaxed;
};

// The same from the other side.
TEST(Rcu, LookMustAcquire) { EXPECT_TRUE(is_refused(Wrong::data_race, one_reads<LookRelaxed>)); }

struct EnterAcqRel : RcuOrders {
  static constexpr auto enter = acq_rel;
};

// Store buffering: the reader sees the old pointer, the other no flag, and frees what is being
// read. On x86 as well.
TEST(Rcu, EnterMustBeSeqCst) {
  EXPECT_TRUE(frees_too_early(one_reads<EnterAcqRel>));
  EXPECT_TRUE(frees_too_early(one_reads<EnterAcqRel>, MemoryModel::tso));
}

struct WaitAcqRel : RcuOrders {
  static constexpr auto wait = acq_rel;
};

// The same; but on x86 the exchange is a locked instruction.
TEST(Rcu, WaitMustBeSeqCst) {
  EXPECT_TRUE(frees_too_early(one_reads<WaitAcqRel>));
  EXPECT_TRUE(passes(one_reads<WaitAcqRel>, MemoryModel::tso));
}

struct LeaveRelaxed : RcuOrders {
  static constexpr auto leave = relaxed;
};

// The reader's flag is seen to be down, which does not say that it has read before.
TEST(Rcu, LeaveMustRelease) { EXPECT_TRUE(frees_too_early(one_reads<LeaveRelaxed>)); }

struct SeesRelaxed : RcuOrders {
  static constexpr auto see_that_it_left = relaxed;
};

// The same from the other side.
TEST(Rcu, ToSeeThatAReaderLeftMustAcquire) { EXPECT_TRUE(frees_too_early(one_reads<SeesRelaxed>)); }

struct DoesNotWait : RcuOrders {
  static constexpr bool waits = false;
};

// The reader has the old pointer when it is freed.
TEST(Rcu, MustWait) {
  EXPECT_TRUE(frees_too_early(one_reads<DoesNotWait>));
  EXPECT_TRUE(frees_too_early(one_reads<DoesNotWait>, MemoryModel::sc));
}

}  // namespace
}  // namespace structures
