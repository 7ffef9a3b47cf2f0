// tests/unit/coroutines.hpp: hand-written coroutine types, each with as little as it needs, and
// schedulers that run what they are given when the test says so.
#pragma once

#include <atomic>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "lockstep/wait/owner.hpp"
#include "lockstep/wait/ready.hpp"

namespace lockstep::test {

/// Starts at once, runs to its end whoever resumes it, and cleans up after itself. Its promise offers
/// nothing.
struct Detached {
  struct promise_type {
    Detached get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() { std::terminate(); }
  };
};

/// Belongs to this object, which destroys it, suspended wherever it is. Starts at once. Offer is
/// what its promise offers besides.
struct Nothing {};
template <class Offer = Nothing>
class [[nodiscard]] Owned {
 public:
  struct promise_type : Offer {
    promise_type() = default;
    /// The first argument of the coroutine says what is offered.
    template <class First, class... Rest>
      requires std::constructible_from<Offer, First&>
    explicit promise_type(First& first, Rest&&...) : Offer(first) {}
    /// The second, if the first is a closure whose call operator this is.
    template <class Closure, class First, class... Rest>
      requires(!std::constructible_from<Offer, Closure&> && std::constructible_from<Offer, First&>)
    promise_type(Closure&, First& first, Rest&&...) : Offer(first) {}
    Owned get_return_object() noexcept {
      return Owned(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() { std::terminate(); }
  };

  explicit Owned(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
  Owned(Owned&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }
  ~Owned() { destroy(); }

  [[nodiscard]] bool done() const noexcept { return coroutine_.done(); }
  void destroy() noexcept {
    if (coroutine_) std::exchange(coroutine_, nullptr).destroy();
  }

 private:
  std::coroutine_handle<promise_type> coroutine_;
};

/// Runs what it is given, by any thread, in order, when the test says so.
class Later {
 public:
  void schedule(wait::Ready& ready) noexcept {
    const std::scoped_lock guard(mutex_);
    line_.push_back(ready);
  }
  void unschedule(wait::Ready& ready) noexcept {
    for (;; std::this_thread::yield()) {
      const std::scoped_lock guard(mutex_);
      if (ready.is_listed()) return line_.erase(ready);
    }
  }
  [[nodiscard]] bool empty() const noexcept {
    const std::scoped_lock guard(mutex_);
    return line_.empty();
  }
  void run_one() noexcept { next().run(); }
  void run() noexcept {
    while (!empty()) run_one();
  }

 private:
  wait::Ready& next() noexcept {
    const std::scoped_lock guard(mutex_);
    return line_.pop_front();
  }

  mutable std::mutex mutex_;
  wait::ReadyList line_;
};

/// The same, of handles, which is all that the schedulers of others know.
class LaterByHandle {
 public:
  void schedule(std::coroutine_handle<> coroutine) { line_.push_back(coroutine); }
  [[nodiscard]] bool empty() const noexcept { return line_.empty(); }
  void run() {
    while (!line_.empty()) {
      const std::coroutine_handle<> coroutine = line_.front();
      line_.pop_front();
      coroutine.resume();
    }
  }

 private:
  std::deque<std::coroutine_handle<>> line_;
};

// What promises may offer; each is made from the first argument of the coroutine.

template <class Scheduler>
struct OffersScheduler {
  explicit OffersScheduler(Scheduler& chosen) noexcept : chosen_(&chosen) {}
  Scheduler& scheduler() noexcept { return *chosen_; }
  Scheduler* chosen_;
};

struct OffersStop {
  explicit OffersStop(std::stop_source& source) : token_(source.get_token()) {}
  std::stop_token stop_token() const noexcept { return token_; }
  std::stop_token token_;
};

/// Each coroutine is somebody.
struct OffersOwner {
  Owner owner() const noexcept { return Owner(this); }
};

/// What the coroutines of most tests share: they resume on `later`, and end when `stop` is requested, which
/// is impossible unless the test gives it a state.
struct Stage {
  Later later;
  std::stop_source stop{std::nostopstate};
};

struct OffersStage : OffersOwner {
  explicit OffersStage(Stage& stage) noexcept : stage_(&stage) {}
  Later& scheduler() noexcept { return stage_->later; }
  std::stop_token stop_token() const noexcept { return stage_->stop.get_token(); }
  Stage* stage_;
};

/// A coroutine on a Stage, which is its first argument. Each is somebody.
using Actor = Owned<OffersStage>;

}  // namespace lockstep::test
