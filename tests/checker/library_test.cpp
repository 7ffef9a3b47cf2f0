// The standard library inside explored code.
#include <algorithm>
#include <array>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

#include "explored.hpp"

namespace lockstep::check {
namespace {

TEST(Library, ContainersMayBeUsedByTwoThreadsEachOnItsOwn) {
  EXPECT_TRUE(passes([] {
    const auto body = [](int from) {
      std::map<std::string, int> map;
      std::unordered_map<int, std::string> names;
      std::list<int> list;
      for (int i = from; i < from + 20; ++i) {
        map[std::string("a rather long key number ") + std::to_string(i)] = i;
        names[i] = std::string(30, 'x');
        list.push_front(i);
      }
      require(map.size() == 20 && names.size() == 20 && list.front() == from + 19);
    };
    std::thread other(body, 100);
    body(0);
    other.join();
  }));
}

TEST(Library, AVectorMayBeHandedOverByJoin) {
  EXPECT_TRUE(passes([] {
    std::vector<int> numbers(10, 1);
    std::thread thread([&] {
      for (int i = 0; i < 100; ++i) numbers.push_back(1);
      std::sort(numbers.begin(), numbers.end());
    });
    thread.join();
    require(std::accumulate(numbers.begin(), numbers.end(), 0) == 110);
  }));
}

TEST(Library, AFunctionWithALargeCaptureMayBePassedToAThread) {
  EXPECT_TRUE(passes([] {
    std::array<int, 50> large{};
    large[49] = 5;
    const std::function<int(int)> function = [large](int i) { return large[49] + i; };
    int got = 0;
    std::thread thread([&got, function] { got = function(1); });
    thread.join();
    require(got == 6);
  }));
}

TEST(Library, TheLastOfASharedPtrDestroysWhateverTheOrder) {
  const Result result = explored([] {
    struct Noted {
      int* destroyed;
      explicit Noted(int* to) : destroyed(to) {}
      ~Noted() { ++*destroyed; }
    };
    int destroyed = 0;
    auto shared = std::make_shared<Noted>(&destroyed);
    std::thread thread([copy = shared]() mutable { copy.reset(); });
    shared.reset();
    thread.join();
    require(destroyed == 1);
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_GT(result.executions, 1u) << "its counts are atomic, or else there is nothing to explore";
}

TEST(Library, AWeakPtrLocksOrNot) {
  const Result result = explored([] {
    auto shared = std::make_shared<int>(4);
    std::thread thread([weak = std::weak_ptr<int>(shared)] {
      const auto locked = weak.lock();
      require(!locked || *locked == 4);
      outcome(locked ? "locked" : "gone");
    });
    shared.reset();
    thread.join();
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.outcomes.size(), 2u) << result;
}

TEST(Library, AVariantAndAnOptionalHoldWhatTheyWereGiven) {
  EXPECT_TRUE(passes([] {
    std::variant<int, std::string, std::vector<int>> variant = 3;
    variant = std::string(50, 'v');
    std::optional<std::string> optional;
    std::thread thread([&] { optional = std::get<std::string>(variant); });
    thread.join();
    variant = std::vector<int>{1, 2};
    require(optional && optional->size() == 50 && std::get<2>(variant)[1] == 2);
  }));
}

TEST(Library, VirtualFunctionsAreCalledThroughTheirBase) {
  EXPECT_TRUE(passes([] {
    struct Base {
      virtual ~Base() = default;
      [[nodiscard]] virtual int value() const = 0;
    };
    struct Derived : Base {
      [[nodiscard]] int value() const override { return 8; }
    };
    const std::unique_ptr<Base> object = std::make_unique<Derived>();
    int got = 0;
    std::thread thread([&] { got = object->value(); });
    thread.join();
    require(got == 8);
  }));
}

TEST(Library, AStringStreamMayBeUsedInEachExecution) {
  const Result result = explored([] {
    std::ostringstream text;
    text << "number " << 5 << ' ' << 2.5;
    require(text.str() == "number 5 2.5");
    (void)choose(3);
  });
  EXPECT_TRUE(result.passed()) << result;
  EXPECT_EQ(result.executions, 3u);
}

TEST(Library, ThreadsMayBeKeptInAVectorThatGrows) {
  EXPECT_TRUE(passes([] {
    std::atomic<int> sum{0};
    std::vector<std::jthread> threads;
    for (int i = 1; i <= 3; ++i) {
      threads.emplace_back([&sum, i] { sum.fetch_add(i, std::memory_order_relaxed); });
    }
    threads.clear();
    require(sum == 6);
  }));
}

}  // namespace
}  // namespace lockstep::check
