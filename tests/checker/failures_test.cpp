// Claims that do not hold, exceptions that nobody catches, and other ways in which a program ends itself.
#include <cassert>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <thread>

#include <unistd.h>

#include "explored.hpp"

namespace lockstep::check {
namespace {

TEST(Failures, ARequirementThatDoesNotHold) {
  const Program program = [] {
    std::atomic<int> x{0};
    std::thread thread([&] { x = 1; });
    require(x == 0);
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::requirement, program,
                    {"a requirement does not hold", "thread 0", LINE_OF("require(x == 0);")}));
}

TEST(Failures, ARequirementOfAThread) {
  const Program program = [] {
    std::thread thread([] { require(false); });
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::requirement, program,
                    {"a requirement does not hold", "thread 1", LINE_OF("require(false);")}));
}

TEST(Failures, AnAssertion) {
  const Program program = [] {
    volatile int one = 1;
    assert(one == 2);
  };
  EXPECT_TRUE(fails(Wrong::requirement, program,
                    {"assertion failed: one == 2", "thread 0", LINE_OF("assert(one == 2);")}));
}

TEST(Failures, AnUncaughtExceptionOfAThreadSaysWhat) {
  const Program program = [] {
    std::thread thread([] { throw std::runtime_error("boom"); });
    thread.join();
  };
  EXPECT_TRUE(fails(Wrong::uncaught_exception, program,
                    {"std::runtime_error", "boom", "thread 1", LINE_OF("\"boom\"")}));
}

TEST(Failures, AnUncaughtExceptionOfTheFirstThread) {
  EXPECT_TRUE(fails(Wrong::uncaught_exception, [] { throw std::logic_error("bang"); },
                    {"std::logic_error", "bang", "thread 0"}));
}

TEST(Failures, AnUncaughtExceptionThatIsNoStdException) {
  EXPECT_TRUE(fails(Wrong::uncaught_exception, [] { throw 5; }, {"uncaught exception int"}));
}

TEST(Failures, AnExceptionThatLeavesANoexceptFunction) {
  const auto thrower = [] { throw std::runtime_error("out"); };
  const auto function = [&]() noexcept { thrower(); };
  EXPECT_TRUE(fails(Wrong::uncaught_exception,
                    [&] {
                      try {
                        function();
                      } catch (const std::exception&) {
                        require(false);
                      }
                    },
                    {"std::runtime_error: out"}));
}

TEST(Failures, Terminate) {
  EXPECT_TRUE(fails(Wrong::aborted, [] { std::terminate(); }, {"std::terminate"}));
}

TEST(Failures, AThreadThatIsNeitherJoinedNorDetached) {
  EXPECT_TRUE(fails(Wrong::aborted, [] { const std::thread thread([] {}); },
                    {"std::terminate", "thread 0"}));
}

TEST(Failures, Abort) {
  const Program program = [] {
    std::thread thread([] { std::abort(); });
    thread.join();
  };
  EXPECT_TRUE(
      fails(Wrong::aborted, program, {"abort was called", "thread 1", LINE_OF("std::abort();")}));
}

TEST(Failures, EndingTheProcessIsRefused) {
  EXPECT_TRUE(is_refused([] { std::exit(3); }, {"exit would end the process", "thread 0"}));
  EXPECT_TRUE(is_refused([] { std::quick_exit(3); }, {"quick_exit would end the process"}));
  EXPECT_TRUE(is_refused([] { _exit(3); }, {"_exit would end the process"}));
  EXPECT_TRUE(is_refused([] { std::_Exit(3); }, {"_Exit would end the process"}));
}

TEST(Failures, TheErrorOfOneExecutionAmongManyIsFound) {
  const Result result = explored([] {
    std::atomic<int> x{0};
    std::thread thread([&] {
      x = 1;
      x = 2;
      x = 3;
    });
    require(x != 2);
    thread.join();
  });
  EXPECT_EQ(result.verdict, Verdict::failed);
  EXPECT_EQ(result.wrong, Wrong::requirement);
  EXPECT_GT(result.executions, 0u);
}

TEST(Failures, AfterOneTheNextExplorationIsAsGoodAsEver) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(fails(Wrong::uncaught_exception,
                      [] {
                        std::thread thread([] { throw std::runtime_error("boom"); });
                        thread.join();
                      },
                      {}));
    EXPECT_TRUE(passes([] {
      try {
        throw std::runtime_error("caught");
      } catch (const std::exception&) {
        require(std::uncaught_exceptions() == 0);
      }
    }));
    EXPECT_EQ(std::uncaught_exceptions(), 0);
  }
}

}  // namespace
}  // namespace lockstep::check
