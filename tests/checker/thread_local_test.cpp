// Variables that each thread has of its own.
#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

thread_local int counter = 5;
thread_local std::array<char, 4096> zeroed;

TEST(ThreadLocal, AVariableHasAnAddressOfItsOwnInEachThread) {
  EXPECT_TRUE(passes([] {
    int *a = nullptr, *b = nullptr;
    std::thread first([&] { a = &counter; });
    std::thread second([&] { b = &counter; });
    first.join();
    second.join();
    require(a != b && a != &counter && b != &counter);
  }));
}

TEST(ThreadLocal, AVariableBeginsInEachThreadAsItIsDeclared) {
  EXPECT_TRUE(passes([] {
    counter = 6;
    zeroed[100] = 1;
    int seen = 0, seen_zeroed = 1;
    std::thread thread([&] {
      seen = counter;
      counter = 7;
      seen_zeroed = zeroed[100];
    });
    thread.join();
    require(seen == 5 && seen_zeroed == 0);
    require(counter == 6 && zeroed[100] == 1);
  }));
}

TEST(ThreadLocal, AVariableStartsAnewInEachExecution) {
  const Result result = explored([] {
    require(counter++ == 5);
    std::thread thread([] { require(counter++ == 5); });
    thread.join();
    (void)choose(3);
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 3u);
}

TEST(ThreadLocal, AVariableOfTheCallerIsAsItWasAfterwards) {
  counter = 50;
  EXPECT_TRUE(passes([] { counter = 70; }));
  EXPECT_EQ(counter, 50);
  counter = 5;
}

struct CountsItsEnd {
  int* ends = nullptr;
  ~CountsItsEnd() {
    if (ends != nullptr) ++*ends;
  }
};
const std::string where_it_ends = LINE_OF("++*ends;");

TEST(ThreadLocal, AnObjectIsDestroyedWhenItsThreadEnds) {
  EXPECT_TRUE(passes([] {
    int ends = 0;
    std::thread thread([&] {
      thread_local CountsItsEnd object;
      object.ends = &ends;
    });
    thread.join();
    require(ends == 1);
  }));
}

TEST(ThreadLocal, ObjectsAreDestroyedInTheReverseOrder) {
  EXPECT_TRUE(passes([] {
    std::string order;
    struct Notes {
      std::string* to;
      char name;
      ~Notes() { *to += name; }
    };
    std::thread thread([&] {
      thread_local const Notes a{&order, 'a'};
      thread_local const Notes b{&order, 'b'};
      escape(const_cast<Notes*>(&a));
      escape(const_cast<Notes*>(&b));
    });
    thread.join();
    require(order == "ba");
  }));
}

TEST(ThreadLocal, AnObjectMayBeMadeWhileOthersAreDestroyed) {
  EXPECT_TRUE(passes([] {
    int ends = 0;
    struct MakesAnother {
      int* ends = nullptr;
      ~MakesAnother() {
        thread_local CountsItsEnd late;
        late.ends = ends;
      }
    };
    std::thread thread([&] {
      thread_local MakesAnother object;
      object.ends = &ends;
    });
    thread.join();
    require(ends == 1);
  }));
}

TEST(ThreadLocal, ADestructorIsPartOfTheThreadSoItsWritesCanRace) {
  const Program program = [] {
    int ends = 0;
    std::thread thread([&] {
      thread_local CountsItsEnd object;
      object.ends = &ends;
    });
    ++ends;
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::data_race, program, {"thread 0 writes", "thread 1 ", where_it_ends}));
}

TEST(ThreadLocal, AnObjectOfTheFirstThreadIsDestroyedToo) {
  EXPECT_TRUE(fails(Wrong::requirement,
                    [] {
                      struct Complains {
                        bool is_armed = false;
                        ~Complains() { require(!is_armed); }
                      };
                      thread_local Complains object;
                      object.is_armed = true;
                    },
                    {"a requirement does not hold"}));
}

TEST(ThreadLocal, AnInitializerRunsOncePerThread) {
  EXPECT_TRUE(passes([] {
    std::atomic<int> made{0};
    const auto touch_twice = [&] {
      thread_local const std::unique_ptr<int> object = [&] {
        made.fetch_add(1, std::memory_order_relaxed);
        return std::make_unique<int>(7);
      }();
      require(*object == 7);
    };
    const auto body = [&] {
      touch_twice();
      touch_twice();
    };
    std::thread other(body);
    body();
    other.join();
    require(made == 2);
  }));
}

}  // namespace
}  // namespace lockstep::check
