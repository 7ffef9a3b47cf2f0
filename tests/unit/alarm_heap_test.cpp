// Specifies lockstep/wait/alarm_heap.hpp: the alarm that is due first comes first, and any alarm
// can be taken out.

#include "lockstep/wait/alarm_heap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <random>
#include <set>
#include <vector>

namespace {

using lockstep::wait::Alarm;
using lockstep::wait::AlarmHeap;

/// An alarm that counts how often it rang.
struct Bell : Alarm {
  Bell() : Alarm([](Alarm& alarm) noexcept { ++static_cast<Bell&>(alarm).rung; }) {}
  int rung = 0;
};

/// Takes everything out, in the heap's order.
std::vector<std::int64_t> drained(AlarmHeap& heap) {
  std::vector<std::int64_t> dues;
  while (!heap.empty()) {
    Alarm& first = heap.first();
    dues.push_back(first.due());
    heap.erase(first);
  }
  return dues;
}

TEST(AlarmHeap, IsEmptyUntilSomethingIsInserted) {
  AlarmHeap heap;
  EXPECT_TRUE(heap.empty());
  Bell bell;
  heap.insert(bell, 5);
  EXPECT_FALSE(heap.empty());
  heap.erase(bell);
  EXPECT_TRUE(heap.empty());
}

TEST(AlarmHeap, AnAlarmIsPendingExactlyWhileItIsInTheHeap) {
  AlarmHeap heap;
  Bell bell;
  EXPECT_FALSE(bell.is_pending());
  heap.insert(bell, 5);
  EXPECT_TRUE(bell.is_pending());
  EXPECT_EQ(bell.due(), 5);
  heap.erase(bell);
  EXPECT_FALSE(bell.is_pending());
}

TEST(AlarmHeap, AnAlarmRingsWhenAskedAndOnlyThen) {
  AlarmHeap heap;
  Bell bell;
  heap.insert(bell, 5);
  heap.erase(bell);
  EXPECT_EQ(bell.rung, 0);
  bell.ring();
  EXPECT_EQ(bell.rung, 1);
}

TEST(AlarmHeap, AnAlarmCanBeInsertedAgainAtAnotherTime) {
  AlarmHeap heap;
  Bell early;
  Bell late;
  heap.insert(early, 1);
  heap.insert(late, 2);
  heap.erase(early);
  heap.insert(early, 3);
  EXPECT_EQ(drained(heap), (std::vector<std::int64_t>{2, 3}));
}

TEST(AlarmHeap, EveryOrderOfInsertionComesOutSorted) {
  std::vector<std::int64_t> dues{1, 2, 3, 3, 4, 5, 6};
  const std::vector<std::int64_t> sorted = dues;
  do {
    AlarmHeap heap;
    std::vector<Bell> bells(dues.size());
    for (std::size_t i = 0; i < dues.size(); ++i) heap.insert(bells[i], dues[i]);
    ASSERT_EQ(drained(heap), sorted);
  } while (std::next_permutation(dues.begin(), dues.end()));
}

TEST(AlarmHeap, ErasingAnyOneLeavesTheOthersSorted) {
  // The shape of the heap depends on how many have been taken out before.
  constexpr std::size_t count = 12;
  for (std::size_t taken = 0; taken < count; ++taken) {
    for (std::size_t erased = taken; erased < count; ++erased) {
      AlarmHeap heap;
      std::vector<Bell> bells(count);
      std::vector<std::int64_t> rest;
      for (std::size_t i = 0; i < count; ++i) heap.insert(bells[i], static_cast<std::int64_t>(i));
      for (std::size_t i = 0; i < taken; ++i) heap.erase(heap.first());
      heap.erase(bells[erased]);
      for (std::size_t i = taken; i < count; ++i) {
        if (i != erased) rest.push_back(static_cast<std::int64_t>(i));
      }
      ASSERT_EQ(drained(heap), rest) << taken << " taken, then " << erased << " erased";
    }
  }
}

TEST(AlarmHeap, TheEndsOfTimeAreOrdinaryTimes) {
  using Limits = std::numeric_limits<std::int64_t>;
  AlarmHeap heap;
  Bell first;
  Bell middle;
  Bell last;
  heap.insert(last, Limits::max());
  heap.insert(middle, 0);
  heap.insert(first, Limits::min());
  EXPECT_EQ(drained(heap), (std::vector<std::int64_t>{Limits::min(), 0, Limits::max()}));
}

TEST(AlarmHeap, AgreesWithAMultisetUnderRandomOperations) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    std::mt19937 random(seed);
    AlarmHeap heap;
    std::multiset<std::int64_t> model;
    std::vector<std::unique_ptr<Bell>> pending;
    std::vector<std::unique_ptr<Bell>> idle;
    for (int i = 0; i < 200; ++i) idle.push_back(std::make_unique<Bell>());
    const auto move_one = [&](auto& from, std::size_t which, auto& to) -> Bell& {
      std::swap(from[which], from.back());
      to.push_back(std::move(from.back()));
      from.pop_back();
      return *to.back();
    };

    for (int step = 0; step < 2'000; ++step) {
      const auto action = random() % 5;
      if (action < 2 && !idle.empty()) {
        Bell& bell = move_one(idle, random() % idle.size(), pending);
        const auto due = static_cast<std::int64_t>(random() % 64);  // few values: many are equal
        heap.insert(bell, due);
        model.insert(due);
      } else if (action == 2 && !pending.empty()) {
        Alarm& first = heap.first();
        const auto is_first = [&](const auto& bell) { return bell.get() == &first; };
        const auto at = std::find_if(pending.begin(), pending.end(), is_first);
        ASSERT_NE(at, pending.end());
        move_one(pending, static_cast<std::size_t>(at - pending.begin()), idle);
        heap.erase(first);
        model.erase(model.begin());
      } else if (action > 2 && !pending.empty()) {
        Bell& bell = move_one(pending, random() % pending.size(), idle);
        model.erase(model.find(bell.due()));
        heap.erase(bell);
      }
      ASSERT_EQ(heap.empty(), model.empty()) << "seed " << seed;
      if (!model.empty()) {
        ASSERT_EQ(heap.first().due(), *model.begin()) << "seed " << seed;
      }
    }
    EXPECT_EQ(drained(heap), std::vector<std::int64_t>(model.begin(), model.end()))
        << "seed " << seed;
  }
}

TEST(AlarmHeap, AHundredThousandInAnyOrderComeOutSorted) {
  // Ascending gives one long list of children, descending one long chain: neither may need a deep
  // stack.
  constexpr std::int64_t count = 100'000;
  for (const bool ascending : {true, false}) {
    AlarmHeap heap;
    std::vector<Bell> bells(count);
    for (std::int64_t i = 0; i < count; ++i) heap.insert(bells[i], ascending ? i : count - i);
    const std::vector<std::int64_t> dues = drained(heap);
    EXPECT_EQ(dues.size(), std::size_t{count});
    EXPECT_TRUE(std::is_sorted(dues.begin(), dues.end()));
  }
}

}  // namespace
