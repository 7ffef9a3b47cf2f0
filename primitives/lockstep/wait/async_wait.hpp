// lockstep/wait/async_wait.hpp: waiting without blocking a thread, written once for all primitives.
//
// What is waited for is an operation, a small object of the primitive's:
//   using Result                 what co_await gives
//   bool try_now()               gets it if that is possible at once (before the coroutine suspends)
//   bool try_as(Context)         the same, for the coroutine with this context; only if it needs an owner
//   void prepare(Context)        may throw what is wrong with the call; nothing has happened yet
//   Fate queue_up(Waiter&)       undecided: it is queued. Else its fate, and it is not
//   bool withdraw(Waiter&)       takes it out of the queue; false: its fate is decided
//   bool expire(Waiter&)         the same, because its time has come; its fate is then `expired`
//   void withdrawn(Waiter&, Fate)  goes on with one that was taken out; in the end its `wake` is called
//   bool remove(Waiter&)         takes it out wherever it is, because its coroutine is being destroyed
//   void abandon(Fate)           and so it has come to nothing; what it was granted goes to the next
//   Result finish(Fate, Waiter&)   what became of it, in the awaiting coroutine
//   void finish_interrupted()    the same, before that gets a CancelledError
// OperationOnQueue brings what is mostly the same.
//
// State of a wait
//   idle     -> queued             [suspend, if nothing but the operation can end it]
//   idle     -> arming -> queued   [suspend, around setting up what else can: a stop request, a deadline]
//   arming, queued -> decided      [wake; if it was queued, the coroutine is scheduled]
//   decided  -> idle               [result]
// One whose fate is decided while it is arming has not suspended: it goes on at once.
//
// Exactly one: whoever takes the waiter out of the queue, under the queue's guard, decides its fate:
// the one who grants, the deadline, the stop request, the task's cancellation, or the end of its
// coroutine. The others find it gone. So a grant that has been given stays given.
//
// Orders
//   (1) acq_rel, decide          pairs with (2), releasing, and with (4), acquiring
//   (2) acquire, go_to_sleep     pairs with (1)
//   Without them a coroutine that did not suspend after all would not see its fate.
//   (3) acquire, decide          pairs with (4)
//   (4) release, go_to_sleep     pairs with (1, 3)
//   Without them one that is resumed by another thread would not see what it set up to end its wait.
//   Whoever resumes, or is destroyed when it was about to, gets what happened before from the
//   scheduler (schedule, unschedule). So all else here is relaxed.
//
// Lifetime: scheduling is the last access of whoever wakes. Before a coroutine goes on, or its frame
// ends, `disarm` waits until neither a deadline nor a stop request is about to touch it.
//
// Checked by: tests/unit/await_test.cpp, tests/scenarios/coroutine_fate.hpp
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <utility>

#include "lockstep/error.hpp"
#include "lockstep/os/spin.hpp"
#include "lockstep/wait/bounds.hpp"
#include "lockstep/wait/context.hpp"
#include "lockstep/wait/queue.hpp"
#include "lockstep/wait/ready.hpp"
#include "lockstep/wait/waiter.hpp"

namespace lockstep::wait {

/// What most operations have in common: one queue, from which withdrawing is all there is to do.
/// Derived brings `WaitQueue& queue()`.
template <class Derived>
class OperationOnQueue {
 public:
  static constexpr Fate expired = Fate::timed_out;
  /// Does whoever waits have to be somebody (to own an RLock)?
  static constexpr bool needs_owner = false;
  /// Does one that is taken out of the queue wait in another one then?
  static constexpr bool changes_queues = false;

  void prepare(const Context&) noexcept {}
  [[nodiscard]] bool withdraw(Waiter& waiter) noexcept { return self().queue().withdraw(waiter); }
  [[nodiscard]] bool expire(Waiter& waiter) noexcept { return self().withdraw(waiter); }
  void withdrawn(Waiter& waiter, Fate fate) noexcept { waiter.wake(fate); }
  [[nodiscard]] bool remove(Waiter& waiter) noexcept { return self().withdraw(waiter); }
  void abandon(Fate) noexcept {}
  void finish_interrupted() noexcept {}

 private:
  Derived& self() noexcept { return static_cast<Derived&>(*this); }
};

/// One wait of one who does not block. It must stay where it is.
template <class Operation, class Bounds = Unbounded>
class AsyncWait : private Waiter, private Cancellation::Hearer {
 public:
  /// When it goes on, `ready` is scheduled.
  AsyncWait(Operation& operation, const Bounds& bounds, Ready& ready) noexcept
      : Waiter(&AsyncWait::wake_this), operation_(operation), ready_(ready), watch_(bounds) {
    want_hand_over();
  }

  /// If it is still waiting, it is as if it had never come; what it has been granted goes to the
  /// next.
  [[gnu::always_inline]] ~AsyncWait() {
    if (phase_.load(std::memory_order_relaxed) != Phase::idle) abandon();
  }

  /// Begins to wait: true, and this may be gone already. False: it is decided, go on. Throws what is
  /// wrong with the call; then it has not begun.
  [[nodiscard]] bool suspend(const Context& context) {
    operation_.prepare(context);
    context_ = context;
    cancellation_ = context.cancellation();
    std::stop_token task_stop = context.stop_token();
    const bool interrupted = cancellation_ != nullptr && cancellation_->is_pending();
    if (Watch<AsyncWait, Bounds>::is_needed || task_stop.stop_possible() || interrupted) {
      return suspend_watched(interrupted, std::move(task_stop));
    }
    phase_.store(Phase::queued, std::memory_order_relaxed);
    if (cancellation_ != nullptr) cancellation_->listen(*this, &AsyncWait::hear);
    return queue_up();
  }

  /// What came of it. Throws CancelledError if the task that waited is to end.
  typename Operation::Result result() {
    disarm();
    const Fate fate = withdrawn_as_ == Fate::undecided ? fate_ : withdrawn_as_;
    if (fate != Fate::interrupted) return operation_.finish(fate, *this);
    if (cancellation_ != nullptr) cancellation_->deliver();
    operation_.finish_interrupted();
    throw CancelledError();
  }

  // For what ends a wait from outside.

  /// Takes it out, unless its fate is decided; it goes on as one that was. False: it was decided.
  bool withdraw(Fate as) noexcept {
    if (!operation_.withdraw(*this)) return false;
    go_on_withdrawn(as);
    return true;
  }

  /// The same in two steps, for a deadline: between them the wait cannot end.
  [[nodiscard]] bool expire() noexcept { return operation_.expire(*this); }
  void go_on_expired() noexcept { go_on_withdrawn(Operation::expired); }

 private:
  enum Phase : std::uint32_t { idle, arming, queued, decided };

  /// True: it is queued, and this may be gone already.
  [[nodiscard]] bool queue_up() noexcept {
    const Fate fate = operation_.queue_up(*this);
    if (fate == Fate::undecided) return true;
    fate_ = fate;
    phase_.store(Phase::decided, std::memory_order_relaxed);
    return false;
  }

  [[nodiscard]] bool suspend_watched(bool interrupted, std::stop_token task_stop) {
    watch_.prepare(context_);
    const PutOff
        until_it_sleeps;  // queueing up may wake one (by a lock given up) that destroys this
    phase_.store(Phase::arming, std::memory_order_relaxed);
    if (!queue_up()) return false;
    if (interrupted) static_cast<void>(withdraw(Fate::interrupted));
    if (cancellation_ != nullptr) cancellation_->listen(*this, &AsyncWait::hear);
    if (task_stop.stop_possible()) {
      on_task_stop_.emplace(std::move(task_stop), WithdrawOnStop(*this, Fate::interrupted));
    }
    watch_.arm(*this);
    return go_to_sleep();
  }

  [[nodiscard]] bool go_to_sleep() noexcept {
    std::uint32_t seen = Phase::arming;
    if (phase_.compare_exchange_strong(seen, Phase::queued, std::memory_order_release,  // (4)
                                       std::memory_order_relaxed)) {
      return true;
    }
    return phase_.load(std::memory_order_acquire) != Phase::decided;  // (2)
  }

  static void wake_this(Waiter& waiter, Fate fate) noexcept {
    static_cast<AsyncWait&>(waiter).decide(fate);
  }

  void decide(Fate fate) noexcept {
    fate_ = fate;
    const Context context = context_;
    Ready& ready = ready_;
    if (phase_.load(std::memory_order_acquire) == Phase::queued) {  // (3)
      phase_.store(Phase::decided, std::memory_order_relaxed);
    } else if (phase_.exchange(Phase::decided, std::memory_order_acq_rel) !=
               Phase::queued) {  // (1)
      return;
    }
    context.schedule(ready);
  }

  static bool hear(Hearer& hearer) noexcept {
    return static_cast<AsyncWait&>(hearer).withdraw(Fate::interrupted);
  }

  void go_on_withdrawn(Fate as) noexcept {
    withdrawn_as_ = as;
    operation_.withdrawn(*this, as);
  }

  /// Before it goes on or its frame ends: nobody is to touch it any more.
  void disarm() noexcept {
    if (cancellation_ != nullptr) cancellation_->listen_no_more();
    on_task_stop_.reset();
    watch_.disarm();
    phase_.store(Phase::idle, std::memory_order_relaxed);
  }

  /// Its coroutine is being destroyed. Somebody may have decided its fate, and be about to tell.
  [[gnu::noinline]] void abandon() noexcept {
    if (!remove()) context_.unschedule(ready_);
    disarm();
    operation_.abandon(fate_);
  }

  /// Takes it out of the queue that it is in: true. False: its fate is decided, for which it waits if
  /// that will be at any moment. Once it is decided, what it waited for may be gone: an Event, say.
  [[nodiscard]] bool remove() noexcept {
    bool may_be_queued = true;
    os::Backoff backoff;
    while (phase_.load(std::memory_order_relaxed) != Phase::decided) {
      if (may_be_queued && operation_.remove(*this)) return true;
      may_be_queued = Operation::changes_queues;
      backoff.step();
    }
    return false;
  }

  Operation& operation_;
  Ready& ready_;
  Context context_;
  Cancellation* cancellation_ = nullptr;
  Fate fate_ = Fate::undecided;          // as told by `wake`
  Fate withdrawn_as_ = Fate::undecided;  // why it was taken out, if it was
  std::atomic<std::uint32_t> phase_{Phase::idle};
  std::optional<std::stop_callback<WithdrawOnStop<AsyncWait>>> on_task_stop_;
  [[no_unique_address]] Watch<AsyncWait, Bounds> watch_;
};

}  // namespace lockstep::wait
