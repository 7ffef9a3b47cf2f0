#include "ticket_lock.hpp"

#include <gtest/gtest.h>

#include "scenario.hpp"

namespace structures {
namespace {

TEST(TicketLock, AdmitsOneOfTwo) { EXPECT_TRUE(passes(count_under_the_lock<TicketLock<>, 2>)); }
TEST(TicketLock, AdmitsOneOfThree) { EXPECT_TRUE(passes(count_under_the_lock<TicketLock<>, 3>)); }

struct AwaitRelaxed : TicketOrders {
  static constexpr auto await = relaxed;
};

// T2 sees that T1 has called it, and does not acquire what T1 did.
TEST(TicketLock, AwaitMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_under_the_lock<TicketLock<AwaitRelaxed>, 2>));
}

struct CallRelaxed : TicketOrders {
  static constexpr auto call = relaxed;
};

// T2 acquires from T1's call, which released nothing.
TEST(TicketLock, CallMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, count_under_the_lock<TicketLock<CallRelaxed>, 2>));
}

struct TicketIsCopied : TicketOrders {
  static constexpr bool ticket_is_torn_off = false;
};

// Both load 0 before either stores 1: two with ticket 0. Both go in; or one does, and the other
// waits for 0 when it is 1 already.
TEST(TicketLock, NoTwoMustHaveTheSameTicket) {
  const auto ways = {Wrong::data_race, Wrong::livelock};
  const auto program = count_under_the_lock<TicketLock<TicketIsCopied>, 2>;
  EXPECT_TRUE(is_refused(ways, program));
  EXPECT_TRUE(is_refused(ways, program, MemoryModel::sc));
}

}  // namespace
}  // namespace structures
