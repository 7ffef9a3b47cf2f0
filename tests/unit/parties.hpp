// tests/unit/parties.hpp: threads that wait at a barrier, and what became of each.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <deque>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "lockstep/barrier.hpp"
#include "lockstep/error.hpp"
#include "threads.hpp"

namespace lockstep::test {

/// How a wait at a barrier ended: with an index, or
inline constexpr int broken = -1;
inline constexpr int withdrawn = -2;
inline constexpr int not_ended = -3;

/// How `wait`, which waits at a barrier in one of the ways, ends.
template <class Wait>
int outcome_of(Wait wait) {
  try {
    const std::optional<std::size_t> index = wait();
    return index ? static_cast<int>(*index) : withdrawn;
  } catch (const BrokenBarrierError&) {
    return broken;
  }
}

/// Returns when `count` have arrived in the present round.
inline void await_n_waiting(const Barrier& barrier, std::size_t count) {
  while (barrier.n_waiting() != count) std::this_thread::yield();
}

/// Parties of a barrier, each in a thread. Unless the test asks for all outcomes, the barrier is
/// broken in the end, so that none of them waits for ever.
class Parties {
 public:
  explicit Parties(Barrier& barrier) : barrier_(barrier) {}
  ~Parties() {
    if (joined_ < threads_.size()) barrier_.abort();
  }

  /// Starts one more, that waits by `wait`.
  template <class Wait>
  BlockedThread& start(Wait wait) {
    std::atomic<int>& outcome = outcomes_.emplace_back(not_ended);
    return threads_.emplace_back([&outcome, wait] { outcome = outcome_of(wait); });
  }
  BlockedThread& start() {
    return start([&barrier = barrier_] { return barrier.wait(); });
  }

  /// The same, and returns when it has arrived. (For all but the last party.)
  template <class... Wait>
  BlockedThread& arrive(Wait... wait) {
    const std::size_t before = barrier_.n_waiting();
    BlockedThread& thread = start(wait...);
    await_n_waiting(barrier_, before + 1);
    return thread;
  }
  void arrive_many(int count) {
    for (int i = 0; i < count; ++i) arrive();
  }

  /// How they have ended so far, in the order in which they were started.
  [[nodiscard]] std::vector<int> outcomes_so_far() const {
    return {outcomes_.begin(), outcomes_.end()};
  }

  /// The same, when all have.
  [[nodiscard]] std::vector<int> outcomes() {
    for (; joined_ < threads_.size(); ++joined_) threads_[joined_].join();
    return outcomes_so_far();
  }

 private:
  Barrier& barrier_;
  std::size_t joined_ = 0;
  std::deque<std::atomic<int>> outcomes_;
  std::deque<BlockedThread> threads_;  // last, so that they are joined before the rest goes
};

}  // namespace lockstep::test
