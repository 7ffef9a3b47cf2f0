// tests/scenarios/coroutine.hpp: the kinds of coroutines that scenarios have, and what runs them.
//
// A coroutine here is started by one thread and resumed by whichever wakes it. All have ended, or
// been destroyed, when the scenario's threads have. What the primitives promise them, beside threads
// and beside each other, is in coroutine_*.hpp.
#pragma once

#include <atomic>
#include <chrono>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <thread>
#include <utility>

#include "lockstep/wait/alarm_clock.hpp"
#include "lockstep/wait/alarm_heap.hpp"
#include "lockstep/wait/context.hpp"
#include "lockstep/wait/owner.hpp"
#include "lockstep/wait/ready.hpp"
#include "scenario.hpp"

namespace scenarios {

/// The promise of a coroutine that begins at once.
struct BeginsAtOnce {
  std::suspend_never initial_suspend() noexcept { return {}; }
  void return_void() noexcept {}
  void unhandled_exception() { std::terminate(); }
};

/// Of one that is also gone at its end.
struct LeavesAtItsEnd : BeginsAtOnce {
  std::suspend_never final_suspend() noexcept { return {}; }
};

/// A coroutine that is an owner.
struct Coroutine {
  struct promise_type : LeavesAtItsEnd {
    Coroutine get_return_object() noexcept { return {}; }
    lockstep::Owner owner() noexcept { return lockstep::Owner(this); }
  };
};

/// One whose promise offers nothing.
struct Nobody {
  struct promise_type : LeavesAtItsEnd {
    Nobody get_return_object() noexcept { return {}; }
  };
};

/// A clock that one of the threads is: it rings the alarm that was started, if there is one.
class RungByHand final : public lockstep::wait::AlarmClock {
 public:
  void prepare() override {}
  void start(lockstep::wait::Alarm& alarm, std::int64_t) noexcept override {
    alarm_.store(&alarm, std::memory_order_release);
  }
  [[nodiscard]] bool stop(lockstep::wait::Alarm&) noexcept override { return take() != nullptr; }
  void ring_after(std::chrono::nanoseconds time) noexcept {
    std::this_thread::sleep_for(time);
    if (lockstep::wait::Alarm* const alarm = take(); alarm != nullptr) alarm->ring();
  }

 private:
  lockstep::wait::Alarm* take() noexcept {
    return alarm_.exchange(nullptr, std::memory_order_acq_rel);
  }

  std::atomic<lockstep::wait::Alarm*> alarm_{nullptr};
};

/// A Coroutine whose deadlines are rung by hand, by the clock of the scenario.
struct Timed {
  struct promise_type : LeavesAtItsEnd {
    template <class Scenario>
    explicit promise_type(Scenario& scenario) noexcept : clock(&scenario.clock) {}
    Timed get_return_object() noexcept { return {}; }
    lockstep::wait::Context context() noexcept { return {offer, this}; }

    RungByHand* clock;
    static lockstep::Owner owner_of(void* promise) noexcept { return lockstep::Owner(promise); }
    static lockstep::wait::AlarmClock* clock_of(void* promise) noexcept {
      return static_cast<promise_type*>(promise)->clock;
    }
    static constexpr lockstep::wait::Offer offer{.owner = &promise_type::owner_of,
                                                 .alarm_clock = &promise_type::clock_of};
  };
};

/// A line of one, that any thread may put a coroutine into.
class Line {
 public:
  void schedule(lockstep::wait::Ready& ready) noexcept {
    ready_.store(&ready, std::memory_order_release);
  }
  void unschedule(lockstep::wait::Ready&) noexcept { static_cast<void>(take()); }
  void run() noexcept { take().run(); }

 private:
  /// Once there is one.
  lockstep::wait::Ready& take() noexcept {
    while (ready_.load(std::memory_order_acquire) == nullptr) std::this_thread::yield();
    return *ready_.exchange(nullptr, std::memory_order_relaxed);
  }

  std::atomic<lockstep::wait::Ready*> ready_{nullptr};
};

/// A coroutine that begins at once, resumes from the scenario's line, and is destroyed with this object.
class InLine {
 public:
  struct promise_type : BeginsAtOnce {
    template <class Scenario>
    explicit promise_type(Scenario& scenario) noexcept : line(&scenario.line) {}
    InLine get_return_object() noexcept {
      return InLine(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always final_suspend() noexcept { return {}; }
    Line& scheduler() noexcept { return *line; }
    lockstep::Owner owner() noexcept { return lockstep::Owner(this); }
    Line* line;
  };

  InLine() noexcept = default;
  explicit InLine(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
  InLine(const InLine&) = delete;
  InLine& operator=(InLine&& other) noexcept {
    std::swap(coroutine_, other.coroutine_);
    return *this;
  }
  ~InLine() { destroy(); }
  [[nodiscard]] bool done() const noexcept { return coroutine_.done(); }
  void destroy() noexcept {
    if (coroutine_) std::exchange(coroutine_, nullptr).destroy();
  }

 private:
  std::coroutine_handle<promise_type> coroutine_;
};

/// One thread announces what it wrote, to a coroutine on the other.
template <class Scenario>
struct CarriesData {
  static constexpr int threads = 2;
  Shared<int> data{0};
  Shared<int> seen{0};

  void thread(int index) {
    auto& self = static_cast<Scenario&>(*this);
    if (index == 0) {
      data = 1;
      self.announce();
    } else {
      look(self);
    }
  }
  static Coroutine look(Scenario& self) {
    co_await self.announced();
    self.seen = self.data;
  }
  void finish() { require(seen == 1); }
};

}  // namespace scenarios
