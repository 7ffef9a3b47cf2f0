// lockstep/wait/permits.hpp: a number of permits, and a FIFO of those who want one. Lock and RLock
// (one permit) and the semaphores (any number) are this, seen from outside.
//
// State: the word of a WaitQueue
//   bits 0-21   on the way  woken to retry, not yet back (Linux has fewer than 2^22 threads)
//   bits 22-61  permits     free ones
//
// Invariant, whenever nobody holds the guard:
//   if anybody is queued, at least as many are on the way as there are permits.
// So no permit lies unused beside a sleeper whom nobody will wake. It is kept by each of the four
// changes:
//   give    adds a permit, and if that is one too many, takes waiters out      [give, settle]
//   queue   only in the same step that sees no permit                          [queue_up]
//   take    a permit less, and if one on the way takes it, one less of those   [try_take, return_from_wake]
//   return  one less on the way, in the same step that sees no permit          [queue_up, return_from_wake]
// Permits are added only in a step that sees the guard free, or by whoever holds it. So while it is
// held there can only become fewer, and what give has found about its limit stays true.
//
// Throughput: a newcomer may take a permit that a woken thread is on its way to ("barging"), so
// that permits are never idle for the time that a thread takes to wake up. At most one thread is
// woken for each permit.
// Fairness: those who wait are served in the order in which they began to. A thread that was woken
// LOCKSTEP_PATIENCE times and found nothing is handed the next permit directly, and so is always one
// that cannot retry.
//
// Orders
//   (1) acquire, try_take          pairs with (3) and the guard's release
//   (2) acquire, return_from_wake  pairs with (3) and the guard's release
//   (3) release, give              pairs with (1, 2), and with queue.hpp (1), where the last look
//                                  before sleeping finds a permit
//   Without them the next holder could read what the permit protects from before the last holder's
//   writes.
//   A permit that is handed over travels by the waiter's own word instead: waiter.hpp (1, 2).
//
// Lifetime: (3), or the guard's release in settle, is the last access of give.
// Checked by: tests/scenarios/lock.hpp, tests/scenarios/semaphore.hpp
#pragma once

#include <atomic>
#include <cstdint>
#include <stop_token>

#include "lockstep/os/spin.hpp"
#include "lockstep/wait/deadline.hpp"
#include "lockstep/wait/queue.hpp"
#include "lockstep/wait/waiter.hpp"

// How often a thread may be woken in vain before it is handed a permit. Chosen by
// benchmarks/lock_bench (contended). A checker defines it as 1: it reaches the hand-over sooner.
#ifndef LOCKSTEP_PATIENCE
#define LOCKSTEP_PATIENCE 8
#endif

namespace lockstep::wait {

class Permits {
 public:
  static constexpr std::int64_t max = (std::int64_t{1} << 40) - 1;

  /// 0 <= permits <= max.
  constexpr explicit Permits(std::int64_t permits) noexcept
      : queue_(static_cast<Word>(permits) * permit_) {}

  /// Free permits at this moment.
  [[nodiscard]] std::int64_t free() const noexcept {
    return permits_in(queue_.word.load(std::memory_order_relaxed));
  }

  /// Takes a permit if one is free. Never blocks.
  [[nodiscard]] bool try_take() noexcept {
    return try_take(queue_.word.load(std::memory_order_relaxed));
  }

  /// The same where there is only one permit in all: guessing that it is free, and nobody about,
  /// saves a look at the word.
  [[nodiscard]] bool try_take_only() noexcept { return try_take(permit_); }

  /// Blocks until it has a permit: true. False: the deadline came, or a stop was requested, and it
  /// has none. `Spin`: how it looks before it sleeps.
  template <class Spin = os::DoublingSpin>
  [[nodiscard]] bool take(Deadline deadline, const std::stop_token& stop) noexcept {
    if (spin_and_take<Spin>()) return true;
    if (stop.stop_requested() || deadline.has_come()) return false;
    ThreadWaiter self;
    if (!queue_up(self, newcomer_)) return true;
    const CancelOnStop on_stop(stop, queue_, self);
    return take_by_fate<Spin>(self, queue_.sleep(self, deadline), deadline, stop);
  }

  /// The rest of `take` for a thread that was moved here by `adopt` and has been woken with `fate`:
  /// blocks until it has a permit.
  void take_adopted(ThreadWaiter& self, Fate fate) noexcept {
    Deadline never = Deadline::never();
    static_cast<void>(take_by_fate<os::DoublingSpin>(self, fate, never, {}));
  }

  /// For one who does not block: queues it, to be granted a permit. `granted`: it has one already.
  [[nodiscard]] Fate queue_up(Waiter& self) noexcept {
    return queue_up(self, newcomer_) ? Fate::undecided : Fate::granted;
  }

  /// Those who wait.
  [[nodiscard]] WaitQueue& queue() noexcept { return queue_; }

  /// Adds `n` permits, each going to a waiter if there is one. False, and nothing changed: there
  /// would be more than `limit` free. 1 <= n <= limit <= max.
  [[nodiscard]] bool give(std::int64_t n, std::int64_t limit) noexcept {
    return give(queue_.word.load(std::memory_order_relaxed), n, limit);
  }

  /// The same where there is only one permit in all. A look, and no guess: a compare-exchange that
  /// fails costs whoever hands over more than the look costs one who is alone.
  [[nodiscard]] bool give_only() noexcept {
    const Word seen = queue_.word.load(std::memory_order_relaxed);
    return seen == 0 ? give(0, 1, 1) : give_contended(seen, 1, 1);
  }

  /// Queues waiters that come from another queue, and cannot withdraw any more, behind those here.
  void adopt(WaitList& waiters) noexcept {
    const Word seen = queue_.take_guard();
    queue_.adopt(waiters);
    settle(seen, 0);
  }

 private:
  static constexpr Word permit_ = Word{1} << 22;

  static constexpr std::int64_t permits_in(Word word) noexcept {
    return static_cast<std::int64_t>(WaitQueue::own(word) / permit_);
  }
  static constexpr std::int64_t on_the_way_in(Word word) noexcept {
    return static_cast<std::int64_t>(word % permit_);
  }

  // What one who tries is counted as, among those on the way.
  static constexpr Word newcomer_ = 0;
  static constexpr Word woken_ = 1;

  /// With the guard: can nobody else change the word? Without it there is only taking a permit, and
  /// coming back from a wake. So it stays true.
  static constexpr bool is_still(Word seen) noexcept { return WaitQueue::own(seen) == 0; }

  // Both fast paths see by one comparison that the queue is empty and nobody has its guard, and that
  // there is a permit, or room for some more.

  [[nodiscard]] bool try_take(Word seen) noexcept {
    if (seen - permit_ < WaitQueue::queued_bit - permit_) [[likely]] {
      if (queue_.word.compare_exchange_weak(seen, seen - permit_, std::memory_order_acquire,  // (1)
                                            std::memory_order_relaxed)) [[likely]] {
        return true;
      }
    }
    return permits_in(seen) > 0 && try_take_contended(seen);
  }

  [[gnu::noinline]] bool try_take_contended(Word seen) noexcept {
    while (permits_in(seen) > 0) {
      if (queue_.word.compare_exchange_weak(seen, seen - permit_, std::memory_order_acquire,  // (1)
                                            std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] bool give(Word seen, std::int64_t n, std::int64_t limit) noexcept {
    if (seen < static_cast<Word>(limit - n + 1) * permit_) [[likely]] {
      const Word more = seen + static_cast<Word>(n) * permit_;
      if (queue_.word.compare_exchange_weak(seen, more, std::memory_order_release,  // (3)
                                            std::memory_order_relaxed)) [[likely]] {
        return true;
      }
    }
    return give_contended(seen, n, limit);
  }

  /// Mostly somebody waits, and nothing else is the matter.
  [[gnu::noinline]] bool give_contended(Word seen, std::int64_t n, std::int64_t limit) noexcept {
    if (n == 1 && seen == WaitQueue::queued_bit && queue_.try_guard(seen)) {
      settle_one(seen);
      return true;
    }
    return give_after_all(seen, n, limit);
  }

  [[gnu::noinline]] bool give_after_all(Word seen, std::int64_t n, std::int64_t limit) noexcept {
    for (;;) {
      if (permits_in(seen) > limit - n) return false;
      const Word more = seen + static_cast<Word>(n) * permit_;
      const bool guarded = (seen & WaitQueue::guard_bit) != 0;
      const bool one_too_many =
          (seen & WaitQueue::queued_bit) != 0 && permits_in(more) > on_the_way_in(more);
      if (guarded || one_too_many) return give_to_waiters(n, limit);
      if (queue_.word.compare_exchange_weak(seen, more, std::memory_order_release,  // (3)
                                            std::memory_order_relaxed)) {
        return true;
      }
    }
  }

  template <class Spin>
  [[nodiscard]] bool spin_and_take() noexcept {
    for (Spin spin; spin.step();) {
      if (try_take()) return true;
    }
    return try_take();
  }

  /// Queues `self` (a newcomer at the back; one that was woken at the front, which is its old
  /// place): true. If there is a permit, takes that instead: false.
  [[nodiscard]] bool queue_up(Waiter& self, Word counted) noexcept {
    Word seen = queue_.word.load(std::memory_order_relaxed);
    if (is_still(seen) && queue_.try_guard(seen)) [[likely]] {
      queue_.push_back(self);
      queue_.drop_guard_alone(seen);
      return true;
    }
    return queue_up_unless_free(self, counted);
  }

  [[gnu::noinline]] bool queue_up_unless_free(Waiter& self, Word counted) noexcept {
    queue_.take_guard();
    return queue_.queue_up(
        self, counted == newcomer_ ? WaitQueue::End::back : WaitQueue::End::front,
        [](Word seen) { return permits_in(seen) > 0; },
        [&](Word seen, bool queued) { return seen - counted - (queued ? 0 : permit_); });
  }

  /// What a thread that was woken does, until it has a permit or has to give up.
  template <class Spin>
  [[nodiscard]] bool take_by_fate(ThreadWaiter& self, Fate fate, Deadline& deadline,
                                  const std::stop_token& stop) noexcept {
    for (int wakes = 1; fate == Fate::retry; ++wakes) {
      const bool last_try = stop.stop_requested() || deadline.has_come();
      if (return_from_wake<Spin>(last_try)) return true;
      if (last_try) return false;
      self.renew();
      if (wakes >= LOCKSTEP_PATIENCE) self.want_hand_over();
      if (!queue_up(self, woken_)) return true;
      fate = queue_.sleep(self, deadline);
    }
    return fate == Fate::granted;
  }

  /// One that is on the way tries. True: it has a permit. False: there is none; if it has to
  /// `leave`, it is no longer on the way.
  template <class Spin>
  [[nodiscard]] bool return_from_wake(bool leave) noexcept {
    Spin spin;
    Word seen = queue_.word.load(std::memory_order_relaxed);
    for (;;) {
      if (permits_in(seen) > 0) {
        if (queue_.word.compare_exchange_weak(seen, seen - permit_ - woken_,
                                              std::memory_order_acquire,  // (2)
                                              std::memory_order_relaxed)) {
          return true;
        }
      } else if (spin.step()) {
        seen = queue_.word.load(std::memory_order_relaxed);
      } else if (!leave ||
                 queue_.word.compare_exchange_weak(seen, seen - woken_, std::memory_order_relaxed,
                                                   std::memory_order_relaxed)) {
        return false;
      }
    }
  }

  [[nodiscard]] bool give_to_waiters(std::int64_t n, std::int64_t limit) noexcept {
    const Word seen = queue_.take_guard();
    if (permits_in(seen) > limit - n) {
      queue_.drop_guard();
      return false;
    }
    settle(seen, n);
    return true;
  }

  /// settle(seen, 1) where somebody waits and the word is still.
  void settle_one(Word seen) noexcept {
    if (!queue_.front().wants_hand_over()) return settle(seen, 1);
    Waiter& first = queue_.pop_front();
    queue_.drop_guard_alone(seen);
    first.wake(Fate::granted);
  }

  /// With the guard, which it lets go, and which was taken when the word was `guarded`: adds `n`
  /// permits, and takes waiters out of the queue until the invariant holds.
  [[gnu::noinline]] void settle(Word guarded, std::int64_t n) noexcept {
    WaitList granted;
    WaitList retrying;
    Word on_the_way = 0;
    const auto change = [&](Word seen) {
      while (!queue_.empty() && permits_in(seen) + n > on_the_way_in(seen + on_the_way)) {
        if (!queue_.front().wants_hand_over()) {
          retrying.push_back(queue_.pop_front());
          on_the_way += woken_;
        } else if (n > 0 || try_take()) {  // taking changes the word: this is called again
          granted.push_back(queue_.pop_front());
          n = n > 0 ? n - 1 : 0;
        } else {
          break;
        }
      }
      return seen + static_cast<Word>(n) * permit_ + on_the_way;
    };
    is_still(guarded) ? queue_.drop_guard_alone(change(guarded)) : queue_.drop_guard(change);
    // Threads first: those that are granted may be coroutines, and go on here.
    retrying.wake_all(Fate::retry);
    granted.wake_all(Fate::granted);
  }

  WaitQueue queue_;
};

}  // namespace lockstep::wait
