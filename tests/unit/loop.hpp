// tests/unit/loop.hpp: a scheduler with threads of its own, which knows all that Lockstep asks of one.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "coroutines.hpp"
#include "lockstep/event.hpp"
#include "lockstep/wait/ready.hpp"

namespace lockstep::test {

/// Runs what it is given, from any thread, in order, on its threads. Ends when all of that has run.
class Loop {
 public:
  explicit Loop(std::size_t threads = 1) {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  }
  ~Loop() {
    {
      const std::scoped_lock guard(mutex_);
      ends_ = true;
    }
    changed_.notify_all();
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  void schedule(wait::Ready& ready) noexcept {
    const std::scoped_lock guard(mutex_);
    line_.push_back(ready);
    changed_.notify_one();  // with the mutex: what it runs may end the loop
  }

  /// Only of a loop with one thread, on that.
  void unschedule(wait::Ready& ready) noexcept {
    for (;; std::this_thread::yield()) {
      const std::scoped_lock guard(mutex_);
      if (ready.is_listed()) return line_.erase(ready);
    }
  }

  /// Calls `function` on a thread of the loop, and returns when it has returned.
  void call(std::function<void()> function) {
    Call call(std::move(function));
    schedule(call);
    call.returned.wait();
  }

 private:
  struct Call : wait::Ready {
    explicit Call(std::function<void()> to_call)
        : Ready([](wait::Ready& ready) noexcept {
            auto& self = static_cast<Call&>(ready);
            self.function();
            self.returned.set();
          }),
          function(std::move(to_call)) {}
    std::function<void()> function;
    Event returned;
  };

  void run() {
    std::unique_lock guard(mutex_);
    for (;;) {
      changed_.wait(guard, [this] { return ends_ || !line_.empty(); });
      if (line_.empty()) return;
      wait::Ready& next = line_.pop_front();
      guard.unlock();
      next.run();
      guard.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  wait::ReadyList line_;
  bool ends_ = false;
  std::vector<std::jthread> threads_;  // last, so that they end before the rest goes
};

/// A coroutine on a Loop, which is its first argument.
struct OffersLoop : OffersOwner {
  explicit OffersLoop(Loop& loop) noexcept : loop_(&loop) {}
  Loop& scheduler() noexcept { return *loop_; }
  Loop* loop_;
};
using OnLoop = Owned<OffersLoop>;

}  // namespace lockstep::test
