#include "once.hpp"

#include <gtest/gtest.h>

#include "scenario.hpp"

namespace structures {
namespace {

template <class Orders>
void two_get() {
  Once<Orders> once;
  const auto get = [&] { require(once.get().number == 1); };
  in_threads(get, get);
  require(once.made() == 1);
}

void three_get() {
  Once<> once;
  const auto get = [&] { require(once.get().number == 1); };
  in_threads(get, get, get);
  require(once.made() == 1);
}

void two_get_a_static() {
  int made = 0;
  const auto get = [&] { require(the_widget(made).number == 1); };
  in_threads(get, get);
  require(made == 1);
}

TEST(Once, TwoGetTheSame) { EXPECT_TRUE(passes(two_get<OnceOrders>)); }
TEST(Once, ThreeGetTheSame) { EXPECT_TRUE(passes(three_get)); }

// Made anew in each execution, because statics are put back.
TEST(Once, AStaticInAFunctionIsMadeOnce) {
  EXPECT_TRUE(passes(two_get_a_static));
  EXPECT_TRUE(passes(two_get_a_static));
}

struct PublishRelaxed : OnceOrders {
  static constexpr auto publish = relaxed;
};

// T2 sees the pointer before T1 has unlocked, so that it takes no lock, and reads what nothing has
// ordered before.
TEST(Once, PublishMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::data_race, two_get<PublishRelaxed>));
}

struct LookRelaxed : OnceOrders {
  static constexpr auto look = relaxed;
};

// The same from the other side.
TEST(Once, LookMustAcquire) { EXPECT_TRUE(is_refused(Wrong::data_race, two_get<LookRelaxed>)); }

struct LooksOnce : OnceOrders {
  static constexpr bool looks_twice = false;
};

// Both see null, and each makes one, one after the other.
TEST(Once, MustLookAgainUnderTheLock) {
  EXPECT_TRUE(is_refused(Wrong::requirement, two_get<LooksOnce>));
  EXPECT_TRUE(is_refused(Wrong::requirement, two_get<LooksOnce>, MemoryModel::sc));
}

struct Unlocked : OnceOrders {
  struct Lock {
    void lock() {}
    void unlock() {}
  };
};

// Both see null, and make one at the same time.
TEST(Once, MustLock) {
  EXPECT_TRUE(is_refused(Wrong::data_race, two_get<Unlocked>));
  EXPECT_TRUE(is_refused(Wrong::data_race, two_get<Unlocked>, MemoryModel::sc));
}

}  // namespace
}  // namespace structures
