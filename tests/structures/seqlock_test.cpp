#include "seqlock.hpp"

#include <gtest/gtest.h>

#include "scenario.hpp"

namespace structures {
namespace {

template <class Orders, int writes>
void a_reader_tries() {
  Seqlock<Orders> lock;
  in_threads(
      [&] {
        for (int i = 1; i <= writes; ++i) lock.write({i, i});
      },
      [&] {
        typename Seqlock<Orders>::Data data;
        if (lock.try_read(data)) require(data.a == data.b);
      });
}

/// And reads newer data after older.
void a_reader_reads() {
  Seqlock<> lock;
  in_threads([&] { lock.write({1, 1}); },
             [&] {
               Seqlock<>::Data first, second;
               while (!lock.try_read(first)) {
               }
               while (!lock.try_read(second)) {
               }
               require(first.a == first.b && second.a == second.b && first.a <= second.a);
             });
}

void two_readers_try() {
  Seqlock<> lock;
  const auto read = [&] {
    Seqlock<>::Data data;
    if (lock.try_read(data)) require(data.a == data.b);
  };
  in_threads([&] { lock.write({1, 1}); }, read, read);
}

TEST(Seqlock, DoesNotTearAWrite) { EXPECT_TRUE(passes(a_reader_tries<SeqlockOrders, 1>)); }
TEST(Seqlock, DoesNotMixTwoWrites) { EXPECT_TRUE(passes(a_reader_tries<SeqlockOrders, 2>)); }
TEST(Seqlock, CanBeReadInTheEnd) { EXPECT_TRUE(passes(a_reader_reads)); }
TEST(Seqlock, HasManyReaders) { EXPECT_TRUE(passes(two_readers_try)); }

struct NoFenceAtTheBegin : SeqlockOrders {
  static constexpr auto begin = relaxed;
};

// The reader sees 0, a = 1, b = 0, and still 0: that it has seen a does not tell it that the number
// is odd. x86 keeps stores in order.
TEST(Seqlock, BeginMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::requirement, a_reader_tries<NoFenceAtTheBegin, 1>));
  EXPECT_TRUE(passes(a_reader_tries<NoFenceAtTheBegin, 1>, MemoryModel::tso));
}

struct EndRelaxed : SeqlockOrders {
  static constexpr auto end = relaxed;
};

// The reader sees 2, a = 1, b = 0, 2: the number comes after the fence, but the data do so too.
TEST(Seqlock, EndMustRelease) {
  EXPECT_TRUE(is_refused(Wrong::requirement, a_reader_tries<EndRelaxed, 1>));
}

struct FirstLookRelaxed : SeqlockOrders {
  static constexpr auto first_look = relaxed;
};

// The same from the other side.
TEST(Seqlock, FirstLookMustAcquire) {
  EXPECT_TRUE(is_refused(Wrong::requirement, a_reader_tries<FirstLookRelaxed, 1>));
}

struct NoFenceBeforeTheSecondLook : SeqlockOrders {
  static constexpr auto before_second_look = relaxed;
};

// 0, a = 1, b = 0, 0: the data are released after the odd number, and not acquired before the second look.
TEST(Seqlock, SecondLookMustComeAfterAnAcquireFence) {
  EXPECT_TRUE(is_refused(Wrong::requirement, a_reader_tries<NoFenceBeforeTheSecondLook, 1>));
  EXPECT_TRUE(passes(a_reader_tries<NoFenceBeforeTheSecondLook, 1>, MemoryModel::tso));
}

struct AcceptsOdd : SeqlockOrders {
  static constexpr bool refuses_odd = false;
};

// 1, a = 1, b = 0, 1: in the middle of a write.
TEST(Seqlock, OddMustBeRefused) {
  EXPECT_TRUE(is_refused(Wrong::requirement, a_reader_tries<AcceptsOdd, 1>));
  EXPECT_TRUE(is_refused(Wrong::requirement, a_reader_tries<AcceptsOdd, 1>, MemoryModel::sc));
}

}  // namespace
}  // namespace structures
