// tests/unit/async_barrier_test.cpp: what a Barrier does for coroutines (SEMANTICS 3.6, 2.7).
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <typeinfo>
#include <utility>
#include <vector>

#include "coroutines.hpp"
#include "lockstep/barrier.hpp"
#include "lockstep/error.hpp"
#include "lockstep/event.hpp"
#include "parties.hpp"
#include "staged_clock.hpp"

namespace lockstep::test {
namespace {

using namespace std::chrono_literals;

class AsyncBarrier : public testing::Test {
 protected:
  /// A party that notes how its wait ended, in the way of `outcome_of`.
  Actor party(Stage&, Barrier& barrier, int& outcome) {
    try {
      outcome = static_cast<int>(co_await barrier.async_wait());
    } catch (const BrokenBarrierError&) {
      outcome = broken;
    }
  }

  Actor party_until(Stage&, Barrier& barrier, std::stop_token token, int& outcome) {
    try {
      const std::optional<std::size_t> index = co_await barrier.async_wait(std::move(token));
      outcome = index ? static_cast<int>(*index) : withdrawn;
    } catch (const BrokenBarrierError&) {
      outcome = broken;
    }
  }

  template <class Duration>
  Actor party_for(Stage&, Barrier& barrier, Duration duration, int& outcome) {
    try {
      outcome = static_cast<int>(co_await barrier.async_wait_for(duration));
    } catch (const BrokenBarrierError&) {
      outcome = broken;
    }
  }

  Stage stage;
  std::array<int, 4> outcomes{not_ended, not_ended, not_ended, not_ended};
  using Outcomes = std::array<int, 4>;
};

// --- Rounds --------------------------------------------------------------------------------------

TEST_F(AsyncBarrier, TheLastPartyDoesNotSuspendAndEachHasItsIndex) {  // AB2, B2
  Barrier barrier(3);
  const Actor first = party(stage, barrier, outcomes[0]);
  const Actor second = party(stage, barrier, outcomes[1]);
  EXPECT_EQ(barrier.n_waiting(), 2u);  // AB4
  const Actor last = party(stage, barrier, outcomes[2]);
  EXPECT_EQ(outcomes, (Outcomes{not_ended, not_ended, 2, not_ended}));  // A8
  stage.later.run();
  EXPECT_EQ(outcomes, (Outcomes{0, 1, 2, not_ended}));
  EXPECT_EQ(barrier.n_waiting(), 0u);
}

TEST_F(AsyncBarrier, TheLastPartyMayHaveADeadline) {  // B5: a round that is complete wins
  for (const auto duration : {std::chrono::hours(1), std::chrono::hours(0)}) {
    Barrier barrier(2);
    const Actor first = party(stage, barrier, outcomes[0]);
    const Actor last = party_for(stage, barrier, duration, outcomes[1]);
    stage.later.run();
    EXPECT_EQ(outcomes, (Outcomes{0, 1, not_ended, not_ended}));
  }
  Barrier bounded(1, {}, 1h);
  const Actor only = party(stage, bounded, outcomes[2]);
  EXPECT_EQ(outcomes[2], 0);
}

TEST_F(AsyncBarrier, OneThatComesBackBeforeTheOthersRanIsOfTheNextRound) {  // AB9, B10
  Barrier barrier(2);
  const Actor first = party(stage, barrier, outcomes[0]);
  const Actor last = party(stage, barrier, outcomes[1]);
  const Actor again = party(stage, barrier, outcomes[2]);
  EXPECT_EQ(barrier.n_waiting(), 1u);
  stage.later.run();
  EXPECT_EQ(outcomes, (Outcomes{0, 1, not_ended, not_ended}));
  barrier.reset();
  stage.later.run();
  EXPECT_EQ(outcomes[2], broken);
}

TEST_F(AsyncBarrier, WhatHappensAfterTheTripDoesNotConcernItsRound) {  // B11, AB9
  Barrier barrier(2);
  std::stop_source source;
  const Actor first = party_until(stage, barrier, source.get_token(), outcomes[0]);
  const Actor last = party(stage, barrier, outcomes[1]);
  source.request_stop();
  barrier.abort();
  stage.later.run();
  EXPECT_EQ(outcomes, (Outcomes{0, 1, not_ended, not_ended}));
}

// --- Leaving -------------------------------------------------------------------------------------

TEST_F(AsyncBarrier, OneThatWasStoppedLeavesAndIndicesStayUnique) {  // AB5, AB6, B14
  Barrier barrier(3);
  std::stop_source source;
  const Actor stopped = party_until(stage, barrier, source.get_token(), outcomes[0]);
  const Actor second = party(stage, barrier, outcomes[1]);
  source.request_stop();
  EXPECT_EQ(barrier.n_waiting(), 1u);
  EXPECT_FALSE(barrier.broken());
  const Actor third = party(stage, barrier, outcomes[2]);
  const Actor last = party(stage, barrier, outcomes[3]);
  stage.later.run();
  EXPECT_EQ(outcomes, (Outcomes{withdrawn, 0, 1, 2}));
}

TEST_F(AsyncBarrier, ATaskThatIsToEndLeaves) {  // AB5
  Barrier barrier(2);
  bool cancelled = false;
  Stage doomed;
  doomed.stop = std::stop_source();
  const auto body = [&](Stage&) -> Actor {
    try {
      co_await barrier.async_wait();
    } catch (const CancelledError&) {
      cancelled = true;
    }
  };
  const Actor actor = body(doomed);
  doomed.stop.request_stop();
  EXPECT_EQ(barrier.n_waiting(), 0u);
  doomed.later.run();
  EXPECT_TRUE(cancelled);
  EXPECT_FALSE(barrier.broken());
}

TEST_F(AsyncBarrier, OneThatIsDestroyedLeaves) {
  Barrier barrier(2);
  Actor destroyed = party(stage, barrier, outcomes[0]);
  destroyed.destroy();
  EXPECT_EQ(barrier.n_waiting(), 0u);
  const Actor first = party(stage, barrier, outcomes[1]);
  const Actor last = party(stage, barrier, outcomes[2]);
  stage.later.run();
  EXPECT_EQ(outcomes, (Outcomes{not_ended, 0, 1, not_ended}));
}

TEST_F(AsyncBarrier, OneThatIsDestroyedAfterTheTripDoesNotConcernTheOthers) {  // B11
  Barrier barrier(3);
  Actor first = party(stage, barrier, outcomes[0]);
  const Actor second = party(stage, barrier, outcomes[1]);
  const Actor last = party(stage, barrier, outcomes[2]);
  first.destroy();
  stage.later.run();
  EXPECT_EQ(outcomes, (Outcomes{not_ended, 1, 2, not_ended}));
  EXPECT_FALSE(barrier.broken());
}

// --- Broken --------------------------------------------------------------------------------------

TEST_F(AsyncBarrier, AbortAndResetThrowOutThoseThatWait) {  // AB7, AB8, B6
  Barrier barrier(3);
  const Actor first = party(stage, barrier, outcomes[0]);
  barrier.abort();
  const Actor second = party(stage, barrier, outcomes[1]);
  EXPECT_EQ(outcomes[1], broken);
  barrier.reset();
  const Actor third = party(stage, barrier, outcomes[2]);
  barrier.reset();
  stage.later.run();
  EXPECT_EQ(outcomes, (Outcomes{broken, broken, broken, not_ended}));
  EXPECT_FALSE(barrier.broken());
}

TEST_F(AsyncBarrier, ADeadlineThatHasPassedBreaksItForAll) {  // B5, T2
  Barrier barrier(3);
  const Actor first = party(stage, barrier, outcomes[0]);
  const Actor second = party_for(stage, barrier, 0h, outcomes[1]);
  EXPECT_EQ(outcomes[1], broken);
  EXPECT_TRUE(barrier.broken());
  stage.later.run();
  EXPECT_EQ(outcomes[0], broken);
}

TEST_F(AsyncBarrier, ADeadlineThatComesBreaksItForAll) {  // B5, and of those that name none
  Barrier barrier(2, {}, 1ms);
  Event over;
  const auto body = [&](int) -> Detached {
    try {
      co_await barrier.async_wait();
    } catch (const BrokenBarrierError&) {
      over.set();
    }
  };
  body(0);
  over.wait();
  EXPECT_TRUE(barrier.broken());
}

TEST_F(AsyncBarrier, OneThatADeadlineThrowsOutMayDestroyTheOneWhoseDeadlineItWas) {
  StagedClock::put_off();
  Barrier barrier(3);
  Event over;
  std::optional<Owned<>> late;
  const auto other = [&](int) -> Detached {
    try {
      co_await barrier.async_wait();
    } catch (const BrokenBarrierError&) {
      late.reset();
      over.set();
    }
  };
  const auto body = [&](int) -> Owned<> {
    try {
      co_await barrier.async_wait_until(StagedClock::deadline);
    } catch (const BrokenBarrierError&) {
    }
  };
  other(0);
  late.emplace(body(0));
  StagedClock::let_it_come();
  over.wait();
  EXPECT_FALSE(late.has_value());
}

TEST_F(AsyncBarrier, OneThatIsThrownOutMayDestroyTheOthers) {
  Barrier barrier(4);
  std::array<std::optional<Owned<>>, 3> coroutines;
  const auto body = [&](std::size_t self) -> Owned<> {
    try {
      co_await barrier.async_wait();
    } catch (const BrokenBarrierError&) {
      for (std::size_t each = 0; each < coroutines.size(); ++each) {
        if (each != self) coroutines[each].reset();
      }
    }
  };
  for (std::size_t i = 0; i < coroutines.size(); ++i) coroutines[i].emplace(body(i));
  barrier.abort();
  EXPECT_TRUE(coroutines[0]->done());
  EXPECT_FALSE(coroutines[1].has_value());
}

// --- The action ----------------------------------------------------------------------------------

TEST_F(AsyncBarrier, TheLastPartyRunsTheActionBeforeAnybodyGoesOn) {  // B3
  std::vector<std::size_t> waiting;
  Barrier* self = nullptr;
  Barrier barrier(2, [&] { waiting.push_back(self->n_waiting()); });
  self = &barrier;
  const Actor first = party(stage, barrier, outcomes[0]);
  const Actor last = party(stage, barrier, outcomes[1]);
  EXPECT_EQ(waiting, std::vector<std::size_t>{2});
  stage.later.run();
  EXPECT_EQ(outcomes, (Outcomes{0, 1, not_ended, not_ended}));
}

TEST_F(AsyncBarrier, WhatTheActionThrowsComesOutOfTheLastWait) {  // B4
  Barrier barrier(2, [] { throw std::runtime_error("action"); });
  const Actor first = party(stage, barrier, outcomes[0]);
  bool thrown = false;
  const auto body = [&](Stage&) -> Actor {
    try {
      co_await barrier.async_wait();
    } catch (const std::runtime_error& error) {
      thrown = typeid(error) == typeid(std::runtime_error);
    }
  };
  const Actor last = body(stage);
  EXPECT_TRUE(thrown);
  stage.later.run();
  EXPECT_EQ(outcomes[0], broken);
}

/// A barrier of two whose first action lets two more arrive: the second of them has to run the action of the next round.
class Promoted : public AsyncBarrier {
 protected:
  Promoted() {
    actors.push_back(party(stage, barrier, outcomes[0]));
    actors.push_back(party(stage, barrier, outcomes[1]));
  }

  Actor& other() { return actors[1]; }
  Actor& promoted() { return actors[2]; }

  int actions = 0;
  Barrier barrier{2, [this] {
                    if (++actions > 1) return;
                    actors.push_back(party(stage, barrier, outcomes[2]));
                    actors.push_back(party(stage, barrier, outcomes[3]));
                    EXPECT_EQ(barrier.n_waiting(), 2u);
                  }};
  std::vector<Actor>
      actors;  // the first action's two begin before the second party's await returns
};

TEST_F(Promoted, OneRunsTheActionWhenItGoesOn) {  // B3, B10
  EXPECT_EQ(actions, 1);
  EXPECT_EQ(barrier.n_waiting(), 2u);
  stage.later.run();
  EXPECT_EQ(actions, 2);
  EXPECT_EQ(outcomes, (Outcomes{0, 1, 0, 1}));
}

TEST_F(Promoted, OneThatIsDestroyedInsteadBreaksTheBarrier) {  // as if the action had thrown, B4
  promoted().destroy();
  stage.later.run();
  EXPECT_EQ(actions, 1);
  EXPECT_EQ(outcomes, (Outcomes{0, 1, broken, not_ended}));
  EXPECT_TRUE(barrier.broken());
  barrier.reset();
  actors.push_back(party(stage, barrier, outcomes[0]));
  actors.push_back(party(stage, barrier, outcomes[1]));
  EXPECT_EQ(actions, 2);
  stage.later.run();
}

TEST_F(Promoted, APartyThatIsDestroyedBeforeTheActionRanIsNotWaitedFor) {
  other().destroy();
  stage.later.run();
  EXPECT_EQ(actions, 2);
  EXPECT_EQ(outcomes, (Outcomes{0, 1, not_ended, 1}));
  EXPECT_FALSE(barrier.broken());
}

TEST_F(Promoted, AnAbortBeforeTheActionHasReturnedIsInTime) {  // B11
  barrier.abort();
  stage.later.run();
  EXPECT_EQ(outcomes, (Outcomes{0, 1, broken, broken}));
  EXPECT_EQ(actions, 2);
}

TEST_F(AsyncBarrier, TheActionMayDestroyAPartyThatWaitsForIt) {
  std::optional<Actor> first;
  Barrier barrier(2, [&] { first.reset(); });
  first.emplace(party(stage, barrier, outcomes[0]));
  const Actor last = party(stage, barrier, outcomes[1]);
  stage.later.run();
  EXPECT_EQ(outcomes, (Outcomes{not_ended, 1, not_ended, not_ended}));
  EXPECT_EQ(barrier.n_waiting(), 0u);
}

TEST_F(AsyncBarrier, ANewcomerDuringTheActionMayBeDestroyed) {
  int actions = 0;
  std::optional<Actor> newcomer;
  Barrier* self = nullptr;
  Barrier barrier(2, [&] {
    if (++actions > 1) return;
    newcomer.emplace(party(stage, *self, outcomes[2]));
    newcomer.reset();
  });
  self = &barrier;
  const Actor first = party(stage, barrier, outcomes[0]);
  const Actor last = party(stage, barrier, outcomes[1]);
  EXPECT_EQ(barrier.n_waiting(), 0u);
  stage.later.run();
  EXPECT_EQ(outcomes, (Outcomes{0, 1, not_ended, not_ended}));
}

}  // namespace
}  // namespace lockstep::test
