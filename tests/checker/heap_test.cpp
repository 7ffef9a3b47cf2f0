// Heap blocks beyond their ends, after their free, and never freed.
#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "explored.hpp"

namespace lockstep::check {
namespace {

TEST(Heap, BeyondTheEndOfABlock) {
  const Program program = [] {
    const auto block = std::make_unique<std::array<int, 4>>();
    int* element = block->data();
    escape(&element);
    element[5] = 1;
  };
  EXPECT_TRUE(
      fails(Wrong::crash, program, {"not allocated", "thread 0", LINE_OF("element[5] = 1;")}));
}

TEST(Heap, BeforeTheBeginningOfABlock) {
  EXPECT_TRUE(fails(Wrong::crash,
                    [] {
                      const auto before = std::make_unique<int>(), block = std::make_unique<int>();
                      escape(before.get());
                      int* element = block.get();
                      escape(&element);
                      element[-1] = 1;
                    },
                    {"not allocated"}));
}

TEST(Heap, AReadOfWhatWasFreed) {
  const Program program = [] {
    const int* pointer = new int(3);
    escape(&pointer);
    delete pointer;
    require(*pointer == 3);
  };
  const std::string freed = "thread 0 frees  " + LINE_OF("delete pointer;"),
                    read = "thread 0 reads  " + LINE_OF("require(*pointer == 3);");
  EXPECT_TRUE(fails(Wrong::use_after_free, program, {"use after free", freed, read}));
}

TEST(Heap, AUseInAnotherThreadThanTheFree) {
  const Program program = [] {
    int* const pointer = new int(3);
    std::thread thread([=] { *pointer = 4; });
    delete pointer;
    thread.join();
  };
  const std::string freed = "thread 0 frees   " + LINE_OF("delete pointer;"),
                    written = "thread 1 writes  " + LINE_OF("*pointer = 4;");
  EXPECT_TRUE(fails(Wrong::use_after_free, program, {freed, written, "Why nothing orders them"}));
}

TEST(Heap, AnAtomicUseOfWhatWasFreed) {
  EXPECT_TRUE(fails(Wrong::use_after_free,
                    [] {
                      const auto* pointer = new std::atomic<int>(3);
                      escape(&pointer);
                      delete pointer;
                      (void)pointer->load();
                    },
                    {"thread 0 frees", "thread 0 accesses atomically"}));
}

TEST(Heap, AnIteratorIntoAVectorThatHasGrown) {
  EXPECT_TRUE(fails(Wrong::use_after_free,
                    [] {
                      std::vector<int> vector(4);
                      const auto first = vector.begin();
                      vector.resize(100);
                      escape(&*first);
                      *first = 1;
                      escape(&*first);
                    },
                    {"use after free", "frees"}));
}

TEST(Heap, WhatReallocLeftBehind) {
  EXPECT_TRUE(fails(Wrong::use_after_free,
                    [] {
                      auto* old = static_cast<int*>(std::malloc(16));
                      escape(&old);
                      void* const moved = std::realloc(old, 32);
                      escape(moved);
                      escape(&old);
                      old[0] = 1;
                      escape(old);
                      std::free(moved);
                    },
                    {"use after free"}));
}

TEST(Heap, AReallocOfWhatWasThereBeforeLeavesItForTheNextExecution) {
  int* before = static_cast<int*>(std::malloc(sizeof(int)));
  *before = 7;
  EXPECT_TRUE(passes([&] {
    std::atomic<int> x{0};
    std::thread thread([&] { x = 1; });
    (void)x.load();  // two executions
    before = static_cast<int*>(std::realloc(before, 100 * sizeof(int)));
    require(*before == 7);
    thread.join();
  }));
  EXPECT_EQ(*before, 7);
  std::free(before);
}

TEST(Heap, ADoubleFree) {
  const Program program = [] {
    const int* pointer = new int(3);
    escape(&pointer);
    delete pointer;  // once
    escape(&pointer);
    delete pointer;  // twice
  };
  const std::string first = "thread 0 frees        " + LINE_OF("once"),
                    again = "thread 0 frees again  " + LINE_OF("twice");
  EXPECT_TRUE(fails(Wrong::bad_free, program, {"double free", first, again}));
}

TEST(Heap, AFreeOfTheMiddleOfABlock) {
  EXPECT_TRUE(fails(Wrong::bad_free,
                    [] {
                      char* pointer = static_cast<char*>(std::malloc(64)) + 16;
                      escape(&pointer);
                      std::free(pointer);
                    },
                    {"no allocation returned", "heap_test.cpp"}));
}

TEST(Heap, AFreeOfTheStack) {
  EXPECT_TRUE(fails(Wrong::bad_free,
                    [] {
                      int x = 0;
                      void* pointer = &x;
                      escape(&pointer);
                      std::free(pointer);
                    },
                    {"no allocation returned"}));
}

TEST(Heap, AReallocOfWhatWasFreed) {
  EXPECT_TRUE(fails(Wrong::bad_free,
                    [] {
                      void* pointer = std::malloc(16);
                      std::free(pointer);
                      escape(&pointer);
                      escape(std::realloc(pointer, 32));
                    },
                    {"realloc"}));
}

// Leaks

Options leaks() {
  Options options;
  options.find_leaks = true;
  return options;
}

TEST(Leaks, WhatIsAllocatedAndForgotten) {
  const Program program = [] { escape(new std::array<char, 24>); };
  const std::string where = "thread 0 allocates  " + LINE_OF("escape(new std::array<char, 24>);");
  EXPECT_TRUE(
      fails(Wrong::leak, program, {"24 bytes in 1 block are still allocated", where}, leaks()));
}

TEST(Leaks, AllBlocksAreCounted) {
  EXPECT_TRUE(fails(
      Wrong::leak,
      [] {
        escape(std::malloc(10));
        std::thread thread([] { escape(std::malloc(20)); });
        thread.join();
      },
      {"30 bytes in 2 blocks", "thread 0 allocates"}, leaks()));
}

TEST(Leaks, ALeakInOneExecutionOfMany) {
  EXPECT_TRUE(fails(
      Wrong::leak,
      [] {
        std::atomic<int*> slot{nullptr};
        std::thread thread([&] { slot.store(new int(1)); });
        delete slot.exchange(nullptr);
        thread.join();
      },
      {"4 bytes in 1 block", "thread 1 allocates"}, leaks()));
}

TEST(Leaks, AreOnlyLookedForOnRequest) {
  EXPECT_TRUE(passes([] { escape(new int(1)); }));
}

TEST(Leaks, WhatIsFreedIsNone) {
  EXPECT_TRUE(passes(
      [] {
        const std::string text(100, 'x');
        auto shared = std::make_shared<std::vector<int>>(10);
        std::thread thread([shared] {
          thread_local const std::string mine(50, 'y');
          escape(const_cast<char*>(mine.data()));
        });
        shared.reset();
        thread.join();
        try {
          throw std::string(100, 'z');
        } catch (const std::string&) {
        }
        delete new int(1);
      },
      leaks()));
}

}  // namespace
}  // namespace lockstep::check
