// Specifies lockstep/barrier.hpp round after round: no round is taken for another, a round that is
// decided stays so, and whoever leaves the last one may destroy the barrier (SEMANTICS B10, B11,
// B14, O3).

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "crowd.hpp"
#include "lockstep/barrier.hpp"
#include "lockstep/error.hpp"
#include "parties.hpp"
#include "threads.hpp"

namespace {

using lockstep::Barrier;
using lockstep::BrokenBarrierError;
using lockstep::test::broken;
using lockstep::test::outcome_of;
using lockstep::test::Parties;
using lockstep::test::RecurringStop;
using lockstep::test::sanitized;

constexpr int rounds = sanitized ? 2'000 : 20'000;

/// Runs `body(number)` in `count` threads, to its end.
template <class Body>
void in_threads(std::size_t count, Body body) {
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < count; ++i) threads.emplace_back(body, i);
}

// B10: rounds do not mix

TEST(BarrierRounds, NobodyIsCountedInOneRoundAndReleasedByAnother) {
  constexpr std::size_t count = 4;
  Barrier barrier(count);
  std::vector<std::atomic<std::size_t>> arrived(rounds);
  std::vector<std::atomic<unsigned>> indices(rounds);
  in_threads(count, [&](std::size_t) {
    for (std::size_t round = 0; round < rounds; ++round) {
      ++arrived[round];
      const std::size_t index = barrier.wait();
      EXPECT_EQ(arrived[round], count);
      EXPECT_LT(index, count);
      EXPECT_EQ(indices[round].fetch_or(1u << index) & 1u << index, 0u)
          << "index " << index << " twice";
    }
  });
  EXPECT_EQ(barrier.n_waiting(), 0u);
  EXPECT_FALSE(barrier.broken());
}

TEST(BarrierRounds, MoreThreadsThanPartiesShareTheRoundsAndTheirIndices) {
  constexpr std::size_t parties = 3;
  constexpr std::size_t threads = 5;
  int actions = 0;  // not atomic: never two at once
  std::atomic<bool> over{false};
  Barrier* same_barrier = nullptr;
  Barrier barrier(parties, [&] {
    EXPECT_EQ(same_barrier->n_waiting(), parties);
    if (++actions == rounds) over = true;
    if (actions % 8 == 0) std::this_thread::yield();  // so that others come during it
  });
  same_barrier = &barrier;
  std::array<std::atomic<int>, parties> times{};
  std::atomic<std::size_t> running{threads};
  in_threads(threads, [&](std::size_t) {
    try {
      while (!over) ++times[barrier.wait()];
    } catch (const BrokenBarrierError&) {
      EXPECT_TRUE(over);
    }
    if (--running < parties) barrier.abort();  // the rest will never be enough
  });
  for (const auto& each : times) EXPECT_EQ(each, actions);
  EXPECT_GE(actions, rounds);
}

TEST(BarrierRounds, AThreadThatComesBackAtOnceIsNotServedTwice) {
  // The last party of each round is the first of the next, while the others have not run yet.
  Barrier barrier(2);
  std::atomic<int> left{0};
  Parties parties(barrier);
  parties.start([&] {
    for (int round = 0; round < rounds; ++round) {
      barrier.wait();
      ++left;
    }
    return std::optional<std::size_t>();
  });
  for (int round = 0; round < rounds; ++round) {
    barrier.wait();
    const int others = left;
    ASSERT_TRUE(others == round || others == round + 1)
        << others << " rounds left by the other in round " << round;
  }
}

// B11: what is decided stays so

TEST(BarrierRounds, AbortAndResetAfterTheLastArrivalChangeNoOutcome) {
  for (int round = 0; round < rounds / 20; ++round) {
    Barrier barrier(4);
    Parties parties(barrier);
    parties.arrive_many(3);
    barrier.wait();
    round % 2 == 0 ? barrier.abort() : barrier.reset();
    ASSERT_EQ(parties.outcomes(), (std::vector{0, 1, 2}));
  }
}

TEST(BarrierRounds, ARoundThatRacesAnAbortIsCompleteForAllOrBrokenForAll) {
  constexpr std::size_t count = 3;
  Barrier barrier(count);
  Barrier start(count + 1);
  std::vector<std::array<int, count>> outcomes(rounds / 4);
  in_threads(count + 1, [&](std::size_t number) {
    for (auto& outcome : outcomes) {
      start.wait();
      if (number == count) {
        barrier.abort();
      } else {
        outcome[number] = outcome_of([&] { return barrier.wait(); });
      }
      if (start.wait() == count) barrier.reset();
      start.wait();
    }
  });
  int complete = 0;
  for (auto& outcome : outcomes) {
    std::sort(outcome.begin(), outcome.end());
    const bool all = outcome == std::array{0, 1, 2};
    const bool none = outcome == std::array{broken, broken, broken};
    ASSERT_TRUE(all || none) << outcome[0] << ' ' << outcome[1] << ' ' << outcome[2];
    complete += all;
  }
  RecordProperty("complete", complete);
}

// B14: those that withdraw leave the indices of the others unique

TEST(BarrierRounds, WithdrawalsInEveryRoundLeaveEachIndexUnique) {
  constexpr std::size_t parties = 2;
  Barrier barrier(parties);
  std::array<std::atomic<int>, parties> times{};
  std::atomic<int> running{3};
  const auto stop = std::make_unique<RecurringStop>();  // g++ 12 warns of one on the stack
  std::jthread stopper([&] {
    while (running != 0) stop->request();
  });
  in_threads(3, [&](std::size_t number) {
    if (number == 0) {
      for (int outcome = 0; outcome != broken;) {
        outcome = outcome_of([&] { return barrier.wait(stop->next()); });
        if (outcome >= 0) ++times[static_cast<std::size_t>(outcome)];
      }
      --running;
    } else {  // two that never withdraw
      for (int round = 0; round < rounds; ++round) ++times[barrier.wait()];
      if (--running == 1) barrier.abort();  // the other is alone
    }
  });
  EXPECT_EQ(times[0], times[1]);
  EXPECT_GT(times[0], 0);
}

// O3: the last one out may destroy it

TEST(BarrierRounds, AnyPartyMayDestroyTheBarrierOnceItHasLeft) {
  constexpr std::size_t count = 4;
  for (std::size_t destroyer = 0; destroyer < count; ++destroyer) {
    for (int round = 0; round < rounds / 100; ++round) {
      auto* const barrier = round % 2 == 0 ? new Barrier(count) : new Barrier(count, [] {});
      in_threads(count, [&](std::size_t) {
        if (barrier->wait() == destroyer)
          delete barrier;  // the address checker sees who still uses it
      });
    }
  }
}

}  // namespace
