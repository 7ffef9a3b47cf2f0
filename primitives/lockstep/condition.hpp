// lockstep/condition.hpp: wait, holding a lock, until another holder says that something has
// changed.
//
// State: the word of a wait queue (wait/queue.hpp)
//   bits 0-61  waiters  how many are in the queue
//
// wait: queue here, give up the lock, sleep; in the end take the lock back, in every case. notify:
// take the oldest waiters out of this queue and put them into the lock's. So nobody wakes up only
// to block on a lock that the notifier still holds: each is woken when it is its turn. From then on
// neither deadline nor stop request concerns it: it was notified, and it returns true.
//
// No notification is lost: a waiter is in the queue before it gives up the lock, so one who holds
// the lock later finds it. A waiter that times out takes itself out under the guard, and if it was
// taken out already it was notified, and returns true.
//
// Orders: the queue's. The count of waiters is read relaxed by notify: a waiter that must be found
// queued before it released the lock that the notifier holds now, and so happened before.
//
// Lifetime: notify touches the condition last when it lets go of the guard. What a notified waiter
// touches after that is its own word and the lock; unless it is a coroutine that is being destroyed, and
// passes the notification on.
// Checked by: tests/unit/condition_test.cpp, tests/scenarios/condition.hpp
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <limits>
#include <stop_token>
#include <type_traits>
#include <utility>

#include "lockstep/error.hpp"
#include "lockstep/lock.hpp"
#include "lockstep/rlock.hpp"
#include "lockstep/wait/acquirable.hpp"
#include "lockstep/wait/async_wait.hpp"
#include "lockstep/wait/await_until.hpp"
#include "lockstep/wait/bounds.hpp"
#include "lockstep/wait/deadline.hpp"
#include "lockstep/wait/owner.hpp"
#include "lockstep/wait/queue.hpp"
#include "lockstep/wait/scoped.hpp"
#include "lockstep/wait/waitable.hpp"

namespace lockstep {

/// A condition variable that knows its lock, with the semantics of Python's threading.Condition. L
/// is Lock or RLock.
///
/// - acquire, try_acquire_for/until, release, lock, …: those of the lock, so std::unique_lock
///   guard(condition) works.
/// - Every wait gives up the lock, all levels of an RLock, and has it back at the old depth when it
///   returns, whatever the outcome. Taking it back is not bounded by the deadline and not ended by
///   a stop request.
/// - A wait that says true was notified; one that says false has consumed no notification. There
///   are no spurious wake-ups. Still prefer the forms with a predicate: between the notification
///   and the return others may have held the lock.
/// - wait and notify throw NotAcquiredError, and do nothing, unless the calling thread owns the
///   RLock. A Lock has no owner: it must be held, and that it is held by the caller is the caller's
///   promise.
/// - Memory order: that of the lock.
/// - Lifetime: nobody may be waiting when it is destroyed. If the lock is not its own, those that were
///   notified may still be in their calls, unless these have a deadline or a stop token, or are
///   coroutines that will be destroyed there. It is neither copied nor moved.
template <class L>
class BasicCondition : public wait::Acquirable<BasicCondition<L>>,
                       public wait::Waitable<BasicCondition<L>> {
 public:
  /// With a lock of its own.
  constexpr BasicCondition() noexcept : lock_(&own_) {}

  /// With a lock that others may use too, and other conditions. It must outlive the condition.
  constexpr explicit BasicCondition(L& lock) noexcept : lock_(&lock) {}

  /// The lock.
  [[nodiscard]] constexpr L& underlying() const noexcept { return *lock_; }

  /// The lock's try_acquire. Never blocks.
  [[nodiscard]] bool try_acquire() noexcept { return lock_->try_acquire(); }
  /// The lock's release. Never blocks. Throws NotAcquiredError as that does.
  void release() { lock_->release(); }

  /// Blocks until notified.
  void wait() { static_cast<void>(wait_before(wait::Deadline::never(), {})); }

  /// Blocks until notified: true; or until a stop is requested: false. Where both happened, the
  /// earlier counts.
  [[nodiscard]] bool wait(const std::stop_token& stop) {
    return wait_before(wait::Deadline::never(), stop);
  }

  /// Blocks until notified: true; or for `duration`, by the steady clock: false. Zero or negative:
  /// gives up the lock for a moment, and false.
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(std::chrono::duration<Rep, Period> duration,
                              const std::stop_token& stop = {}) {
    return wait_before(wait::Deadline::after(duration), stop);
  }

  /// Blocks until notified: true; or until `point`, on its own clock: false.
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(std::chrono::time_point<Clock, Duration> point,
                                const std::stop_token& stop = {}) {
    return wait_before(wait::Deadline::at(point), stop);
  }

  // With a predicate: it is evaluated first, and after every notification, always with the lock
  // held. If it is true at once the lock is not needed. What it throws comes out, with the lock
  // held. The result is its last value.

  /// Blocks until `predicate()`.
  template <std::predicate Predicate>
  void wait(Predicate predicate) {
    while (!predicate()) wait();
  }

  /// Blocks until `predicate()`, or until a stop is requested.
  template <std::predicate Predicate>
  [[nodiscard]] bool wait(const std::stop_token& stop, Predicate predicate) {
    return wait_before(wait::Deadline::never(), stop, predicate);
  }

  /// Blocks until `predicate()`, or for `duration` in all, by the steady clock.
  template <class Rep, class Period, std::predicate Predicate>
  [[nodiscard]] bool wait_for(std::chrono::duration<Rep, Period> duration, Predicate predicate) {
    return wait_before(wait::Deadline::after(duration), {}, predicate);
  }

  /// Blocks until `predicate()`, or until `point`, on its own clock.
  template <class Clock, class Duration, std::predicate Predicate>
  [[nodiscard]] bool wait_until(std::chrono::time_point<Clock, Duration> point,
                                Predicate predicate) {
    return wait_before(wait::Deadline::at(point), {}, predicate);
  }

  using wait::Waitable<BasicCondition>::async_wait;
  using wait::Waitable<BasicCondition>::async_wait_for;
  using wait::Waitable<BasicCondition>::async_wait_until;

  // The same in coroutines. The predicate is evaluated where the coroutine runs; its scheduler must be
  // one that takes a wait::Ready (wait/context.hpp), or the promise offers none.

  /// `co_await` it: suspends until `predicate()`.
  template <std::predicate Predicate>
  [[nodiscard]] auto async_wait(Predicate predicate) {
    return awaiting_until<void>(std::move(predicate), wait::Unbounded());
  }

  /// `co_await` gives its last value: suspends until it is true, or a stop is requested.
  template <std::predicate Predicate>
  [[nodiscard]] auto async_wait(std::stop_token stop, Predicate predicate) {
    return awaiting_until<bool>(std::move(predicate),
                                wait::Bounds(std::move(stop), wait::Always()));
  }

  /// `co_await` gives its last value: suspends until it is true, or for `duration` in all, which counts
  /// from this call.
  template <class Rep, class Period, std::predicate Predicate>
  [[nodiscard]] auto async_wait_for(std::chrono::duration<Rep, Period> duration,
                                    Predicate predicate) {
    const wait::Fixed end{wait::Deadline::after(duration)};
    return awaiting_until<bool>(std::move(predicate), wait::Bounds({}, end));
  }

  /// `co_await` gives its last value: suspends until it is true, or until `point`.
  template <class Clock, class Duration, std::predicate Predicate>
  [[nodiscard]] auto async_wait_until(std::chrono::time_point<Clock, Duration> point,
                                      Predicate predicate) {
    return awaiting_until<bool>(std::move(predicate),
                                wait::Bounds({}, wait::Until<Clock, Duration>{point}));
  }

  /// Notifies the `n` that have waited longest, or all if there are fewer; nobody if n is 0. They
  /// return once the caller has released the lock. A notification that finds nobody is forgotten.
  /// Never blocks.
  void notify(std::size_t n = 1) {
    require_held(Owner::current(), "Condition::notify: the lock is not held");
    notify_waiters(n);
  }

  /// Notifies the one that has waited longest.
  void notify_one() { notify(1); }

  /// Notifies all that wait now; one that comes back to wait is not among them.
  void notify_all() { notify(std::numeric_limits<std::size_t>::max()); }

  /// How many wait, at this moment, to be notified.
  [[nodiscard]] std::size_t waiters() const noexcept {
    return wait::WaitQueue::own(queue_.word.load(std::memory_order_relaxed));
  }

 private:
  friend wait::Acquirable<BasicCondition>;
  friend wait::Waitable<BasicCondition>;

  static constexpr const char* not_held_ = "Condition::wait: the lock is not held";

  static constexpr wait::Word one_waiter_ = 1;

  [[nodiscard]] bool acquire_before(wait::Deadline deadline, const std::stop_token& stop) {
    return lock_->acquire_before(deadline, stop);
  }

  [[nodiscard]] auto taking() noexcept { return lock_->taking(); }
  L& lockable() noexcept { return *lock_; }

  template <class Result, class Predicate, class Bounds>
  [[nodiscard]] auto awaiting_until(Predicate predicate, Bounds bounds) {
    using Once = Waiting<wait::Asked::with_stop>;
    return wait::AwaitUntil<Once, Predicate, Bounds, Result>(Once(*this), std::move(predicate),
                                                             std::move(bounds));
  }

  void require_held(Owner owner, const char* what) const {
    if (!lock_->is_held_for_condition(owner)) throw NotAcquiredError(what);
  }

  void notify_waiters(std::size_t n) noexcept {
    if (n == 0 || waiters() == 0) return;
    wait::WaitList notified;
    wait::Word weight = 0;
    queue_.take_guard();
    for (; n > 0 && !queue_.empty(); --n, weight += one_waiter_) {
      notified.push_back(queue_.pop_front());
    }
    queue_.drop_guard([&](wait::Word seen) { return seen - weight; });
    if (!notified.empty()) lock_->adopt(notified);
  }

  /// Waits without blocking. Whatever ends the wait, the waiter then queues for the lock, and goes on
  /// when it is handed that.
  template <wait::Asked asked>
  class Waiting : public wait::OperationOnQueue<Waiting<asked>> {
   public:
    using Result = std::conditional_t<asked == wait::Asked::plainly, void, bool>;
    static constexpr bool needs_owner = L::has_owner_;
    static constexpr bool changes_queues = true;

    explicit Waiting(BasicCondition& condition) noexcept
        : condition_(&condition), lock_(condition.lock_) {}

    void prepare(const wait::Context& context) {
      owner_ = context.owner();
      condition_->require_held(owner_, not_held_);
      saved_ = lock_->saved();
    }
    [[nodiscard]] wait::WaitQueue& queue() noexcept { return condition_->queue_; }
    [[nodiscard]] bool try_now() noexcept { return false; }
    [[nodiscard]] bool try_as(const wait::Context&) noexcept { return false; }
    [[nodiscard]] wait::Fate queue_up(wait::Waiter& waiter) noexcept {
      L& lock = *lock_;
      condition_->queue_up(waiter);
      lock.release_all();  // from here on this may be gone
      return wait::Fate::undecided;
    }
    void withdrawn(wait::Waiter& waiter, wait::Fate) noexcept {
      was_notified_ = false;
      wait::WaitList self;
      self.push_back(waiter);
      lock_->adopt(self);
    }
    Result finish_at_once() noexcept { return Result(true); }
    Result finish(wait::Fate fate, wait::Waiter&) noexcept {
      lock_->restore(saved_, owner_);
      return Result(fate == wait::Fate::granted);
    }
    void finish_interrupted() noexcept { lock_->restore(saved_, owner_); }

    [[nodiscard]] bool remove(wait::Waiter& waiter) noexcept {
      if (queue().withdraw(waiter)) {
        was_notified_ = false;
        return true;
      }
      return lock_->withdraw_adopted(waiter);
    }
    /// It is as if the wait had thrown: its guards are to release the lock. Where it cannot be had at
    /// once for that, they are told (scoped.hpp).
    void abandon(wait::Fate fate) noexcept {
      if (fate == wait::Fate::granted || lock_->try_acquire_permit()) {
        lock_->restore(saved_, owner_);
      } else if constexpr (!L::has_owner_) {
        wait::expect_guard_without(lock_);
      }
      if (was_notified_) condition_->notify_waiters(1);
    }

   private:
    BasicCondition* condition_;
    L* lock_;
    Owner owner_;
    typename L::Saved saved_{};
    bool was_notified_ = true;  // until it turns out otherwise
  };

  [[nodiscard]] bool wait_before(wait::Deadline deadline, const std::stop_token& stop) {
    require_held(Owner::current(), not_held_);
    L& lock = *lock_;
    wait::ThreadWaiter self;
    queue_up(self);
    const auto saved = lock.saved();
    lock.release_all();
    const wait::Fate fate = sleep(self, deadline, stop);
    if (fate == wait::Fate::undecided || fate == wait::Fate::cancelled) {
      lock.acquire_restore(saved);
      return false;
    }
    lock.acquire_restore(saved, self, fate);
    return true;
  }

  void queue_up(wait::Waiter& self) noexcept {
    self.weight = one_waiter_;
    queue_.take_guard();
    queue_.push_back(self);
    queue_.drop_guard([](wait::Word seen) { return seen + one_waiter_; });
  }

  // A function of its own so that on_stop is gone before `self` waits in the lock's queue.
  [[nodiscard]] wait::Fate sleep(wait::ThreadWaiter& self, wait::Deadline& deadline,
                                 const std::stop_token& stop) noexcept {
    const wait::CancelOnStop on_stop(stop, queue_, self);
    return queue_.spin_and_sleep(self, deadline);
  }

  template <class Predicate>
  [[nodiscard]] bool wait_before(wait::Deadline deadline, const std::stop_token& stop,
                                 Predicate& predicate) {
    while (!predicate()) {
      if (!wait_before(deadline, stop)) return predicate();
    }
    return true;
  }

  wait::WaitQueue queue_{0};
  L own_;
  L* lock_;
};

/// The condition over an RLock, as Python's default.
using Condition = BasicCondition<RLock>;

}  // namespace lockstep
