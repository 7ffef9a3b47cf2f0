// Memory that was there before an execution, and what an execution allocates.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <sys/prctl.h>
#include <unistd.h>

#include "explored.hpp"

namespace lockstep::check {
namespace {

int global = 7;
std::atomic<int> global_atomic{3};
struct Wide {
  std::array<int, 100> values{};
} wide;

TEST(Memory, GlobalsBeginEachExecutionAsTheyWere) {
  const Result result = explored([] {
    require(global == 7 && global_atomic == 3 && wide.values[50] == 0);
    ++global;
    ++global_atomic;
    Wide other;
    other.values[50] = 1;
    wide = other;
    (void)choose(3);
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 3u);
  EXPECT_EQ(global, 7);
  EXPECT_EQ(global_atomic, 3);
  EXPECT_EQ(wide.values[50], 0);
}

TEST(Memory, GlobalsArePutBackAfterAWrongExecution) {
  EXPECT_TRUE(fails(Wrong::requirement,
                    [] {
                      ++global;
                      require(global == 7);
                    },
                    {}));
  EXPECT_EQ(global, 7);
}

TEST(Memory, VariablesOfTheCallerArePutBack) {
  int captured = 1;
  std::vector<int> vector{1, 2, 3};
  std::atomic<int> atomic{4};
  const Result result = explored([&] {
    require(captured == 1 && vector[1] == 2 && atomic == 4);
    captured = 10;
    vector[1] = 20;
    atomic = 40;
    (void)choose(2);
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(captured, 1);
  EXPECT_EQ(vector[1], 2);
  EXPECT_EQ(atomic, 4);
}

TEST(Memory, AVectorOfTheCallerMayGrowAndIsPutBack) {
  std::vector<int> vector{1, 2, 3};
  vector.shrink_to_fit();
  EXPECT_TRUE(passes([&] {
    for (int i = 0; i < 100; ++i) vector.push_back(i);
    (void)choose(2);
  }));
  EXPECT_EQ(vector, (std::vector<int>{1, 2, 3}));
}

/// Takes down what an execution saw where the next one does not put it back.
void note(std::uintptr_t address) { outcome(std::to_string(address)); }

TEST(Memory, AllocationsHaveTheSameAddressesInEachExecution) {
  const Result result = explored([] {
    std::atomic<int> x{0};
    std::uintptr_t in_thread = 0;
    std::thread thread([&] {
      const auto mine = std::make_unique<int>(1);
      in_thread = reinterpret_cast<std::uintptr_t>(mine.get());
      x.fetch_add(1);
    });
    const auto mine = std::make_unique<std::array<char, 300>>();
    x.fetch_add(1);
    thread.join();
    note(reinterpret_cast<std::uintptr_t>(mine.get()));
    note(in_thread);
    note(reinterpret_cast<std::uintptr_t>(&x));
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 2u);
  EXPECT_EQ(result.outcomes.size(), 1u);
}

TEST(Memory, FreedMemoryIsNotUsedAgainInTheSameExecution) {
  EXPECT_TRUE(passes([] {
    std::set<void*> seen;
    for (int i = 0; i < 10; ++i) {
      void* const block = std::malloc(32);
      require(seen.insert(block).second);
      std::free(block);
    }
  }));
}

TEST(Memory, CallocGivesZeroesAndReallocKeepsWhatWasThere) {
  EXPECT_TRUE(passes([] {
    auto* numbers = static_cast<int*>(std::calloc(4, sizeof(int)));
    escape(numbers);
    for (int i = 0; i < 4; ++i) require(numbers[i] == 0);
    numbers[3] = 9;
    numbers = static_cast<int*>(std::realloc(numbers, 100 * sizeof(int)));
    require(numbers[0] == 0 && numbers[3] == 9);
    numbers = static_cast<int*>(std::realloc(numbers, 4 * sizeof(int)));
    require(numbers[3] == 9);
    std::free(numbers);
    std::free(std::realloc(nullptr, 8));
  }));
}

TEST(Memory, CallocOfTooMuchFailsAsItShould) {
  EXPECT_TRUE(passes([] {
    volatile std::size_t huge = ~std::size_t{0} / 2;
    void *zeroed = std::calloc(huge, 4), *block = std::malloc(huge);
    escape(&zeroed);
    escape(&block);
    require(zeroed == nullptr && block == nullptr);
    bool has_thrown = false;
    try {
      escape(::operator new(huge));
    } catch (const std::bad_alloc&) {
      has_thrown = true;
    }
    require(has_thrown);
  }));
}

TEST(Memory, AlignmentIsWhatWasAskedFor) {
  EXPECT_TRUE(passes([] {
    struct alignas(256) Aligned {
      char byte;
    };
    const auto is_aligned = [](const void* address, std::size_t to) {
      return reinterpret_cast<std::uintptr_t>(address) % to == 0;
    };
    const auto one = std::make_unique<char>();
    const auto aligned = std::make_unique<Aligned>();
    require(is_aligned(aligned.get(), 256));
    void* memory = nullptr;
    require(posix_memalign(&memory, 64, 100) == 0 && is_aligned(memory, 64));
    std::free(memory);
    memory = std::aligned_alloc(128, 256);
    require(is_aligned(memory, 128));
    std::free(memory);
    require(is_aligned(std::unique_ptr<char>(new char).get(), alignof(std::max_align_t)));
  }));
}

TEST(Memory, OneThreadMayFreeWhatAnotherAllocated) {
  EXPECT_TRUE(passes([] {
    auto owned = std::make_unique<int>(3);
    std::thread thread([moved = std::move(owned)]() mutable { moved.reset(); });
    thread.join();
  }));
}

TEST(Memory, ABigObjectOnStackAndHeapIsSeenToItsLastByte) {
  EXPECT_TRUE(passes([] {
    std::array<char, 1 << 20> on_stack;
    on_stack.fill(1);
    const auto on_heap = std::make_unique<std::array<char, 1 << 20>>(on_stack);
    std::thread thread([&] { require((*on_heap)[(1 << 20) - 1] == 1); });
    thread.join();
  }));
}

std::size_t resident_bytes() {
  std::size_t size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

TEST(Memory, TheCheckerNeedsNoMoreOfItAfterManyExecutions) {
  const Program program = [] {
    std::atomic<int> x{0};
    std::thread thread([&] { x.fetch_add(1); });
    x.fetch_add(1);
    thread.join();
    const auto block = std::make_unique<std::string>(100, 'x');
    (void)choose(1000);
  };
  prctl(PR_SET_THP_DISABLE, 1, 0, 0,
        0);  // else the kernel may back what is used with pages of 2 MB at any time
  Options some, many;
  some.max_executions = 1'000;
  many.max_executions = 200'000;
  many.random_walks = 200'000;
  EXPECT_TRUE(explore(program, some).found_nothing());
  const std::size_t before = resident_bytes();
  const Result result = explore(program, many);
  EXPECT_TRUE(result.found_nothing()) << result;
  EXPECT_EQ(result.executions, 200'000u);
  EXPECT_LT(resident_bytes(), before + (std::size_t{4} << 20));
}

}  // namespace
}  // namespace lockstep::check
