// tests/structures/scenario.hpp: what the scenarios are written with, and how a verdict is asked for.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>
#include <thread>

#include "lockstep/check.hpp"
#include "orders.hpp"

namespace structures {

using lockstep::check::MemoryModel;
using lockstep::check::require;
using lockstep::check::Wrong;

/// Runs each in a thread of its own, until all have ended.
template <class... Bodies>
void in_threads(const Bodies&... bodies) {
  std::array<std::thread, sizeof...(Bodies)> threads{std::thread(bodies)...};
  for (std::thread& thread : threads) thread.join();
}

/// Tries until it is something else than 0, which is what it returned.
template <class Try>
int until_not_zero(const Try& attempt) {
  int got = 0;
  do {
    got = attempt();
  } while (got == 0);
  return got;
}

using Program = std::function<void()>;

inline lockstep::check::Result explored(const Program& program, MemoryModel model) {
  lockstep::check::Options options;
  options.model = model;
  options.refuse_duplicates = true;
  return lockstep::check::explore(program, options);
}

inline testing::AssertionResult passes(const Program& program,
                                       MemoryModel model = MemoryModel::rc11) {
  const auto result = explored(program, model);
  return (result.passed() ? testing::AssertionSuccess() : testing::AssertionFailure()) << result;
}

/// Refused as wrong, in one of these ways.
inline testing::AssertionResult is_refused(std::initializer_list<Wrong> ways,
                                           const Program& program,
                                           MemoryModel model = MemoryModel::rc11) {
  const auto result = explored(program, model);
  const bool as_expected = result.verdict == lockstep::check::Verdict::failed &&
                           std::find(ways.begin(), ways.end(), result.wrong) != ways.end();
  return (as_expected ? testing::AssertionSuccess() : testing::AssertionFailure()) << result;
}

inline testing::AssertionResult is_refused(Wrong way, const Program& program,
                                           MemoryModel model = MemoryModel::rc11) {
  return is_refused({way}, program, model);
}

/// A loop that nothing ends.
inline testing::AssertionResult waits_for_ever(const Program& program,
                                               MemoryModel model = MemoryModel::rc11) {
  return is_refused(Wrong::livelock, program, model);
}

/// What was freed is used. Whether the free comes first is up to the schedule, so it may be found as a race.
inline testing::AssertionResult frees_too_early(const Program& program,
                                                MemoryModel model = MemoryModel::rc11) {
  return is_refused({Wrong::use_after_free, Wrong::data_race}, program, model);
}

// --- Locks ---------------------------------------------------------------------------------------

/// The counter is plain: were two inside at once, or one not ordered after the other, that is a race.
template <class Lock, int threads>
void count_under_the_lock() {
  static_assert(threads == 2 || threads == 3);
  Lock lock;
  int count = 0;
  const auto body = [&] {
    lock.lock();
    ++count;
    lock.unlock();
  };
  if constexpr (threads == 2) in_threads(body, body);
  if constexpr (threads == 3) in_threads(body, body, body);
  require(count == threads);
}

/// For locks of two threads, 0 and 1, of which the first goes in `first` times and the other once.
template <class Lock, int first = 1>
void count_between_two() {
  Lock lock;
  int count = 0;
  const auto go_in = [&](int me) {
    lock.lock(me);
    ++count;
    lock.unlock(me);
  };
  in_threads(
      [&] {
        for (int i = 0; i < first; ++i) go_in(0);
      },
      [&] { go_in(1); });
  require(count == first + 1);
}

}  // namespace structures
