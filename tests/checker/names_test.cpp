// tests/checker/names_test.cpp: a report calls variables and threads as the program does.
#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "lockstep/check.hpp"

namespace check = lockstep::check;

namespace {

struct Slot {
  std::atomic<int> turn{0};
  int value = 0;
};

void escape(void* pointer) { asm volatile("" : : "r"(pointer) : "memory"); }

std::string report_of(const std::function<void()>& program) {
  const check::Result result = check::explore(program);
  EXPECT_EQ(result.verdict, check::Verdict::failed);
  return result.report;
}

bool says(const std::string& report, const std::string& what) {
  return report.find(what) != std::string::npos;
}

std::string report_of_a_race_on_locals() {
  return report_of([] {
    Slot slots[2];
    std::atomic<bool> ready{false};
    std::thread other([&] {
      slots[1].value = 1;
      slots[1].turn.store(1, std::memory_order_relaxed);
      ready.store(true, std::memory_order_relaxed);
    });
    if (ready.load(std::memory_order_acquire)) ++slots[1].value;
    other.join();
  });
}

TEST(Names, LocalsAreCalledByTheirNames) {
  const std::string report = report_of_a_race_on_locals();
  EXPECT_TRUE(says(report, "data race on slots[1].value (4 bytes)\n")) << report;
  EXPECT_TRUE(says(report, "store slots[1].turn = 1 (relaxed)")) << report;
  EXPECT_TRUE(says(report, "store ready = 1 (relaxed)")) << report;
}

TEST(Names, NothingMoreIsSaidOfTheMemoryOfWhatHasAName) {
  const std::string report = report_of_a_race_on_locals();
  EXPECT_FALSE(says(report, "Memory:")) << report;
  EXPECT_FALSE(says(report, "0x")) << report;
}

Slot global;

void fill() {
  global.value = 1;
  global.turn.store(1, std::memory_order_relaxed);
}

TEST(Names, MembersOfGlobalsAreCalledByTheirNames) {
  const std::string report = report_of([] {
    escape(&global);  // else clang makes two variables of it
    std::thread other(fill);
    if (global.turn.load(std::memory_order_acquire) == 1) ++global.value;
    other.join();
  });
  EXPECT_TRUE(says(report, "global.value (4 bytes)\n")) << report;
  EXPECT_TRUE(says(report, "global.turn = 1 (relaxed)")) << report;
}

Slot split;

TEST(Names, AVariableThatTheCompilerSplitsKeepsItsName) {
  const std::string report = report_of([] {
    std::thread other([] { split.value = 1; });
    ++split.value;
    other.join();
  });
  EXPECT_TRUE(says(report, "data race on split")) << report;  // .value, or (part 1)
}

TEST(Names, AThreadIsCalledByTheFunctionThatItRuns) {
  const std::string report = report_of([] {
    std::thread other(fill);
    check::require(global.turn.load(std::memory_order_acquire) == 0);
    other.join();
  });
  EXPECT_TRUE(says(report, "thread 1 (fill)")) << report;
}

TEST(Names, AThreadIsCalledByTheNameThatItWasGiven) {
  const std::string report = report_of([] {
    std::thread other([] {
      pthread_setname_np(pthread_self(), "filler");
      fill();
    });
    other.join();
    check::require(false);
  });
  EXPECT_TRUE(says(report, "thread 1 (filler)")) << report;
}

TEST(Names, ANameThatIsTooLongIsRefusedAsBySystem) {
  const check::Result result = check::explore([] {
    std::thread other(
        [] { check::require(pthread_setname_np(pthread_self(), "sixteen letters!") == ERANGE); });
    other.join();
  });
  EXPECT_TRUE(result.passed()) << result;
}

}  // namespace
