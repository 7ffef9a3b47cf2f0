// Which memory is an atomic object, and until when; and which memory cannot be one.
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <new>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

TEST(AtomicObjects, AnAtomicRefMakesAPlainVariableAtomicForAWhile) {
  const Result result = explored([] {
    int x = 1;
    std::thread thread([&] { std::atomic_ref<int>(x).fetch_add(1); });
    std::atomic_ref<int>(x).fetch_add(1);
    thread.join();
    require(x == 3);
    x = 5;
    require(std::atomic_ref<int>(x).load() == 5);
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 2u);
}

TEST(AtomicObjects, AnObjectInALoopBeginsAnewInEachRound) {
  EXPECT_TRUE(passes([] {
    for (int round = 0; round < 3; ++round) {
      std::atomic<int> x{round};
      escape(&x);
      require(x.load() == round);
      x.store(100);
      require(x.fetch_add(1) == 100);
    }
  }));
}

TEST(AtomicObjects, AnObjectInALoopMayBeSharedInEachRound) {
  const Result result = explored([] {
    for (int round = 0; round < 2; ++round) {
      std::atomic<int> x{0};
      std::thread thread([&] { x.fetch_add(1); });
      x.fetch_add(1);
      thread.join();
      require(x == 2);
    }
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 4u);
}

TEST(AtomicObjects, ANewObjectMayBePlacedWhereAnotherWas) {
  EXPECT_TRUE(passes([] {
    alignas(8) std::array<std::byte, 8> memory{};
    escape(memory.data());
    auto* const narrow = new (memory.data()) std::atomic<std::uint32_t>(1);
    require(narrow->fetch_add(1) == 1);
    auto* const wide = new (memory.data()) std::atomic<std::uint64_t>(7);
    require(wide->fetch_add(1) == 7);
    auto* const narrow_again = new (memory.data()) std::atomic<std::uint32_t>(9);
    require(narrow_again->load() == 9);
  }));
}

TEST(AtomicObjects, ANewObjectSharesNothingWithTheOldOne) {
  EXPECT_TRUE(passes([] {
    alignas(8) std::array<std::byte, 8> memory{};
    escape(memory.data());
    auto* const first = new (memory.data()) std::atomic<int>(1);
    std::thread writer([&] { first->store(2); });
    writer.join();
    auto* const second = new (memory.data()) std::atomic<int>(3);
    std::thread reader([&] { require(second->load() == 3); });
    reader.join();
  }));
}

TEST(AtomicObjects, NeighboursInAWordAreDifferentObjects) {
  EXPECT_TRUE(passes([] {
    std::array<std::atomic<std::uint8_t>, 8> bytes{};
    std::thread thread([&] {
      for (std::size_t i = 0; i < 8; i += 2) bytes[i].store(1, std::memory_order_relaxed);
    });
    for (std::size_t i = 1; i < 8; i += 2) bytes[i].store(2, std::memory_order_relaxed);
    thread.join();
    for (std::size_t i = 0; i < 8; ++i) require(bytes[i] == (i % 2 == 0 ? 1 : 2));
  }));
}

TEST(AtomicObjects, AccessesOfDifferentSizesToTheSameBytesAreRefused) {
  EXPECT_TRUE(is_refused(
      [] {
        alignas(8) std::uint64_t word = 0;
        escape(&word);
        __atomic_store_n(&word, 1, __ATOMIC_RELAXED);
        require(__atomic_load_n(reinterpret_cast<std::uint32_t*>(&word), __ATOMIC_RELAXED) < 2);
      },
      {"different sizes", "atomic_objects_test.cpp"}));
}

TEST(AtomicObjects, AWideAccessOverNarrowOnesIsRefused) {
  EXPECT_TRUE(is_refused(
      [] {
        alignas(8) std::uint64_t word = 0;
        escape(&word);
        auto* const bytes = reinterpret_cast<std::uint8_t*>(&word);
        __atomic_store_n(bytes + 5, 1, __ATOMIC_RELAXED);
        require(__atomic_load_n(&word, __ATOMIC_RELAXED) != 1);
      },
      {"different sizes"}));
}

TEST(AtomicObjects, AMisalignedAccessIsRefused) {
  EXPECT_TRUE(is_refused(
      [] {
        alignas(8) std::array<std::byte, 16> memory{};
        void* address = memory.data() + 2;
        escape(&address);
        (void)__atomic_load_n(static_cast<std::uint32_t*>(address), __ATOMIC_RELAXED);
      },
      {"misaligned", "atomic_objects_test.cpp"}));
}

TEST(AtomicObjects, AReadBeforeTheFirstWriteIsAnError) {
  EXPECT_TRUE(fails(Wrong::uninitialized_atomic,
                    [] {
                      auto* const memory =
                          static_cast<std::atomic<int>*>(::operator new(sizeof(std::atomic<int>)));
                      escape(memory);
                      (void)memory->load();
                    },
                    {"never initialized", "atomic_objects_test.cpp"}));
}

TEST(AtomicObjects, AnUpdateBeforeTheFirstWriteIsAnError) {
  EXPECT_TRUE(fails(Wrong::uninitialized_atomic,
                    [] {
                      auto* const memory = static_cast<int*>(::operator new(sizeof(int)));
                      escape(memory);
                      __atomic_fetch_add(memory, 1, __ATOMIC_RELAXED);
                    },
                    {"never initialized"}));
}

TEST(AtomicObjects, AnAtomicWriteInitializes) {
  EXPECT_TRUE(passes([] {
    const std::unique_ptr<int> memory(new int);
    __atomic_store_n(memory.get(), 1, __ATOMIC_RELAXED);
    require(__atomic_load_n(memory.get(), __ATOMIC_RELAXED) == 1);
  }));
}

TEST(AtomicObjects, AGlobalIsInitializedBeforeTheProgram) {
  static std::atomic<int> zero;
  EXPECT_TRUE(passes([] { require(zero.load() == 0); }));
}

// Weak compare-exchanges

Result of_weak(unsigned spurious_failures) {
  Options options;
  options.spurious_failures = spurious_failures;
  return explored(
      [] {
        std::atomic<int> x{0};
        int failures = 0;
        for (int round = 0; round < 2; ++round) {
          int expected = 0;
          if (!x.compare_exchange_weak(expected, 0)) {
            require(expected == 0);
            ++failures;
          }
        }
        outcome(std::to_string(failures));
      },
      options);
}

TEST(WeakCompareExchange, WithoutSpuriousFailuresItIsAsGoodAsAStrongOne) {
  const Result result = of_weak(0);
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 1u);
}

TEST(WeakCompareExchange, ItFailsAsOftenInAnExecutionAsItMay) {
#if defined(__clang__)
  GTEST_SKIP() << "clang's instrumentation does not tell weak from strong";
#endif
  const Result once = of_weak(1), twice = of_weak(2);
  EXPECT_EQ(once.outcomes, (std::map<std::string, std::uint64_t>{{"0", 1}, {"1", 2}})) << once;
  EXPECT_EQ(twice.outcomes, (std::map<std::string, std::uint64_t>{{"0", 1}, {"1", 2}, {"2", 1}}))
      << twice;
}

TEST(WeakCompareExchange, AStrongOneNeverFailsForNoReason) {
  EXPECT_TRUE(passes([] {
    std::atomic<int> x{0};
    int expected = 0;
    require(x.compare_exchange_strong(expected, 1));
  }));
}

TEST(WeakCompareExchange, TheUsualLoopLosesNothing) {
  EXPECT_TRUE(passes([] {
    std::atomic<int> x{0};
    const auto body = [&] {
      int seen = x.load();
      while (!x.compare_exchange_weak(seen, seen + 1)) {
      }
    };
    std::thread other(body);
    body();
    other.join();
    require(x == 2);
  }));
}

}  // namespace
}  // namespace lockstep::check
