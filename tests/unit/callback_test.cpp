// Specifies lockstep/callback.hpp: an owner of one callable, small or large, that may be moved but
// not copied.

#include "lockstep/callback.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using lockstep::Callback;

constexpr std::size_t kept_inside = 3 * sizeof(void*);

/// Adds to `*calls` when it is called, and to `*deaths` when it is destroyed without having been
/// moved away.
template <std::size_t padding>
class Counted {
 public:
  Counted(int* calls, int* deaths) : calls_(calls), deaths_(deaths) {}
  Counted(Counted&& other) noexcept
      : calls_(other.calls_), deaths_(std::exchange(other.deaths_, nullptr)) {}
  Counted& operator=(Counted&&) = delete;
  ~Counted() {
    if (deaths_ != nullptr) ++*deaths_;
  }
  void operator()() const { ++*calls_; }

 private:
  int* calls_;
  int* deaths_;
  std::array<char, padding> padding_{};
};

using Small = Counted<1>;
using Large = Counted<100>;
static_assert(sizeof(Small) <= kept_inside && sizeof(Large) > kept_inside);

template <class Callable>
class CallbackOf : public testing::Test {};

struct SizeNames {
  template <class Callable>
  static std::string GetName(int) {
    return std::is_same_v<Callable, Small> ? "Small" : "Large";
  }
};
using Sizes = testing::Types<Small, Large>;
TYPED_TEST_SUITE(CallbackOf, Sizes, SizeNames);

// Whatever the size of the callable

TYPED_TEST(CallbackOf, EveryCallReachesTheCallable) {
  int calls = 0;
  int deaths = 0;
  Callback callback{TypeParam(&calls, &deaths)};
  callback();
  callback();
  EXPECT_EQ(calls, 2);
}

TYPED_TEST(CallbackOf, TheCallableIsDestroyedOnceWithItsOwner) {
  int calls = 0;
  int deaths = 0;
  {
    const Callback callback{TypeParam(&calls, &deaths)};
    EXPECT_EQ(deaths, 0);
  }
  EXPECT_EQ(deaths, 1);
  EXPECT_EQ(calls, 0);
}

TYPED_TEST(CallbackOf, AMoveHandsTheCallableOver) {
  int calls = 0;
  int deaths = 0;
  {
    Callback first{TypeParam(&calls, &deaths)};
    Callback second{std::move(first)};
    EXPECT_FALSE(first);  // NOLINT: what is left behind is empty, by contract
    ASSERT_TRUE(second);
    second();
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(deaths, 0);
  }
  EXPECT_EQ(deaths, 1);
}

TYPED_TEST(CallbackOf, AnAssignmentDestroysWhatWasThere) {
  int calls = 0;
  int deaths = 0;
  int other_calls = 0;
  int other_deaths = 0;
  Callback callback{TypeParam(&calls, &deaths)};
  callback = Callback{TypeParam(&other_calls, &other_deaths)};
  EXPECT_EQ(deaths, 1);
  EXPECT_EQ(other_deaths, 0);
  callback();
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(other_calls, 1);
}

TYPED_TEST(CallbackOf, AssignmentToItselfChangesNothing) {
  int calls = 0;
  int deaths = 0;
  Callback callback{TypeParam(&calls, &deaths)};
  Callback& alias = callback;
  callback = std::move(alias);
  ASSERT_TRUE(callback);
  callback();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(deaths, 0);
}

TYPED_TEST(CallbackOf, ResetDestroysTheCallableOnce) {
  int calls = 0;
  int deaths = 0;
  Callback callback{TypeParam(&calls, &deaths)};
  callback.reset();
  EXPECT_FALSE(callback);
  EXPECT_EQ(deaths, 1);
  callback.reset();
  EXPECT_EQ(deaths, 1);
}

TYPED_TEST(CallbackOf, EachOfAHundredSurvivesTheGrowthOfAVector) {
  int calls = 0;
  int deaths = 0;
  {
    std::vector<Callback> callbacks;
    for (int i = 0; i < 100; ++i)
      callbacks.emplace_back(TypeParam(&calls, &deaths));  // reallocates
    for (Callback& callback : callbacks) callback();
  }
  EXPECT_EQ(calls, 100);
  EXPECT_EQ(deaths, 100);
}

// Empty

TEST(Callback, OneThatWasGivenNothingIsEmpty) {
  constinit static Callback empty;
  EXPECT_FALSE(empty);
  Callback moved{std::move(empty)};
  EXPECT_FALSE(moved);
}

TEST(Callback, AnEmptyStdFunctionMakesAnEmptyCallback) {
  // Barrier(2, std::function<void()>{}) has no action (SEMANTICS B1), as in
  // std::move_only_function.
  EXPECT_FALSE(Callback{std::function<void()>{}});
  void (*no_function)() = nullptr;
  EXPECT_FALSE(Callback{no_function});
}

// What it accepts

static_assert(!std::is_copy_constructible_v<Callback> && !std::is_copy_assignable_v<Callback>);
static_assert(std::is_nothrow_move_constructible_v<Callback>);
static_assert(!std::is_constructible_v<Callback, int>, "only what can be called");

TEST(Callback, AFunctionWillDo) {
  static int calls = 0;
  calls = 0;
  Callback callback{+[] { ++calls; }};
  callback();
  EXPECT_EQ(calls, 1);
}

TEST(Callback, AResultIsThrownAway) {
  int calls = 0;
  Callback callback{[&] { return ++calls; }};
  callback();
  EXPECT_EQ(calls, 1);
}

TEST(Callback, AMoveOnlyCallableWillDo) {
  int sum = 0;
  Callback callback{[&sum, number = std::make_unique<int>(7)] { sum += *number; }};
  callback();
  EXPECT_EQ(sum, 7);
}

TEST(Callback, ACallableThatIsOnlySmallButThrowsWhenMovedIsNotMoved) {
  struct Reluctant {
    Reluctant() = default;
    Reluctant(const Reluctant&) {}
    Reluctant(Reluctant&& other) noexcept(false) {
      if (other.is_kept) throw std::runtime_error("moved");
    }
    void operator()() { is_kept = true; }
    bool is_kept = false;
  };
  Callback callback{Reluctant{}};
  callback();
  EXPECT_NO_THROW(Callback{std::move(callback)}());
}

TEST(Callback, ItsArgumentsAreCopiesThatBelongToIt) {
  int sum = 0;
  int number = 1;
  Callback callback{[&sum](int& kept) { sum += kept++; }, number};
  number = 100;
  callback();
  callback();
  EXPECT_EQ(sum, 1 + 2);
  EXPECT_EQ(number, 100);
}

TEST(Callback, AnArgumentMayBeMoveOnly) {
  int sum = 0;
  Callback callback{[&sum](const std::unique_ptr<int>& number) { sum += *number; },
                    std::make_unique<int>(7)};
  callback();
  EXPECT_EQ(sum, 7);
}

TEST(Callback, AMemberFunctionAndItsObjectWillDo) {
  std::vector<int> numbers{1, 2, 3};
  Callback callback{&std::vector<int>::clear, &numbers};
  callback();
  EXPECT_TRUE(numbers.empty());
}

TEST(Callback, WhatTheCallableThrowsComesOut) {
  Callback callback{[] { throw std::runtime_error("out"); }};
  EXPECT_THROW(callback(), std::runtime_error);
  EXPECT_TRUE(callback);
}

TEST(Callback, ACallableThatCannotBeCopiedInLeavesNothingBehind) {
  struct Unwilling {
    Unwilling() = default;
    Unwilling(const Unwilling&) { throw std::runtime_error("not copied"); }
    void operator()() const {}
    std::array<char, 100> padding{};
  };
  const Unwilling original;
  EXPECT_THROW(Callback{original}, std::runtime_error);  // the leak checker sees what is left
}

}  // namespace
