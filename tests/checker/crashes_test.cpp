// Accesses to memory that is not there, and arithmetic that has no result.
#include <array>
#include <atomic>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

TEST(Crashes, AWriteThroughANullPointer) {
  const Program program = [] {
    int* pointer = nullptr;
    escape(&pointer);
    *pointer = 1;
  };
  EXPECT_TRUE(fails(Wrong::crash, program, {"null pointer", "thread 0", LINE_OF("*pointer = 1;")}));
}

TEST(Crashes, AMemberOfANullPointerInAThread) {
  struct Node {
    std::array<int, 8> padding;
    int value;
  };
  const Program program = [] {
    std::thread thread([] {
      Node* node = nullptr;
      escape(&node);
      require(node->value == 1);
    });
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::crash, program,
                    {"null pointer", "thread 1", LINE_OF("require(node->value == 1);")}));
}

TEST(Crashes, AnAtomicThroughANullPointer) {
  EXPECT_TRUE(fails(Wrong::crash,
                    [] {
                      std::atomic<int>* pointer = nullptr;
                      escape(&pointer);
                      (void)pointer->load();
                    },
                    {"null pointer", "crashes_test.cpp"}));
}

TEST(Crashes, AWildPointer) {
  const Program program = [] {
    auto* pointer = reinterpret_cast<int*>(0x1234'5678'9000);
    escape(&pointer);
    *pointer = 1;
  };
  EXPECT_TRUE(fails(Wrong::crash, program, {"wild access", LINE_OF("*pointer = 1;")}));
}

TEST(Crashes, APointerThatNoProcessorTakes) {
  EXPECT_TRUE(fails(Wrong::crash,
                    [] {
                      auto* pointer = reinterpret_cast<int*>(0xdead'dead'dead'beef);
                      escape(&pointer);
                      *pointer = 1;
                    },
                    {"wild access"}));
}

TEST(Crashes, ACallOfANullFunction) {
  EXPECT_TRUE(fails(Wrong::crash,
                    [] {
                      void (*function)() = nullptr;
                      escape(&function);
                      function();
                    },
                    {"null pointer"}));
}

TEST(Crashes, AWriteToAConstant) {
  static const int constant = 3;
  EXPECT_TRUE(fails(Wrong::crash,
                    [] {
                      const int* pointer = &constant;
                      escape(&pointer);
                      *const_cast<int*>(pointer) = 4;
                    },
                    {"thread 0"}));
}

TEST(Crashes, ADivisionByZero) {
  const Program program = [] {
    volatile int zero = 0;
    zero = 5 / zero;
  };
  EXPECT_TRUE(fails(Wrong::crash, program, {"SIGFPE", LINE_OF("zero = 5 / zero;")}));
}

int deeper(int depth) {
  std::array<char, 1000> frame{};
  escape(frame.data());
  return depth < 0 ? 0 : deeper(depth + 1) + frame[0];
}

TEST(Crashes, AStackThatOverflows) {
  EXPECT_TRUE(fails(Wrong::crash,
                    [] {
                      std::thread thread([] { (void)deeper(0); });
                      thread.join();
                    },
                    {"stack overflow: each thread has 16 MiB", "recurse less deep", "thread 1"}));
}

TEST(Crashes, ACrashIsFoundAmongManyExecutions) {
  EXPECT_TRUE(fails(Wrong::crash,
                    [] {
                      std::atomic<int*> pointer{nullptr};
                      int x = 0;
                      std::thread thread([&] { pointer.store(&x, std::memory_order_release); });
                      *pointer.load(std::memory_order_acquire) = 1;
                      thread.join();
                    },
                    {"null pointer"}));
}

}  // namespace
}  // namespace lockstep::check
