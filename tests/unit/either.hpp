// tests/unit/either.hpp: one who waits, as a thread or as a coroutine, so that one test shows that both behave alike.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <ostream>
#include <thread>
#include <utility>

#include "coroutines.hpp"
#include "threads.hpp"

namespace lockstep::test {

/// Of which kind those are that wait, one after the other.
enum class Mix { threads, coroutines, thread_first, coroutine_first };

inline bool is_thread(Mix mix, std::size_t number) {
  if (mix == Mix::threads || mix == Mix::coroutines) return mix == Mix::threads;
  return (number % 2 == 0) == (mix == Mix::thread_first);
}

inline std::ostream& operator<<(std::ostream& out, Mix mix) {
  static constexpr const char* names[] = {"Threads", "Coroutines", "ThreadFirst", "CoroutineFirst"};
  return out << names[static_cast<int>(mix)];
}

inline const auto every_mix =
    testing::Values(Mix::threads, Mix::coroutines, Mix::thread_first, Mix::coroutine_first);

/// Those who wait. Each comes when the one before sleeps, or is suspended. Coroutines go on when asked about.
template <class Result>
class Waiters {
 public:
  explicit Waiters(Mix mix) : mix_(mix) {}

  /// Adds one that waits by `block`, or by `await`, a coroutine on the stage; each gets where to put its result.
  template <class Block, class Await>
  void add(Block block, Await await) {
    Waiter& self = waiters_.emplace_back();
    if (is_thread(mix_, waiters_.size() - 1)) {
      self.thread.emplace([&self, block] { self.result = block(); });
      self.thread->wait_until_asleep();
    } else {
      self.await = [await](Stage& stage, std::optional<Result>& result) {
        return await(stage, result);
      };
      self.coroutine.emplace(self.await(stage_, self.result));
    }
  }

  /// Lets all coroutines go on until it has ended. What became of it.
  Result result(std::size_t number) {
    Waiter& waiter = waiters_[number];
    while (waiter.thread ? !waiter.thread->finished() : !waiter.result.has_value()) {
      stage_.later.run();
      std::this_thread::yield();
    }
    return *waiter.result;
  }

  /// Fails the test unless it still waits, and will until something happens.
  void expect_waiting(std::size_t number) {
    Waiter& waiter = waiters_[number];
    if (waiter.thread) return waiter.thread->wait_until_asleep();
    stage_.later.run();
    EXPECT_FALSE(waiter.result.has_value());
  }

  /// Ends the coroutine where it is. It must be one.
  void destroy(std::size_t number) { waiters_[number].coroutine->destroy(); }
  [[nodiscard]] bool is_coroutine(std::size_t number) const { return !is_thread(mix_, number); }

 private:
  struct Waiter {
    std::optional<Result> result;
    std::function<Actor(Stage&, std::optional<Result>&)> await;  // outlives the coroutine
    std::optional<Actor> coroutine;
    std::optional<BlockedThread> thread;
  };

  Mix mix_;
  Stage stage_;
  std::deque<Waiter> waiters_;
};

}  // namespace lockstep::test
