// lockstep/async/loop.hpp: one thread that runs what is ready, and sleeps in one futex when nothing
// is. EventLoop (event_loop.hpp) adds what knows tasks by their type.
//
// What is ready is in two lists: the loop's own thread appends to `own_` without any lock; all
// others to `outside_`, under a Lock, from where the loop fetches it. One pass runs what was ready
// when it began: up to a mark that is put at the end of the list.
//
// No wake is missed: the loop says that it sleeps (`word_`) under the same lock, and only if
// `outside_` is empty; whoever adds to that afterwards sees it, and wakes the loop.
//
// Orders: between the loop and those who ask something of it, the Lock's. `any_outside_` only saves taking it and
// is looked at again in every pass; before the loop sleeps it takes the Lock anyway.
//   (1) release, ~Running, ~KeptByThisThread  pairs with (2, 3)
//   (2) acquire, Running                      pairs with (1)
//   (3) acquire, is_elsewhere                 pairs with (1)
//   Without them a thread that finds that nobody runs the loop any more, and so runs it, or cancels one of
//   its tasks, would race with what the last one who ran it did.
//
// Lifetime: whoever schedules touches nothing but the address of `word_` after it has released the
// Lock; so what it scheduled may run, and be the end of the loop, at once.
//
// Checked by: tests/unit/event_loop_test.cpp, tests/scenarios/loop.hpp
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <mutex>
#include <utility>

#include "lockstep/async/call.hpp"
#include "lockstep/async/shared.hpp"
#include "lockstep/callback.hpp"
#include "lockstep/error.hpp"
#include "lockstep/event.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/os/clock.hpp"
#include "lockstep/os/futex.hpp"
#include "lockstep/os/spin.hpp"
#include "lockstep/os/thread.hpp"
#include "lockstep/wait/alarm_clock.hpp"
#include "lockstep/wait/alarm_heap.hpp"
#include "lockstep/wait/deadline.hpp"
#include "lockstep/wait/owner.hpp"
#include "lockstep/wait/ready.hpp"

namespace lockstep::async {

class Loop;

/// A task, as its loop sees it: a link of the list of those that have not ended.
class LoopTask {
 protected:
  LoopTask() noexcept = default;
  ~LoopTask() = default;

 private:
  friend class Loop;
  virtual void cancel_with_loop() = 0;
  virtual void end_with_loop() noexcept = 0;

  LoopTask* next_ = this;
  LoopTask* previous_ = this;
  bool told_ = false;  // that the loop is about to end
};

/// The loop that the calling thread runs, if it does.
inline constinit thread_local Loop* loop_of_this_thread = nullptr;

/// What runs tasks, calls and alarms on one thread; users make an EventLoop.
class Loop : private wait::AlarmClock {
 public:
  Loop() noexcept { tasks_.told_ = true; }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Tasks that have not ended are destroyed where they are, and count as cancelled; calls to come
  /// are forgotten. It must not be running, nor may coroutines of other types wait on it.
  ~Loop() {
    closing_ = true;
    while (tasks_.next_ != &tasks_) tasks_.next_->end_with_loop();
    forget_calls();
  }

  /// Calls `function(arguments...)` in the next pass, after what was asked before. From any thread.
  /// What it throws comes out of run_forever or run_until_complete; the loop can then be run again,
  /// and goes on with what was next.
  template <class F, class... Args>
  ScheduledCall call_soon(F&& function, Args&&... arguments) {
    Ref<Call> call = new_call(std::forward<F>(function), std::forward<Args>(arguments)...);
    schedule(Ref<Call>(call).release()->ready());
    return ScheduledCall(std::move(call));
  }

  /// The same, by the name that asyncio has for it.
  template <class F, class... Args>
  ScheduledCall call_soon_threadsafe(F&& function, Args&&... arguments) {
    return call_soon(std::forward<F>(function), std::forward<Args>(arguments)...);
  }

  /// Calls it `delay` from now; zero and less is as soon as possible. On the loop's thread, or
  /// while it does not run.
  template <class Rep, class Period, class F, class... Args>
  ScheduledCall call_later(std::chrono::duration<Rep, Period> delay, F&& function,
                           Args&&... arguments) {
    return call_when_due(wait::Deadline::after(delay), std::forward<F>(function),
                         std::forward<Args>(arguments)...);
  }

  /// Calls it when the steady clock shows `point`. Otherwise as call_later.
  template <class Duration, class F, class... Args>
  ScheduledCall call_at(std::chrono::time_point<std::chrono::steady_clock, Duration> point,
                        F&& function, Args&&... arguments) {
    return call_when_due(wait::Deadline::at(point), std::forward<F>(function),
                         std::forward<Args>(arguments)...);
  }

  /// What the loop's clock shows.
  [[nodiscard]] static std::chrono::steady_clock::time_point time() noexcept {
    return std::chrono::steady_clock::now();
  }

  /// Runs until `stop`. Throws what a call throws; Error if it, or another loop of this thread, is
  /// running.
  void run_forever() {
    const Running running(*this);
    do run_once();
    while (!is_stopped());
  }

  /// Lets run_forever (or what else runs it) return after the present pass; if it does not run,
  /// after the first. From any thread. Never blocks.
  void stop() noexcept { add_from_outside(nullptr); }

  /// Is it running, on any thread?
  [[nodiscard]] bool is_running() const noexcept {
    return runner_.load(std::memory_order_relaxed) != 0;
  }

  // A scheduler, as wait/context.hpp describes it.

  /// Runs `ready` in the next pass. From any thread. Never blocks, allocates nothing.
  void schedule(wait::Ready& ready) noexcept {
    if (loop_of_this_thread == this) return own_.push_back(ready);
    add_from_outside(&ready);
  }

  /// Takes back what was scheduled, or is about to be. On the loop's thread, or while it does not
  /// run.
  void unschedule(wait::Ready& ready) noexcept {
    for (os::Backoff backoff; !fetch_from_outside(ready);) {
      do backoff.step();
      while (!any_outside_.load(std::memory_order_relaxed));
    }
    own_.erase(ready);
  }

  /// While it lives, other threads find the loop running, also between one run and the next: what
  /// they may do then (cancel a task) never meets the beginning of that. The loop must be new.
  class KeptByThisThread {
   public:
    /// From now on `loop` is the calling thread's.
    explicit KeptByThisThread(Loop& loop) noexcept : loop_(loop) {
      loop_.runner_.store(os::this_thread(), std::memory_order_relaxed);
    }
    ~KeptByThisThread() { loop_.runner_.store(0, std::memory_order_release); }  // (1)
    KeptByThisThread(const KeptByThisThread&) = delete;
    KeptByThisThread& operator=(const KeptByThisThread&) = delete;

   private:
    Loop& loop_;
  };

  // For tasks and calls.

  /// Rings on the loop's thread.
  [[nodiscard]] wait::AlarmClock& alarm_clock() noexcept { return *this; }

  /// Does another thread run it?
  [[nodiscard]] bool is_elsewhere() const noexcept {
    const std::uintptr_t runner = runner_.load(std::memory_order_acquire);  // (3)
    return runner != 0 && runner != os::this_thread();
  }

  /// `task` is to be ended with the loop. On its thread.
  void add(LoopTask& task) noexcept {
    task.previous_ = tasks_.previous_;
    task.next_ = &tasks_;
    task.previous_->next_ = tasks_.previous_ = &task;
  }
  /// `task` has ended.
  static void remove(LoopTask& task) noexcept {
    task.previous_->next_ = task.next_;
    task.next_->previous_ = task.previous_;
    task.next_ = task.previous_ = &task;
  }

 protected:
  /// Runs until `done` is set, or the loop is stopped: false.
  [[nodiscard]] bool run_until(const Event& done) {
    const Running running(*this);
    bool stopped = false;
    while (!done.is_set() && !stopped) {
      run_once();
      stopped = is_stopped();
    }
    return done.is_set();
  }

  /// Cancels all tasks, also those that these create, and runs until they have ended. Of what calls
  /// threw meanwhile, throws the first at the end.
  void cancel_remaining() {
    const Running running(*this);
    std::exception_ptr first;
    while (tasks_.next_ != &tasks_) {
      cancel_new();
      try {
        run_once();
      } catch (...) {
        if (!first) first = std::current_exception();
      }
    }
    static_cast<void>(is_stopped());
    if (first) std::rethrow_exception(first);
  }

 private:
  friend class Call;

  static constexpr std::uint32_t awake_ = 0;
  static constexpr std::uint32_t asleep_ = 1;

  /// The end of a list, which does nothing.
  struct Mark : wait::Ready {
    Mark() noexcept : Ready([](wait::Ready&) noexcept {}) {}
  };
  struct Tasks : LoopTask {
    void cancel_with_loop() override {}
    void end_with_loop() noexcept override {}
  };

  /// While it lives, this thread runs the loop.
  class Running {
   public:
    explicit Running(Loop& loop) : loop_(loop) {
      if (loop_of_this_thread != nullptr) throw Error("EventLoop: this thread runs one already");
      if (!loop.runner_.compare_exchange_strong(before_, os::this_thread(),
                                                std::memory_order_acquire,  // (2)
                                                std::memory_order_relaxed) &&
          before_ != os::this_thread()) {
        throw Error("EventLoop: it is running already");
      }
      loop_of_this_thread = &loop;
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() {
      loop_of_this_thread = nullptr;
      loop_.runner_.store(before_, std::memory_order_release);  // (1)
    }

   private:
    Loop& loop_;
    std::uintptr_t before_ = 0;  // nobody, or KeptByThisThread
    wait::ActingFor nobody_{Owner()};
  };

  template <class F, class... Args>
  Ref<Call> new_call(F&& function, Args&&... arguments) {
    return Ref<Call>::adopt(
        new Call(*this, Callback(std::forward<F>(function), std::forward<Args>(arguments)...)));
  }

  template <class F, class... Args>
  ScheduledCall call_when_due(wait::Deadline deadline, F&& function, Args&&... arguments) {
    if (is_elsewhere()) throw Error("EventLoop: not on its thread; see call_soon");
    Ref<Call> call = new_call(std::forward<F>(function), std::forward<Args>(arguments)...);
    alarms_.insert(Ref<Call>(call).release()->alarm(), deadline.instant().nanoseconds);
    return ScheduledCall(std::move(call));
  }

  void run_once() {
    fetch_from_outside_if_any();
    ring_due();
    if (own_.empty()) {
      sleep();
      fetch_from_outside_if_any();
      ring_due();
    }
    run_pass();
  }

  void run_pass() {
    Mark mark;
    own_.push_back(mark);
    for (wait::Ready* next = &own_.pop_front(); next != &mark; next = &own_.pop_front()) {
      next->run();
      if (failure_) [[unlikely]] {
        own_.erase(mark);
        std::rethrow_exception(std::exchange(failure_, nullptr));
      }
    }
  }

  void ring_due() noexcept {
    if (alarms_.empty()) return;
    const std::int64_t now = os::nanoseconds_now(os::Instant::Clock::monotonic);
    while (!alarms_.empty() && alarms_.first().due() <= now) ring_first();
  }

  void ring_first() noexcept {
    wait::Alarm& first = alarms_.first();
    alarms_.erase(first);
    first.ring();
  }

  void sleep() noexcept {
    {
      const std::scoped_lock guard(lock_);
      if (!outside_.empty() || stopped_) return;
      word_.store(asleep_, std::memory_order_relaxed);
    }
    os::futex_wait(word_, asleep_, {alarms_.empty() ? os::Instant::never_ : alarms_.first().due()});
    word_.store(awake_, std::memory_order_relaxed);
  }

  /// Null: stops it.
  void add_from_outside(wait::Ready* ready) noexcept {
    const os::FutexWord* const address = &word_;
    bool wakes = false;
    {
      const std::scoped_lock guard(lock_);
      ready == nullptr ? void(stopped_ = true) : outside_.push_back(*ready);
      any_outside_.store(true, std::memory_order_relaxed);
      wakes = word_.load(std::memory_order_relaxed) == asleep_;
      if (wakes) word_.store(awake_, std::memory_order_relaxed);
    }
    if (wakes) os::futex_wake_one(address);
  }

  void fetch_from_outside_if_any() noexcept {
    if (any_outside_.load(std::memory_order_relaxed)) fetch_from_outside();
  }

  void fetch_from_outside() noexcept {
    const std::scoped_lock guard(lock_);
    fetch();
  }

  /// The same. Is `ready` there now? Without the lock another thread could be just putting it into
  /// `outside_`.
  [[nodiscard]] bool fetch_from_outside(const wait::Ready& ready) noexcept {
    const std::scoped_lock guard(lock_);
    fetch();
    return ready.is_listed();
  }

  void fetch() noexcept {
    own_.append(outside_);
    any_outside_.store(stopped_, std::memory_order_relaxed);
  }

  /// Was it to be stopped? Asked once.
  [[nodiscard]] bool is_stopped() noexcept {
    if (!any_outside_.load(std::memory_order_relaxed)) return false;
    const std::scoped_lock guard(lock_);
    return std::exchange(stopped_, false);
  }

  /// Cancels those that were not told yet: the last of the list.
  void cancel_new() {
    for (LoopTask* each = tasks_.previous_; !each->told_; each = each->previous_) {
      each->told_ = true;
      each->cancel_with_loop();
    }
  }

  /// Of all that is left, only calls are to be run: they find that the loop is closing.
  void forget_calls() noexcept {
    for (fetch_from_outside(); !own_.empty() || !alarms_.empty(); fetch_from_outside()) {
      while (!alarms_.empty()) ring_first();
      if (own_.empty()) continue;
      wait::Ready& ready = own_.pop_front();
      if (!ready.handle()) ready.run();
    }
  }

  // The clock of its tasks.
  void prepare() override {}
  void start(wait::Alarm& alarm, std::int64_t due) noexcept override {
    if (!closing_) alarms_.insert(alarm, due);
  }
  [[nodiscard]] bool stop(wait::Alarm& alarm) noexcept override {
    if (!alarm.is_pending()) return false;
    alarms_.erase(alarm);
    return true;
  }

  wait::ReadyList own_;
  wait::AlarmHeap alarms_;
  Tasks tasks_;
  std::exception_ptr failure_;  // what a call of this pass threw
  bool closing_ = false;
  std::atomic<std::uintptr_t> runner_{0};  // the thread that runs it

  Lock lock_;  // guards the two below
  wait::ReadyList outside_;
  bool stopped_ = false;
  std::atomic<bool> any_outside_{false};  // is there something of these two? Never missed for ever
  os::FutexWord word_{awake_};
};

inline void Call::cancel() noexcept {
  if (called_) return;
  cancelled_ = true;
  function_.reset();
  if (alarm().is_pending() && loop_.stop(alarm())) drop_reference();  // else the loop may be gone
}

inline void Call::run(Ready& ready) noexcept {
  const Ref<Call> call = Ref<Call>::adopt(&static_cast<Call&>(ready));
  if (call->cancelled_ || call->loop_.closing_) return;
  call->called_ = true;
  Callback function = std::move(call->function_);
  try {
    function();
  } catch (...) {
    call->loop_.failure_ = std::current_exception();
  }
}

inline void Call::ring_this(Alarm& alarm) noexcept {
  auto& call = static_cast<Call&>(alarm);
  if (call.loop_.closing_) return call.drop_reference();
  call.loop_.schedule(call);
}

}  // namespace lockstep::async
