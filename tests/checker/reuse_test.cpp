// Options::reuse_memory: freed memory may be allocated again, where its free happens before.
#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "explored.hpp"

namespace lockstep::check {
namespace {

Options reusing(bool finds_leaks = true) {
  Options options;
  options.reuse_memory = true;
  options.find_leaks = finds_leaks;
  return options;
}

/// Keeps an allocation from being left out.
int* allocate(int value) {
  int* pointer = new int(value);
  escape(&pointer);
  return pointer;
}

void frees_and_allocates() {
  const int* const first = allocate(1);
  const auto address = reinterpret_cast<std::uintptr_t>(first);
  delete first;
  const int* const second = allocate(2);
  outcome(address == reinterpret_cast<std::uintptr_t>(second) ? "same" : "other");
  delete second;
}

TEST(Reuse, IsAChoice) {
  const Result result = explored(&frees_and_allocates, reusing());
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 2u);
  EXPECT_EQ(result.outcomes.size(), 2u) << result;
}

TEST(Reuse, HappensOnlyIfItIsAskedFor) {
  const Result result = explored(&frees_and_allocates);
  EXPECT_EQ(result.executions, 1u);
  EXPECT_EQ(result.outcomes.count("other"), 1u) << result;
}

TEST(Reuse, OfEachOfSeveralBlocks) {
  const Result result = explored(
      [] {
        int *const a = allocate(1), *const b = allocate(2);
        const auto at_a = reinterpret_cast<std::uintptr_t>(a),
                   at_b = reinterpret_cast<std::uintptr_t>(b);
        delete a;
        delete b;
        for (int i = 0; i < 2; ++i) {
          const auto at = reinterpret_cast<std::uintptr_t>(allocate(3));
          outcome(at == at_a ? "a" : at == at_b ? "b" : "fresh");
        }
      },
      reusing(false));
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 7u) << result;
  EXPECT_EQ(result.outcomes.size(), 7u) << "all but each block twice";
}

TEST(Reuse, OnlyOfABlockOfAboutTheSameSize) {
  const auto frees_and_allocates = [](std::size_t freed, std::size_t allocated) {
    return [=] {
      void* block = std::malloc(freed);
      escape(&block);
      std::free(block);
      block = std::malloc(allocated);
      escape(&block);
      std::free(block);
    };
  };
  EXPECT_EQ(explored(frees_and_allocates(17, 32), reusing()).executions, 2u);
  EXPECT_EQ(explored(frees_and_allocates(16, 17), reusing()).executions, 1u);
  EXPECT_EQ(explored(frees_and_allocates(64, 32), reusing()).executions, 1u);
}

TEST(Reuse, ByAnotherThreadThatTheFreeHappensBefore) {
  const Result result = explored(
      [] {
        const int* const first = allocate(1);
        const auto address = reinterpret_cast<std::uintptr_t>(first);
        std::thread([=] { delete first; }).join();
        const int* const second = allocate(2);
        outcome(address == reinterpret_cast<std::uintptr_t>(second) ? "same" : "other");
        delete second;
      },
      reusing());
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.outcomes.count("same"), 1u) << result;
}

TEST(Reuse, NotByAnotherThreadIfNothingOrdersTheFree) {
  const Result result = explored(
      [] {
        const int* const first = allocate(1);
        const auto address = reinterpret_cast<std::uintptr_t>(first);
        std::atomic<bool> is_freed{false};
        std::thread thread([&, first] {
          delete first;
          is_freed.store(true, std::memory_order_relaxed);
        });
        (void)is_freed.load(std::memory_order_relaxed);
        const int* const second = allocate(2);
        outcome(address == reinterpret_cast<std::uintptr_t>(second) ? "same" : "other");
        delete second;
        thread.join();
      },
      reusing());
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.outcomes.count("same"), 0u) << result;
  EXPECT_EQ(result.outcomes.count("other"), 1u) << result;
}

/// The addresses that two threads get who know of one free.
std::string who_gets_it(std::uintptr_t address, const int* here, const int* there) {
  const auto is_it = [&](const int* p) { return reinterpret_cast<std::uintptr_t>(p) == address; };
  if (is_it(here)) return is_it(there) ? "both" : "here";
  return is_it(there) ? "there" : "nobody";
}

TEST(Reuse, ByOneOfTwoThreadsThatMay) {
  const Result result = explored(
      [] {
        int* block = static_cast<int*>(std::malloc(500));
        const auto address = reinterpret_cast<std::uintptr_t>(block);
        std::free(block);
        int *here = nullptr, *there = nullptr;
        std::atomic<int> x{0};
        std::thread thread([&] {
          there = static_cast<int*>(std::malloc(500));
          *there = 1;
          x = 1;
        });
        here = static_cast<int*>(std::malloc(500));
        *here = 2;
        (void)x.load();
        thread.join();
        require(*here == 2 && *there == 1);
        outcome(who_gets_it(address, here, there));
        std::free(here);
        std::free(there);
      },
      reusing());
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 6u) << "two for each";
  EXPECT_EQ(result.outcomes.size(), 3u) << result;
  EXPECT_EQ(result.outcomes.count("both"), 0u);
}

// 13 ways to give two blocks, or none, to three threads; each with 3! orders of the changes of x, and of y.
TEST(Reuse, OfTwoBlocksByThreeThreadsInEveryWayOnce) {
  const Result result = explored(
      [] {
        constexpr std::size_t size = 500;  // nobody else has blocks of that
        void *first = std::malloc(size), *second = std::malloc(size);
        escape(&first);
        escape(&second);
        std::free(first);
        std::free(second);
        std::atomic<int> x{0}, y{0};
        std::array<std::thread, 3> threads;
        for (std::thread& thread : threads) {
          thread = std::thread([&] {
            x.fetch_add(1, std::memory_order_relaxed);
            void* block = std::malloc(size);
            escape(&block);
            y.fetch_add(1, std::memory_order_relaxed);
          });
        }
        for (std::thread& thread : threads) thread.join();
      },
      reusing(false));
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 13u * 6u * 6u);
}

TEST(Reuse, WhatComesBackIsUnset) {
  const Program program = [] {
    auto* const first = new std::atomic<int>(1);
    (void)first->load();
    delete first;
    void* const memory = ::operator new(sizeof(std::atomic<int>));
    escape(memory);
    (void)static_cast<std::atomic<int>*>(memory)->load();
    ::operator delete(memory);
  };
  EXPECT_TRUE(fails(Wrong::uninitialized_atomic, program, {}, reusing()));
}

TEST(Reuse, AnAtomicThatComesBackIsAnother) {
  EXPECT_TRUE(explored(
                  [] {
                    for (int i = 0; i < 3; ++i) {
                      const auto atomic = std::make_unique<std::atomic<int>>(i);
                      std::thread thread([&] { atomic->fetch_add(10); });
                      require(atomic->load() % 10 == i);
                      thread.join();
                      require(atomic->load() == i + 10);
                    }
                  },
                  reusing())
                  .passed());
}

TEST(Reuse, ATooLateFreeFreesWhatCameBack) {
  const Program program = [] {
    const int* const first = allocate(1);
    const auto* late = first;
    escape(&late);
    delete first;
    const int* second = allocate(2);
    if (late == second) {
      delete late;
      escape(&second);
      delete second;
    }
  };
  EXPECT_TRUE(fails(Wrong::bad_free, program,
                    {"double free", LINE_OF("delete second;"), "memory freed before"},
                    reusing(false)));
}

TEST(Reuse, ALeakOfWhatCameBackIsOne) {
  const Program program = [] {
    const int* const first = allocate(1);
    const auto* before = first;
    escape(&before);
    delete first;
    const int* const second = allocate(2);
    if (before != second) delete second;
  };
  EXPECT_TRUE(fails(Wrong::leak, program, {"4 bytes in 1 block"}, reusing()));
}

TEST(Reuse, AUseAfterFreeIsStillFound) {
  const Program program = [] {
    const int* const first = allocate(1);
    const auto* late = first;
    escape(&late);
    delete first;
    const int* const second = allocate(2);
    require(*late == 2);
    delete second;
  };
  EXPECT_TRUE(fails(Wrong::use_after_free, program, {LINE_OF("require(*late == 2);")}, reusing()));
}

/// Goes on only where the second block is the first one again, whose old pointer it returns too.
std::pair<int*, int*> one_block_twice() {
  int* const before = allocate(1);
  int* late = before;
  escape(&late);
  delete before;
  int* const second = allocate(2);
  assume(late == second);
  return {late, second};
}

TEST(Reuse, AnOldPointerPointsToWhatCameBack) {
  const Result result = explored(
      [] {
        const auto [late, second] = one_block_twice();
        std::thread([late = late] { require(*late == 2); }).join();
        delete late;
      },
      reusing());
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 1u);
}

TEST(Reuse, AccessesToWhatCameBackMayRace) {
  const Program program = [] {
    const auto [late, second] = one_block_twice();
    std::thread thread([late = late] { *late = 3; });
    *second = 4;
    thread.join();
    delete second;
  };
  EXPECT_TRUE(fails(Wrong::data_race, program,
                    {LINE_OF("*second = 4;"), "thread 1 writes", "(heap of thread 0, byte 0 of 4)"},
                    reusing()));
}

TEST(Reuse, IsPartOfTheToken) {
  const Program program = [] {
    const int* const first = allocate(1);
    const auto* before = first;
    escape(&before);
    delete first;
    const int* const second = allocate(2);
    require(before != second);
    delete second;
  };
  EXPECT_TRUE(
      fails(Wrong::requirement, program, {"choose 1 of 2 [memory freed before]"}, reusing()));
  EXPECT_TRUE(explored(program).passed());
}

TEST(Reuse, IsMetByRandomWalks) {
  Options options = reusing();
  options.random_walks = 50;
  const Result result = explored(&frees_and_allocates, options);
  EXPECT_EQ(result.outcomes.size(), 2u) << result;
}

}  // namespace
}  // namespace lockstep::check
