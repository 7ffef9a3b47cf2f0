// Exceptions that are caught, while other threads throw theirs.
#include <atomic>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

TEST(Exceptions, AnExceptionIsCaughtInTheThreadThatThrewIt) {
  EXPECT_TRUE(passes([] {
    const auto caught = [](const char* what, std::string& to) {
      try {
        throw std::runtime_error(what);
      } catch (const std::exception& exception) {
        to = exception.what();
      }
    };
    std::string a, b;
    std::thread first([&] { caught("a", a); });
    std::thread second([&] { caught("b", b); });
    first.join();
    second.join();
    require(a == "a" && b == "b");
  }));
}

TEST(Exceptions, AnExceptionOutlivesATurnOfAnother) {
  EXPECT_TRUE(passes([] {
    std::atomic<int> shared{0};
    const auto body = [&](int mine) {
      try {
        throw mine;
      } catch (int seen) {
        shared.fetch_add(1);  // here the other one may throw and catch
        require(seen == mine && std::uncaught_exceptions() == 0);
        try {
          throw;
        } catch (int again) {
          require(again == mine);
        }
      }
    };
    std::thread other(body, 1);
    body(2);
    other.join();
  }));
}

TEST(Exceptions, AnExceptionIsCarriedToAnotherThread) {
  EXPECT_TRUE(passes([] {
    std::exception_ptr carried;
    std::thread thread([&] {
      try {
        throw std::runtime_error("carried");
      } catch (...) {
        carried = std::current_exception();
      }
    });
    thread.join();
    try {
      std::rethrow_exception(carried);
    } catch (const std::runtime_error& error) {
      require(std::string(error.what()) == "carried");
    }
  }));
}

// The library counts those who hold an exception by atomics that nobody sees.
TEST(Exceptions, AnExceptionThatTwoThreadsHoldIsFreedByTheLast) {
  EXPECT_TRUE(passes([] {
    std::exception_ptr held = std::make_exception_ptr(42);
    const auto rethrow = [](std::exception_ptr mine) {
      try {
        std::rethrow_exception(mine);
      } catch (int value) {
        require(value == 42);
      }
    };
    std::thread one(rethrow, held);
    std::thread other(rethrow, held);
    held = nullptr;
    one.join();
    other.join();
  }));
}

}  // namespace
}  // namespace lockstep::check
