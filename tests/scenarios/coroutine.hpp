// tests/scenarios/coroutine.hpp: what the primitives promise to coroutines, beside threads and beside
// each other, as programs small enough to explore.
//
// A coroutine here is started by one thread and resumed by whichever wakes it. All have ended, or
// been destroyed, when the scenario's threads have.
#pragma once

#include <atomic>
#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "lockstep/lockstep.hpp"
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

// --- Lock

inline Coroutine count_under(lockstep::Lock& lock, Shared<int>& count) {
  co_await lock.async_acquire();
  ++count;
  lock.release();
}

struct AThreadAndACoroutineCountUnderTheLock {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> count{0};

  void thread(int index) {
    if (index == 0) {
      lock.acquire();
      ++count;
      lock.release();
    } else {
      count_under(lock, count);
    }
  }
  void finish() { require(count == 2); }
};

struct CoroutinesOnTwoThreadsCountUnderTheLock {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> count{0};

  void thread(int) { count_under(lock, count); }
  void finish() { require(count == 2); }
};

struct AThreadAndTwoCoroutinesGetTheLockInTurn {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> count{0};

  void thread(int index) {
    if (index == 0) {
      lock.acquire();
      ++count;
      lock.release();
    } else {
      count_under(lock, count);
      count_under(lock, count);
    }
  }
  void finish() { require(count == 3); }
};

struct ACoroutineThatWasGrantedTheLockMayDestroyIt {
  static constexpr int threads = 2;
  std::unique_ptr<lockstep::Lock> lock = std::make_unique<lockstep::Lock>();
  Shared<bool> destroyed{false};

  ACoroutineThatWasGrantedTheLockMayDestroyIt() { lock->acquire(); }
  void thread(int index) { index == 0 ? lock->release() : static_cast<void>(destroy(*this)); }
  static Coroutine destroy(ACoroutineThatWasGrantedTheLockMayDestroyIt& self) {
    co_await self.lock->async_acquire();
    self.lock.reset();
    self.destroyed = true;
  }
  void finish() { require(destroyed); }
};

// --- A grant, a stop request, a deadline, the end of the coroutine: exactly one

struct AStopRequestBesideAGrantToACoroutine {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  std::stop_source stop;
  std::optional<bool> acquired;

  AStopRequestBesideAGrantToACoroutine() {
    lock.acquire();
    acquire(*this);
  }
  static Coroutine acquire(AStopRequestBesideAGrantToACoroutine& self) {
    self.acquired = co_await self.lock.async_acquire(self.stop.get_token());
  }
  void thread(int index) {
    if (index == 0) {
      lock.release();
    } else {
      stop.request_stop();
    }
  }
  void finish() { require(acquired.has_value() && lock.locked() == *acquired); }
};

/// The coroutine begins to wait while the others decide.
struct AStopRequestAndAGrantBesideACoroutineThatBeginsToWait {
  static constexpr int threads = 3;
  lockstep::Lock lock;
  std::stop_source stop;
  std::optional<bool> acquired;

  AStopRequestAndAGrantBesideACoroutineThatBeginsToWait() { lock.acquire(); }
  static Coroutine acquire(AStopRequestAndAGrantBesideACoroutineThatBeginsToWait& self) {
    const bool got = co_await self.lock.async_acquire(self.stop.get_token());
    self.acquired = got;
  }
  void thread(int index) {
    if (index == 0) {
      lock.release();
    } else if (index == 1) {
      stop.request_stop();
    } else {
      acquire(*this);
    }
  }
  void finish() { require(acquired.has_value() && lock.locked() == *acquired); }
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

struct ADeadlineBesideAGrantToACoroutine {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  RungByHand clock;
  std::optional<bool> acquired;

  ADeadlineBesideAGrantToACoroutine() {
    lock.acquire();
    acquire(*this);
  }
  static Timed acquire(ADeadlineBesideAGrantToACoroutine& self) {
    self.acquired = co_await self.lock.async_try_acquire_for(brief);
  }
  void thread(int index) { index == 0 ? lock.release() : clock.ring_after(brief); }
  void finish() { require(acquired.has_value() && lock.locked() == *acquired); }
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

struct AGrantToACoroutineThatIsBeingDestroyedIsNotLost {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Line line;
  InLine coroutine;

  AGrantToACoroutineThatIsBeingDestroyedIsNotLost() {
    lock.acquire();
    coroutine = acquire(*this);
  }
  static InLine acquire(AGrantToACoroutineThatIsBeingDestroyedIsNotLost& self) {
    co_await self.lock.async_acquire();
  }
  void thread(int index) { index == 0 ? lock.release() : coroutine.destroy(); }
  void finish() { require(!lock.locked()); }
};

struct AGrantToACoroutineGoesThroughItsScheduler {
  static constexpr int threads = 2;
  lockstep::Lock lock;
  Shared<int> data{0};
  Line line;
  InLine coroutine;

  AGrantToACoroutineGoesThroughItsScheduler() { lock.acquire(); }
  static InLine acquire(AGrantToACoroutineGoesThroughItsScheduler& self) {
    co_await self.lock.async_acquire();
    ++self.data;
  }
  void thread(int index) {
    if (index == 0) {
      data = 1;
      lock.release();
    } else {
      coroutine = acquire(*this);
      if (!coroutine.done()) line.run();
    }
  }
  void finish() { require(data == 2); }
};

using CoroutineLockScenarios =
    List<AThreadAndACoroutineCountUnderTheLock, CoroutinesOnTwoThreadsCountUnderTheLock,
         AThreadAndTwoCoroutinesGetTheLockInTurn, ACoroutineThatWasGrantedTheLockMayDestroyIt,
         AStopRequestBesideAGrantToACoroutine,
         AStopRequestAndAGrantBesideACoroutineThatBeginsToWait, ADeadlineBesideAGrantToACoroutine,
         AGrantToACoroutineThatIsBeingDestroyedIsNotLost,
         AGrantToACoroutineGoesThroughItsScheduler>;

// --- RLock

inline Coroutine count_twice_under(lockstep::RLock& lock, Shared<int>& count) {
  const auto outer = co_await lock.async_scoped();
  const auto inner = co_await lock.async_scoped();
  ++count;
}

struct AThreadAndACoroutineOwnTheRLockInTurn {
  static constexpr int threads = 2;
  lockstep::RLock lock;
  Shared<int> count{0};

  void thread(int index) {
    if (index == 0) {
      lock.acquire();
      ++count;
      lock.release();
    } else {
      count_twice_under(lock, count);
    }
  }
  void finish() { require(count == 2 && !lock.locked()); }
};

struct CoroutinesOnTwoThreadsOwnTheRLockInTurn {
  static constexpr int threads = 2;
  lockstep::RLock lock;
  Shared<int> count{0};

  void thread(int) { count_twice_under(lock, count); }
  void finish() { require(count == 2 && !lock.locked()); }
};

using CoroutineRLockScenarios =
    List<AThreadAndACoroutineOwnTheRLockInTurn, CoroutinesOnTwoThreadsOwnTheRLockInTurn>;

// --- Semaphore

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

struct APermitCarriesDataToACoroutine : CarriesData<APermitCarriesDataToACoroutine> {
  lockstep::Semaphore ready{0};
  void announce() { ready.release(); }
  auto announced() { return ready.async_acquire(); }
};

struct AReleaseOfTwoServesAThreadAndACoroutine {
  static constexpr int threads = 3;
  lockstep::Semaphore semaphore{0};
  std::atomic<unsigned> served{0};

  void thread(int index) {
    if (index == 0) {
      semaphore.release(2);
    } else if (index == 1) {
      semaphore.acquire();
      served.fetch_add(1, std::memory_order_relaxed);
    } else {
      take(*this);
    }
  }
  static Coroutine take(AReleaseOfTwoServesAThreadAndACoroutine& self) {
    co_await self.semaphore.async_acquire();
    self.served.fetch_add(1, std::memory_order_relaxed);
  }
  void finish() { require(served.load(std::memory_order_relaxed) == 2 && semaphore.value() == 0); }
};

using CoroutineSemaphoreScenarios =
    List<APermitCarriesDataToACoroutine, AReleaseOfTwoServesAThreadAndACoroutine>;

// --- Event

struct WhatHappenedBeforeSetIsSeenByACoroutine
    : CarriesData<WhatHappenedBeforeSetIsSeenByACoroutine> {
  lockstep::Event event;
  void announce() { event.set(); }
  auto announced() { return event.async_wait(); }
};

struct APulseReleasesTheCoroutineThatWaits {
  static constexpr int threads = 2;
  lockstep::Event event;
  lockstep::Event other;
  Shared<int> released{0};

  APulseReleasesTheCoroutineThatWaits() { wait_for_both(*this); }
  static Coroutine wait_for_both(APulseReleasesTheCoroutineThatWaits& self) {
    co_await self.event.async_wait();
    co_await self.other.async_wait();
    self.released = 1;
  }
  void thread(int index) {
    if (index == 0) {
      event.set();
      event.clear();
    } else {
      other.set();
    }
  }
  void finish() { require(released == 1); }
};

struct AnEventMayBeDestroyedByTheCoroutineThatItReleased {
  static constexpr int threads = 2;
  std::unique_ptr<lockstep::Event> event = std::make_unique<lockstep::Event>();

  void thread(int index) {
    if (index == 0) {
      event->set();
    } else {
      wait_and_destroy(event);
    }
  }
  static Coroutine wait_and_destroy(std::unique_ptr<lockstep::Event>& event) {
    co_await event->async_wait();
    event.reset();
  }
  void finish() { require(event == nullptr); }
};

using CoroutineEventScenarios =
    List<WhatHappenedBeforeSetIsSeenByACoroutine, APulseReleasesTheCoroutineThatWaits,
         AnEventMayBeDestroyedByTheCoroutineThatItReleased>;

// --- Condition

struct ACoroutineSeesWhatTheNotifierWrote {
  static constexpr int threads = 2;
  lockstep::BasicCondition<lockstep::Lock> changed;
  Shared<bool> ready{false};
  Shared<int> data{0};

  void thread(int index) {
    if (index == 0) {
      changed.acquire();
      data = 1;
      ready = true;
      changed.notify();
      changed.release();
    } else {
      wait_until_ready(*this);
    }
  }
  static Coroutine wait_until_ready(ACoroutineSeesWhatTheNotifierWrote& self) {
    const auto guard = co_await self.changed.async_scoped();
    while (!self.ready) co_await self.changed.async_wait();
    require(self.data == 1);
    self.data = 2;
  }
  void finish() { require(data == 2 && changed.waiters() == 0); }
};

struct ACoroutineNotifiesAThread {
  static constexpr int threads = 2;
  lockstep::BasicCondition<lockstep::Lock> changed;
  Shared<bool> ready{false};

  void thread(int index) {
    if (index == 0) {
      changed.acquire();
      while (!ready) changed.wait();
      changed.release();
    } else {
      make_ready(*this);
    }
  }
  static Coroutine make_ready(ACoroutineNotifiesAThread& self) {
    const auto guard = co_await self.changed.async_scoped();
    self.ready = true;
    self.changed.notify();
  }
};

struct AStopRequestBesideANotificationOfACoroutine {
  static constexpr int threads = 2;
  lockstep::BasicCondition<lockstep::Lock> changed;
  std::stop_source stop;
  Shared<int> data{0};
  std::optional<bool> notified;

  AStopRequestBesideANotificationOfACoroutine() { wait(*this); }
  static Coroutine wait(AStopRequestBesideANotificationOfACoroutine& self) {
    const auto guard = co_await self.changed.async_scoped();
    self.notified = co_await self.changed.async_wait(self.stop.get_token());
    ++self.data;
  }
  void thread(int index) {
    if (index == 0) {
      stop.request_stop();
    } else {
      changed.acquire();
      changed.notify();
      ++data;
      changed.release();
    }
  }
  void finish() {
    require(notified.has_value() && changed.waiters() == 0 && changed.try_acquire());
  }
};

struct ADeadlineBesideANotificationOfACoroutine {
  static constexpr int threads = 2;
  lockstep::BasicCondition<lockstep::Lock> changed;
  RungByHand clock;
  std::optional<bool> notified;

  ADeadlineBesideANotificationOfACoroutine() { wait(*this); }
  static Timed wait(ADeadlineBesideANotificationOfACoroutine& self) {
    const auto guard = co_await self.changed.async_scoped();
    self.notified = co_await self.changed.async_wait_for(brief);
  }
  void thread(int index) {
    if (index == 0) {
      clock.ring_after(brief);
    } else {
      changed.acquire();
      changed.notify();
      changed.release();
    }
  }
  void finish() {
    require(notified.has_value() && changed.waiters() == 0 && changed.try_acquire());
  }
};

struct ACoroutineDestroyedInAWaitPassesItsNotificationOn {
  static constexpr int threads = 3;
  lockstep::BasicCondition<lockstep::Lock> changed;
  Line line;
  Shared<bool> notified{false};
  InLine coroutine;

  ACoroutineDestroyedInAWaitPassesItsNotificationOn() { coroutine = wait(*this); }
  static InLine wait(ACoroutineDestroyedInAWaitPassesItsNotificationOn& self) {
    const auto guard = co_await self.changed.async_scoped();
    co_await self.changed.async_wait();
  }
  void thread(int index) {
    if (index == 0) {
      coroutine.destroy();
    } else if (index == 1) {
      changed.acquire();
      notified = true;
      changed.notify();
      changed.release();
    } else {
      changed.acquire();
      if (!notified) changed.wait();
      changed.release();
    }
  }
  void finish() { require(changed.waiters() == 0 && changed.try_acquire()); }
};

using CoroutineConditionScenarios =
    List<ACoroutineSeesWhatTheNotifierWrote, ACoroutineNotifiesAThread,
         AStopRequestBesideANotificationOfACoroutine, ADeadlineBesideANotificationOfACoroutine,
         ACoroutineDestroyedInAWaitPassesItsNotificationOn>;

// --- Barrier

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

using CoroutineBarrierScenarios =
    List<AThreadAndACoroutineMeetAtABarrier, CoroutinesOnTwoThreadsMeetAtABarrierWithAnAction,
         ACoroutineThatComesDuringTheActionRunsTheNext, AStopRequestBesideTheLastPartyOfABarrier>;

// --- Timer

/// The service that rings it is a third thread, and stays when the scenario has ended.
struct ATimerCarriesDataToACoroutine {
  static constexpr int threads = 1;
  Shared<int> data{0};
  lockstep::Timer timer{std::chrono::nanoseconds(0), [this] { data = 1; }};
  lockstep::Event over;

  void thread(int) {
    timer.start();
    look(*this);
    over.wait();
  }
  static Coroutine look(ATimerCarriesDataToACoroutine& self) {
    co_await self.timer;
    require(self.data == 1);
    self.over.set();
  }
};

struct ACancelBesideACoroutineThatAwaitsTheTimer {
  static constexpr int threads = 2;
  Shared<int> calls{0};
  lockstep::Timer timer{brief, [this] { ++calls; }};
  Shared<bool> prevented{false};
  lockstep::Event over;

  ACancelBesideACoroutineThatAwaitsTheTimer() { timer.start(); }
  void thread(int index) {
    if (index == 0) {
      prevented = timer.cancel();
    } else {
      look(*this);
      over.wait();
    }
  }
  static Coroutine look(ACancelBesideACoroutineThatAwaitsTheTimer& self) {
    co_await self.timer;
    self.over.set();
  }
  void finish() { require(prevented == (calls == 0)); }
};

using CoroutineTimerScenarios =
    List<ATimerCarriesDataToACoroutine, ACancelBesideACoroutineThatAwaitsTheTimer>;

}  // namespace scenarios
