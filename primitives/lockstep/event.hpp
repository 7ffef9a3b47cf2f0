// lockstep/event.hpp: a flag that threads wait for.
//
// State: the word of a wait queue (wait/queue.hpp)
//   bit 0  set   clear -> set  [set, in the step that also empties the queue]
//                set -> clear  [clear]
// The flag is turned on only where the guard is free, or by who has it.
//
// No waiter is forgotten: it queues only in the step that sees the flag clear, and set takes
// everybody out of the queue in the step that sets it. A waiter is released by being taken out, not
// by the flag, so `set(); clear();` releases all that wait.
//
// Orders
//   (1) acquire, is_set  pairs with (2) and the guard's release
//   (2) release, set     pairs with (1, 3), and with queue.hpp (1), where the last look before sleeping
//                        finds it set
//   Without them what was written before set could be missed after wait. set writes the word even if
//   the flag is on already, so that this holds for every set, not only for the first.
//   (3) acquire, clear   pairs with (2)
//   Without it one who clears, and then looks for what was announced by a set that the clear undid,
//   could miss it, and nobody would tell again.
//   A waiter that slept gets it by its own word instead: waiter.hpp (1, 2).
//
// Lifetime: (2), or the guard's release, is set's last access.
// Checked by: tests/unit/event_test.cpp, tests/scenarios/event.hpp
#pragma once

#include <atomic>
#include <chrono>
#include <stop_token>
#include <type_traits>

#include "lockstep/os/spin.hpp"
#include "lockstep/wait/async_wait.hpp"
#include "lockstep/wait/deadline.hpp"
#include "lockstep/wait/queue.hpp"
#include "lockstep/wait/waitable.hpp"

namespace lockstep {

/// A flag that threads and coroutines wait for, with the semantics of Python's threading.Event. 16 bytes.
///
/// - Memory order: all before a `set` happens before all after an `is_set` or `wait` that sees it,
///   or that it released, and
///   after a `clear` that undoes it.
/// - Lifetime: it may be destroyed by whoever saw it set, even if the thread that set it is still
///   in that call, and those that it released in theirs, unless these have a deadline or a stop
///   token. It is neither copied nor moved.
///
/// - In coroutines: async_wait, async_wait_for, async_wait_until, see wait::Waitable.
class Event : public wait::Waitable<Event> {
 public:
  constexpr Event() noexcept = default;

  /// Is the flag on?
  [[nodiscard]] bool is_set() const noexcept {
    return (queue_.word.load(std::memory_order_acquire) & set_bit_) != 0;  // (1)
  }

  /// Turns the flag on and releases all that wait at this moment. Never blocks.
  void set() noexcept {
    wait::Word seen = queue_.word.load(std::memory_order_relaxed);
    while ((seen & (wait::WaitQueue::queued_bit | wait::WaitQueue::guard_bit)) == 0) {
      if (queue_.word.compare_exchange_weak(seen, seen | set_bit_,
                                            std::memory_order_release,  // (2)
                                            std::memory_order_relaxed)) {
        return;
      }
    }
    set_and_release();
  }

  /// Turns the flag off: those that begin to wait from now on block. Never blocks.
  void clear() noexcept { queue_.word.fetch_and(~set_bit_, std::memory_order_acquire); }  // (3)

  /// Blocks until the flag is on, or `set` was called meanwhile.
  void wait() noexcept {
    if (!is_set()) static_cast<void>(wait_before(wait::Deadline::never(), {}));
  }

  /// The same: true; or until a stop is requested: false. Where both are so, true.
  [[nodiscard]] bool wait(const std::stop_token& stop) noexcept {
    return is_set() || wait_before(wait::Deadline::never(), stop);
  }

  /// The same: true; or for `duration`, by the steady clock: false. Zero or negative: is_set().
  template <class Rep, class Period>
  [[nodiscard]] bool wait_for(std::chrono::duration<Rep, Period> duration,
                              const std::stop_token& stop = {}) noexcept {
    return is_set() || wait_before(wait::Deadline::after(duration), stop);
  }

  /// The same: true; or until `point`, on its own clock: false.
  template <class Clock, class Duration>
  [[nodiscard]] bool wait_until(std::chrono::time_point<Clock, Duration> point,
                                const std::stop_token& stop = {}) noexcept {
    return is_set() || wait_before(wait::Deadline::at(point), stop);
  }

 private:
  friend class Timer;

  friend wait::Waitable<Event>;

  /// Waits for it without blocking.
  template <wait::Asked asked>
  class Waiting : public wait::OperationOnQueue<Waiting<asked>> {
   public:
    using Result = std::conditional_t<asked == wait::Asked::plainly, void, bool>;
    explicit Waiting(Event& event) noexcept : event_(&event) {}

    [[nodiscard]] wait::WaitQueue& queue() noexcept { return event_->queue_; }
    [[nodiscard]] bool try_now() noexcept { return event_->is_set(); }
    [[nodiscard]] wait::Fate queue_up(wait::Waiter& waiter) noexcept {
      return event_->queue_up(waiter) ? wait::Fate::undecided : wait::Fate::granted;
    }
    Result finish_at_once() noexcept { return Result(true); }
    Result finish(wait::Fate fate, wait::Waiter&) noexcept {
      return Result(fate == wait::Fate::granted);
    }

   private:
    Event* event_;
  };

  static constexpr wait::Word set_bit_ = 1;

  void set_and_release() noexcept {
    wait::WaitList released;
    queue_.take_guard();
    queue_.pop_all(released);
    queue_.drop_guard([](wait::Word seen) { return seen | set_bit_; });
    released.wake_all(wait::Fate::granted);
  }

  [[nodiscard]] bool wait_before(wait::Deadline deadline, const std::stop_token& stop) noexcept {
    for (os::Spin spin; spin.step();) {
      if (is_set()) return true;
    }
    if (stop.stop_requested() || deadline.has_come()) return is_set();
    wait::ThreadWaiter self(stop.stop_possible() ? nullptr : queue_.bell());
    if (!queue_up(self)) return true;
    const wait::CancelOnStop on_stop(stop, queue_, self);
    return queue_.sleep(self, deadline) == wait::Fate::granted;
  }

  /// False: it is set, no need to wait.
  [[nodiscard]] bool queue_up(wait::Waiter& self) noexcept {
    queue_.take_guard();
    return queue_.queue_up(
        self, wait::WaitQueue::End::back, [](wait::Word seen) { return (seen & set_bit_) != 0; },
        [](wait::Word seen, bool) { return seen; });
  }

  wait::WaitQueue queue_{0};
};

}  // namespace lockstep
