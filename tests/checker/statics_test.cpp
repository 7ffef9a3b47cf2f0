// Variables that are initialized when a function first meets them, perhaps by two threads at once.
#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

std::atomic<int> initializations{0};

struct Counted {
  int value;
  Counted() : value(7) { initializations.fetch_add(1, std::memory_order_relaxed); }
};

const Counted& instance() {
  static const Counted counted;
  return counted;
}

TEST(Statics, ExactlyOneOfTwoThreadsInitializes) {
  EXPECT_TRUE(passes([] {
    const auto body = [] { require(instance().value == 7); };
    std::thread other(body);
    body();
    other.join();
    require(initializations == 1);
  }));
}

TEST(Statics, ExactlyOneOfThreeThreadsInitializes) {
  EXPECT_TRUE(passes([] {
    const auto body = [] { require(instance().value == 7); };
    std::thread second(body), third(body);
    body();
    second.join();
    third.join();
    require(initializations == 1);
  }));
}

TEST(Statics, EitherThreadMayBeTheOneThatInitializes) {
  const Result result = explored([] {
    static std::thread::id initializer;
    const auto body = [] {
      static const bool done = [] {
        initializer = std::this_thread::get_id();
        return true;
      }();
      require(done);
    };
    std::thread other(body);
    body();
    other.join();
    outcome(initializer == std::this_thread::get_id() ? "first" : "second");
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.outcomes.size(), 2u) << result;
}

TEST(Statics, AVariableIsInitializedAnewInEachExecution) {
  const Result result = explored([] {
    require(initializations == 0);
    (void)instance();
    require(initializations == 1);
    (void)choose(3);
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 3u);
}

TEST(Statics, AfterAnExceptionTheNextOneTriesAgain) {
  EXPECT_TRUE(passes([] {
    int attempts = 0;
    const auto touch = [&] {
      static const int value = [&] {
        if (++attempts == 1) throw std::runtime_error("not yet");
        return 3;
      }();
      return value;
    };
    bool has_thrown = false;
    try {
      (void)touch();
    } catch (const std::runtime_error&) {
      has_thrown = true;
    }
    require(has_thrown);
    require(touch() == 3 && touch() == 3);
    require(attempts == 2);
  }));
}

TEST(Statics, AThreadThatWaitsForOneThatThrowsTriesAgainItself) {
  EXPECT_TRUE(passes([] {
    std::atomic<int> attempts{0};
    const auto body = [&] {
      for (;;) {
        try {
          static const int value = [&] {
            if (attempts.fetch_add(1) == 0) throw std::runtime_error("not yet");
            return 3;
          }();
          require(value == 3);
          return;
        } catch (const std::runtime_error&) {
        }
      }
    };
    std::thread other(body);
    body();
    other.join();
    require(attempts == 2);
  }));
}

TEST(Statics, WhatTheInitializerDidIsSeenByTheOneThatDidNotInitialize) {
  EXPECT_TRUE(passes([] {
    static int plain = 0;
    const auto body = [] {
      static const bool done = [] {
        plain = 1;
        return true;
      }();
      require(done && plain == 1);
    };
    std::thread other(body);
    body();
    other.join();
  }));
}

TEST(Statics, AnInitializerThatNeedsItsOwnVariableIsADeadlock) {
  EXPECT_TRUE(fails(Wrong::deadlock,
                    [] {
                      struct Recursive {
                        static int value(int depth) {
                          static const int mine = depth == 0 ? value(1) : 1;
                          return mine;
                        }
                      };
                      (void)Recursive::value(0);
                    },
                    {"static variable"}));
}

TEST(Statics, AStringWithAnAllocationMayBeOne) {
  EXPECT_TRUE(passes([] {
    const auto body = [] {
      static const std::string text(100, 'x');
      require(text.size() == 100 && text[99] == 'x');
    };
    std::thread other(body);
    body();
    other.join();
  }));
}

}  // namespace
}  // namespace lockstep::check
