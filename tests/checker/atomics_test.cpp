// Atomic operations of every size have the results that the processor would give.
#include <atomic>
#include <cstdint>
#include <limits>
#include <string>
#include <thread>
#include <type_traits>

#include "explored.hpp"

namespace lockstep::check {
namespace {

__extension__ using Int128 = unsigned __int128;

template <class T>
class AtomicsOfSize : public testing::Test {};
using Sizes = testing::Types<std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t, std::int8_t,
                             std::int16_t, std::int32_t, std::int64_t, Int128>;
TYPED_TEST_SUITE(AtomicsOfSize, Sizes);

TYPED_TEST(AtomicsOfSize, ALoadSeesWhatAStoreWrote) {
  using T = TypeParam;
  EXPECT_TRUE(passes([] {
    constexpr T pattern = static_cast<T>(static_cast<T>(~T{0}) - T{5});
    T object = 1;
    T seen = 0;
    __atomic_store_n(&object, pattern, __ATOMIC_RELEASE);
    __atomic_load(&object, &seen, __ATOMIC_ACQUIRE);
    require(seen == pattern);
    require(__atomic_exchange_n(&object, T{3}, __ATOMIC_ACQ_REL) == pattern);
    require(__atomic_load_n(&object, __ATOMIC_SEQ_CST) == T{3});
  }));
}

TYPED_TEST(AtomicsOfSize, FetchAndDoWrapsAround) {
  using T = TypeParam;
  EXPECT_TRUE(passes([] {
    constexpr T all = static_cast<T>(~T{0});  // the largest, or -1
    T object = all;
    require(__atomic_fetch_add(&object, T{2}, __ATOMIC_RELAXED) == all && object == T{1});
    require(__atomic_fetch_sub(&object, T{3}, __ATOMIC_RELAXED) == T{1});
    require(object == static_cast<T>(all - T{1}));
    require(__atomic_fetch_and(&object, T{0x0f}, __ATOMIC_RELAXED) == static_cast<T>(all - T{1}));
    require(__atomic_fetch_or(&object, T{0x11}, __ATOMIC_RELAXED) == T{0x0e});
    require(__atomic_fetch_xor(&object, T{0x03}, __ATOMIC_RELAXED) == T{0x1f});
    require(__atomic_fetch_nand(&object, T{0x14}, __ATOMIC_RELAXED) == T{0x1c});
    require(object == static_cast<T>(~T{0x14}));
  }));
}

TYPED_TEST(AtomicsOfSize, DoAndFetchTellsTheNewValue) {
  using T = TypeParam;
  EXPECT_TRUE(passes([] {
    constexpr T all = static_cast<T>(~T{0});
    T object = all;
    require(__atomic_add_fetch(&object, T{1}, __ATOMIC_RELAXED) == T{0});
    require(__atomic_sub_fetch(&object, T{1}, __ATOMIC_RELAXED) == all);
    require(__atomic_and_fetch(&object, T{6}, __ATOMIC_RELAXED) == T{6});
    require(__atomic_or_fetch(&object, T{1}, __ATOMIC_RELAXED) == T{7});
    require(__atomic_xor_fetch(&object, T{2}, __ATOMIC_RELAXED) == T{5});
    require(__atomic_nand_fetch(&object, T{4}, __ATOMIC_RELAXED) == static_cast<T>(~T{4}));
  }));
}

TYPED_TEST(AtomicsOfSize, SyncBuiltinsAreTheSameOperations) {
  using T = TypeParam;
  EXPECT_TRUE(passes([] {
    T object = 5;
    require(__sync_fetch_and_add(&object, T{2}) == T{5} &&
            __sync_add_and_fetch(&object, T{1}) == T{8});
    require(__sync_fetch_and_sub(&object, T{2}) == T{8} &&
            __sync_fetch_and_or(&object, T{1}) == T{6});
    require(__sync_fetch_and_and(&object, T{3}) == T{7} &&
            __sync_fetch_and_xor(&object, T{1}) == T{3});
    require(__sync_val_compare_and_swap(&object, T{2}, T{9}) == T{2});
    require(!__sync_bool_compare_and_swap(&object, T{2}, T{10}) && object == T{9});
    require(__sync_lock_test_and_set(&object, T{1}) == T{9});
    __sync_lock_release(&object);
    __sync_synchronize();
    require(object == T{0});
  }));
}

TYPED_TEST(AtomicsOfSize, ACompareExchangeThatFailsTellsWhatIsThere) {
  using T = TypeParam;
  EXPECT_TRUE(passes([] {
    constexpr T all = static_cast<T>(~T{0});
    T object = all;
    T expected = 1;
    require(!__atomic_compare_exchange_n(&object, &expected, T{2}, false, __ATOMIC_SEQ_CST,
                                         __ATOMIC_RELAXED));
    require(expected == all && object == all);
    require(__atomic_compare_exchange_n(&object, &expected, T{2}, false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED));
    require(expected == all && object == T{2});
  }));
}

TYPED_TEST(AtomicsOfSize, NoIncrementIsLostWhereItWraps) {
  using T = TypeParam;
  const Result result = explored([] {
    T object = static_cast<T>(~T{0});
    const auto body = [&] { __atomic_fetch_add(&object, T{1}, __ATOMIC_RELAXED); };
    std::thread a(body), b(body);
    a.join();
    b.join();
    require(object == T{1});
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 2u);
}

TYPED_TEST(AtomicsOfSize, AnAtomicObjectIsNotTorn) {
  using T = TypeParam;
  const Result result = explored([] {
    constexpr T all = static_cast<T>(~T{0});
    T object = 0;
    std::thread writer([&] { __atomic_store_n(&object, all, __ATOMIC_RELAXED); });
    const T seen = __atomic_load_n(&object, __ATOMIC_RELAXED);
    require(seen == T{0} || seen == all);
    writer.join();
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 2u);
}

/// Compilers give these to the library, or do them in a loop of their own.
TEST(Atomics, FloatingPointAddsUpWhoeverIsFirst) {
  EXPECT_TRUE(passes([] {
    std::atomic<double> sum{0.5};
    std::atomic<float> other{1.0F};
    std::thread thread([&] { sum.fetch_add(1.25); });
    sum.fetch_sub(0.25);
    thread.join();
    other += 2.0F;
    require(sum == 1.5 && other == 3.0F);
  }));
}

TEST(Atomics, PointersMoveByTheSizeOfWhatTheyPointAt) {
  EXPECT_TRUE(passes([] {
    long array[4] = {};
    std::atomic<long*> pointer{array};
    require(pointer.fetch_add(2) == array && pointer == array + 2);
    require(--pointer == array + 1 && pointer++ == array + 1);
    require((pointer -= 2) == array);
  }));
}

TEST(Atomics, AFlagIsTakenByOne) {
  const Result result = explored([] {
    std::atomic_flag flag;
    std::atomic<int> taken{0};
    const auto body = [&] {
      if (!flag.test_and_set(std::memory_order_acquire)) taken.fetch_add(1);
    };
    std::thread a(body), b(body);
    a.join();
    b.join();
    require(taken == 1 && flag.test());
    flag.clear();
    require(!flag.test());
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 2u);
}

struct alignas(16) Pair {
  std::uint64_t first, second;
  bool operator==(const Pair&) const = default;
};

TEST(Atomics, APairOfSixteenBytesIsOneObject) {
  const Result result = explored([] {
    std::atomic<Pair> pair{Pair{1, 2}};
    std::thread thread([&] { pair.store(Pair{3, 4}); });
    Pair seen = pair.load();
    require(seen == Pair{1, 2} || seen == Pair{3, 4});
    const bool was_exchanged = pair.compare_exchange_strong(seen, Pair{5, 6});
    thread.join();
    outcome(was_exchanged ? "exchanged" : "not");
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.outcomes.size(), 2u) << result;
}

TEST(Atomics, VolatileOnesAreSeenToo) {
  const Result result = explored([] {
    volatile std::atomic<int> x{0};
    std::thread thread([&] { x.fetch_add(1); });
    x.fetch_add(1);
    thread.join();
    require(x.load() == 2);
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 2u);
}

}  // namespace
}  // namespace lockstep::check
