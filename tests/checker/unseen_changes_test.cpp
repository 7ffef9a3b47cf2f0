// What libraries change without telling is undone after each execution, and what is a thread's own in the processor stays with it.
#include <atomic>
#include <cfenv>
#include <cstdio>
#include <list>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "explored.hpp"

namespace lockstep::check {
namespace {

std::map<int, int> global_map;
std::list<int> global_list;
char text[16];
int told = 0;
volatile double zero = 0;

/// Both orders of two threads, and so more than one execution.
template <class Program>
void in_two_executions(Program program) {
  static std::atomic<int> order;
  order.store(0);
  std::thread other([] { order.fetch_add(1); });
  order.fetch_add(2);
  program();
  other.join();
}

/// Five creations make it worth while to keep a state: then comes `before`, one choice, and `after`.
template <class Before, class After>
void around_a_choice(Before before, After after) {
  std::atomic<int> x{0};
  before();
  std::vector<std::thread> threads;
  for (int i = 0; i < 5; ++i) threads.emplace_back([&] { x.fetch_add(1); });
  after(x.load());
  for (std::thread& thread : threads) thread.join();
}

TEST(UnseenChange, TheRootOfAGlobalMapIsUndone) {
  const Result result = explored([] {
    in_two_executions([] {
      require(global_map.empty());
      for (int i = 0; i < 10; ++i) global_map[i] = i;
      require(global_map.size() == 10);
    });
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 2U);
}

TEST(UnseenChange, SoIsThatOfAMapInWhoeverCallsExplore) {
  std::map<int, int> map;
  const Result result = explored([&] {
    in_two_executions([&] {
      require(map.empty());
      map[1] = map[9] = 3;
      map.erase(1);
    });
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_TRUE(map.empty());
}

TEST(UnseenChange, SoAreTheEndsOfAList) {
  const Result result = explored([] {
    in_two_executions([] {
      require(global_list.empty());
      global_list.push_back(1);
      global_list.push_front(2);
    });
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_TRUE(global_list.empty());
}

TEST(UnseenChange, SoIsWhatTheCLibraryWrites) {
  const Result result = explored([] {
    in_two_executions([] {
      require(text[0] == '\0');
      std::snprintf(text, sizeof text, "%d", 12);
    });
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(text[0], '\0');
}

void write_around_a_choice() {
  around_a_choice([] { std::snprintf(text, sizeof text, "before"); },
                  [](int) {
                    require(text[0] == 'b');
                    std::snprintf(text, sizeof text, "after");
                  });
}

TEST(UnseenChange, IsThereAgainInARunThatGoesOn) {
  const Result result = explored(&write_around_a_choice);
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 720U);
}

TEST(UnseenChange, IsOfNoOtherRunIfItCannotBeUndoneForAnotherThread) {
  std::atomic<bool> stop{false};
  std::thread other([&] { stop.wait(false); });
  const Result result = explored(&write_around_a_choice);
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 720U);
  stop.store(true);
  stop.notify_one();
  other.join();
}

TEST(UnseenChange, OfACallbackBetweenExecutionsStays) {
  told = 0;
  Options options;
  options.progress_interval = {};
  options.on_progress = [](const Progress&) { ++told; };
  EXPECT_TRUE(explored([] { in_two_executions([] {}); }, options).passed());
  EXPECT_EQ(told, 2);
}

TEST(UnseenChange, OfAnotherThreadOfTheProcessStays) {
  std::atomic<int> seen{0};
  std::atomic<bool> stop{false}, went_back{false};
  std::thread other([&] {
    for (int last = 0; !stop.load();) {
      const int now = seen.fetch_add(1) + 1;
      if (now <= last) went_back.store(true);
      last = now;
    }
  });
  while (seen.load() == 0) {
  }
  EXPECT_TRUE(explored([] { in_two_executions([] {}); }).passed());
  stop.store(true);
  other.join();
  EXPECT_FALSE(went_back.load());
}

TEST(FloatingPoint, RoundingIsAThreadsOwn) {
  const Result result = explored([] {
    std::thread other([] {
      std::fesetround(FE_UPWARD);
      require(std::fegetround() == FE_UPWARD);
    });
    require(std::fegetround() == FE_TONEAREST);
    other.join();
    require(std::fegetround() == FE_TONEAREST);
    std::fesetround(FE_DOWNWARD);
    std::thread([] { require(std::fegetround() == FE_DOWNWARD); }).join();
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
}

TEST(FloatingPoint, AnExceptionOfAnotherExecutionIsNotThere) {
  const Result result = explored([] {
    around_a_choice([] { std::feclearexcept(FE_ALL_EXCEPT); },
                    [](int seen) {
                      if (seen == 0) {
                        [[maybe_unused]] volatile double infinite = 1 / zero;
                      } else {
                        require(std::fetestexcept(FE_DIVBYZERO) == 0);
                      }
                    });
  });
  EXPECT_TRUE(result.passed()) << result;
}

}  // namespace
}  // namespace lockstep::check
