// Races on parts of objects: which bytes an access covers, and where they are.
#include <array>
#include <atomic>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "explored.hpp"

namespace lockstep::check {
namespace {

constexpr auto relaxed = std::memory_order_relaxed;

struct Wide {
  std::array<char, 40> bytes{};
};
// Two of them, not on a stack: there clang 19 leaves out accesses to a part whose own address is not taken.
#define TWO_WIDE(a, b)                                         \
  const auto memory = std::make_unique<std::array<Wide, 2>>(); \
  Wide &a = (*memory)[0], &b = (*memory)[1]

TEST(RaceExtent, ACopyOfAStruct) {
  const Program program = [] {
    TWO_WIDE(a, b);
    std::thread thread([&] { a = b; });
    a.bytes[20] = 1;
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::data_race, program,
                    {LINE_OF("a = b;"), LINE_OF("a.bytes[20] = 1;"), "(1 byte)"}));
}

TEST(RaceExtent, MemcpyMemmoveAndMemset) {
  volatile std::size_t size = 40;
  const auto with = [&](auto function) {
    return [&size, function] {
      TWO_WIDE(a, b);
      std::thread thread([&] { function(&a, &b, size); });
      b.bytes[39] = a.bytes[39] = 1;
      thread.join();
    };
  };
  const auto copies = [](void* to, void* from, std::size_t n) { std::memcpy(to, from, n); };
  const auto moves = [](void* to, void* from, std::size_t n) { std::memmove(to, from, n); };
  const auto sets = [](void* to, void*, std::size_t n) { std::memset(to, 1, n); };
  EXPECT_TRUE(fails(Wrong::data_race, with(copies), {"thread 1", LINE_OF("std::memcpy")}));
  EXPECT_TRUE(fails(Wrong::data_race, with(moves), {"thread 1", LINE_OF("std::memmove")}));
  EXPECT_TRUE(fails(Wrong::data_race, with(sets), {"thread 1", LINE_OF("std::memset")}));
}

TEST(RaceExtent, ACopyReadsItsSource) {
  volatile std::size_t size = 40;
  EXPECT_TRUE(fails(Wrong::data_race,
                    [&] {
                      TWO_WIDE(a, b);
                      std::thread thread([&] { std::memcpy(&a, &b, size); });
                      b.bytes[0] = 1;
                      thread.join();
                    },
                    {"thread 0 writes", "thread 1 reads"}));
}

TEST(RaceExtent, DifferentBytesOfAWordAreNone) {
  EXPECT_TRUE(passes([] {
    alignas(8) std::array<char, 8> word{};
    std::thread thread([&] {
      for (std::size_t i = 0; i < 8; i += 2) word[i] = 1;
    });
    for (std::size_t i = 1; i < 8; i += 2) word[i] = 2;
    thread.join();
    for (std::size_t i = 0; i < 8; ++i) require(word[i] == (i % 2 == 0 ? 1 : 2));
  }));
}

TEST(RaceExtent, NeighbouringBitFieldsAreOneMemoryLocation) {
  struct Bits {
    unsigned a : 4, b : 4;
  };
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      Bits bits{};
                      std::thread thread([&] { bits.a = 1; });
                      bits.b = 1;
                      thread.join();
                    },
                    {"thread 0", "thread 1"}));
}

TEST(RaceExtent, BitFieldsThatAreKeptApartAreNone) {
  struct Bits {
    unsigned a : 8;
    unsigned : 0;
    unsigned b : 8;
  };
  EXPECT_TRUE(passes([] {
    Bits bits{};
    std::thread thread([&] { bits.a = 1; });
    bits.b = 1;
    thread.join();
  }));
}

TEST(RaceExtent, AnUnalignedAccessReachesIntoTheNextWord) {
  struct [[gnu::packed]] Packed {
    char first[5];
    long number;
  };
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      const auto packed = std::make_unique<Packed>();
                      std::thread thread([&] { packed->number = 1; });
                      reinterpret_cast<char*>(packed.get())[12] = 1;  // the last byte of number
                      thread.join();
                    },
                    {"(1 byte)", "byte 12 of 13"}));
}

TEST(RaceExtent, OneOfManyReadersThatIsNotWaitedFor) {
  for (std::size_t missed = 0; missed < 9; ++missed) {
    EXPECT_TRUE(fails(Wrong::data_race,
                      [missed] {
                        int x = 1;
                        std::vector<std::thread> threads;
                        for (int i = 0; i < 9; ++i) threads.emplace_back([&] { require(x > 0); });
                        for (std::size_t i = 0; i < 9; ++i) {
                          if (i != missed) threads[i].join();
                        }
                        x = 2;
                        threads[missed].join();
                      },
                      {"thread 0 writes", "thread " + std::to_string(missed + 1) + " reads"}));
  }
}

TEST(RaceExtent, TheCharactersOfAString) {
  EXPECT_TRUE(fails(Wrong::data_race,
                    [] {
                      std::string text(50, 'x');
                      std::thread thread([&] { text[3] = 'y'; });
                      const std::string copy = text;
                      thread.join();
                    },
                    {"heap of thread 0", "race_extent_test.cpp"}));
}

TEST(RaceExtent, AFreeAndAnAccessBeforeIt) {
  const Program program = [] {
    auto owned = std::make_unique<int>(1);
    std::atomic<bool> is_read{false};
    std::thread thread([&, raw = owned.get()] {
      require(*raw == 1);
      is_read.store(true, relaxed);
    });
    if (is_read.load(relaxed)) owned.reset();
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::data_race, program,
                    {"thread 1 reads", LINE_OF("require(*raw == 1);"), "thread 0 frees",
                     LINE_OF("if (is_read.load(relaxed)) owned.reset();")}));
}

}  // namespace
}  // namespace lockstep::check
