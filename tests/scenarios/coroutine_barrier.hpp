// tests/scenarios/coroutine_barrier.hpp: what Barrier promises to coroutines.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>

#include "coroutine.hpp"
#include "lockstep/barrier.hpp"
#include "lockstep/error.hpp"
#include "scenario.hpp"

namespace scenarios {

template <class Scenario>
Coroutine arrive(Scenario& self) {
  const std::size_t index = co_await self.barrier.async_wait();
  self.left(index);
}

struct AThreadAndACoroutineMeetAtABarrier {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{2};
  Shared<int> before[2]{0, 0};
  std::atomic<unsigned> indices{0};

  void thread(int index) {
    before[index] = 1;
    if (index == 0) {
      left(barrier.wait());
    } else {
      arrive(*this);
    }
  }
  void left(std::size_t index) {
    require(before[0] == 1 && before[1] == 1);
    indices.fetch_add(1u << index, std::memory_order_relaxed);
  }
  void finish() { require(indices.load(std::memory_order_relaxed) == 3); }
};

struct CoroutinesOnTwoThreadsMeetAtABarrierWithAnAction {
  static constexpr int threads = 2;
  Shared<int> actions{0};
  lockstep::Barrier barrier{2, [this] { ++actions; }};
  std::atomic<unsigned> indices{0};

  void thread(int) { arrive(*this); }
  void left(std::size_t index) {
    require(actions == 1);
    indices.fetch_add(1u << index, std::memory_order_relaxed);
  }
  void finish() { require(indices.load(std::memory_order_relaxed) == 3); }
};

/// One who comes during the action completes the next round, and runs the action then.
struct ACoroutineThatComesDuringTheActionRunsTheNext {
  static constexpr int threads = 2;
  Shared<int> actions{0};
  lockstep::Barrier barrier{1, [this] { ++actions; }};
  std::atomic<unsigned> left_with_index_0{0};

  void thread(int index) {
    if (index == 0) {
      left(barrier.wait());
    } else {
      arrive(*this);
    }
  }
  void left(std::size_t index) {
    if (index == 0) left_with_index_0.fetch_add(1, std::memory_order_relaxed);
  }
  void finish() { require(actions == 2 && left_with_index_0.load(std::memory_order_relaxed) == 2); }
};

struct AStopRequestBesideTheLastPartyOfABarrier {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{2};
  std::stop_source stop;
  std::optional<std::optional<std::size_t>> left;

  AStopRequestBesideTheLastPartyOfABarrier() { arrive(*this); }
  static Coroutine arrive(AStopRequestBesideTheLastPartyOfABarrier& self) {
    const std::optional<std::size_t> index =
        co_await self.barrier.async_wait(self.stop.get_token());
    self.left = index;
  }
  void thread(int index) {
    if (index == 0) {
      stop.request_stop();
    } else {
      try {
        require(barrier.wait_for(brief) == 1);
      } catch (const lockstep::BrokenBarrierError&) {
      }
    }
  }
  void finish() { require(left.has_value() && left->has_value() != barrier.broken()); }
};

/// Nobody is in the second round before all have left what they wrote in the first.
template <class Scenario>
struct TwoRounds {
  static constexpr int threads = 2;
  lockstep::Barrier barrier{threads};
  Shared<int> first[threads]{};
  Shared<int> second[threads]{};
  Shared<bool> ended{false};

  static Coroutine meet_twice(Scenario& self, int index) {
    self.first[index] = 1;
    co_await self.barrier.async_wait();
    require(self.first[1 - index] == 1);
    self.second[index] = 1;
    co_await self.barrier.async_wait();
    require(self.second[1 - index] == 1);
    if (index == 1) self.ended = true;
  }
  void finish() { require(ended && barrier.n_waiting() == 0 && !barrier.broken()); }
};

struct AThreadAndACoroutineMeetTwice : TwoRounds<AThreadAndACoroutineMeetTwice> {
  void thread(int index) {
    if (index == 1) return static_cast<void>(meet_twice(*this, 1));
    first[0] = 1;
    barrier.wait();
    require(first[1] == 1);
    second[0] = 1;
    barrier.wait();
    require(second[1] == 1);
  }
};

struct CoroutinesOnTwoThreadsMeetTwice : TwoRounds<CoroutinesOnTwoThreadsMeetTwice> {
  void thread(int index) { meet_twice(*this, index); }
};

struct ABarrierMayBeDestroyedByTheThreadThatACoroutineMet {
  static constexpr int threads = 2;
  std::unique_ptr<lockstep::Barrier> barrier = std::make_unique<lockstep::Barrier>(2);
  lockstep::Barrier* const shared = barrier.get();

  void thread(int index) {
    if (index == 0) {
      shared->wait();
      barrier.reset();
    } else {
      meet(*shared);
    }
  }
  static Coroutine meet(lockstep::Barrier& barrier) { co_await barrier.async_wait(); }
};

using CoroutineBarrierScenarios =
    List<AThreadAndACoroutineMeetAtABarrier, CoroutinesOnTwoThreadsMeetAtABarrierWithAnAction,
         ACoroutineThatComesDuringTheActionRunsTheNext, AStopRequestBesideTheLastPartyOfABarrier,
         AThreadAndACoroutineMeetTwice, CoroutinesOnTwoThreadsMeetTwice,
         ABarrierMayBeDestroyedByTheThreadThatACoroutineMet>;

}  // namespace scenarios
