// lockstep/wait/queue.hpp: the wait queue under all eight primitives.
//
// State: one 64-bit word that the queue shares with the primitive it belongs to, and a FIFO
//   bit 63     guard   somebody edits the FIFO; held for a few instructions, never while user code
//                      runs or anybody sleeps
//   bit 62     queued  the FIFO is not empty
//   bits 0-61  own     the primitive's own state
// The two are on top so that a primitive's fast path can see by one comparison that both are off.
// The primitive changes its own bits with or without the guard, as it likes; whoever holds the
// guard therefore lets go of it by compare-exchange (drop_guard), or by a store where that primitive
// lets nobody else change the word meanwhile (drop_guard_alone), and can make the FIFO's change and
// the state's visible in one step. That step is how no waiter is missed: "I am queued" and "there
// was nothing to take" become true together.
//
// Exactly one: a waiter's fate is decided by whoever takes it out of the FIFO under the guard: the
// one who grants, or the one who withdraws it (its deadline, its stop request). The other finds it
// gone and does nothing.
//
// Orders
//   (1) acquire, take_guard  pairs with (2), and with whatever releases what is available
//   (2) release, drop_guard  pairs with (1), and with acquiring looks at the primitive's own bits
//   Without them the FIFO's links would be read before they are written, and one who at its last look
//   finds what it wants would not see what was written before that was given. (What is available is
//   added only where the guard is free, or by who has it, so what is found was there at (1).)
//
// Lifetime: (2) is the last access to the object by one who gives something away. An object may
// therefore be destroyed by whoever got it, while the giver still is in its call; waking is done
// after (2), with what is on its own stack.
// Checked by: tests/scenarios/*.hpp,
// tests/unit/wait_test.cpp
#pragma once

#include <atomic>
#include <cassert>
#include <cstdint>
#include <stop_token>

#include "lockstep/os/spin.hpp"
#include "lockstep/wait/deadline.hpp"
#include "lockstep/wait/waiter.hpp"

namespace lockstep::wait {

using Word = std::uint64_t;

class WaitQueue {
 public:
  static constexpr Word guard_bit = Word{1} << 63;
  static constexpr Word queued_bit = Word{1} << 62;

  /// The primitive's own bits of a word.
  [[nodiscard]] static constexpr Word own(Word word) noexcept {
    return word & ~(guard_bit | queued_bit);
  }

  constexpr explicit WaitQueue(Word initial) noexcept : word(initial) {}
  WaitQueue(const WaitQueue&) = delete;
  WaitQueue& operator=(const WaitQueue&) = delete;
#ifndef NDEBUG
  ~WaitQueue() { assert(waiters_.empty() && "lockstep: destroyed while somebody waits on it"); }
#endif

  /// The queue's two bits and the primitive's own.
  std::atomic<Word> word;

  /// Waits until nobody else has the guard, and takes it. Returns the word as it was then.
  [[gnu::always_inline]] Word take_guard() noexcept {
    Word seen = word.load(std::memory_order_relaxed);
    return try_guard(seen) ? seen : wait_and_guard(seen);
  }

  /// One attempt, on the assumption that the word is `seen`; if it fails, `seen` is what the word
  /// is.
  [[nodiscard]] bool try_guard(Word& seen) noexcept {
    return (seen & guard_bit) == 0 &&
           word.compare_exchange_weak(seen, seen | guard_bit, std::memory_order_acquire,  // (1)
                                      std::memory_order_relaxed);
  }

  /// Lets the guard go and changes the primitive's bits in the same step: `change` maps the word as
  /// it is to the word as it should be, and is called again (with the guard still held) if somebody
  /// else changed the word meanwhile.
  template <class Change>
  void drop_guard(Change change) noexcept {
    Word seen = word.load(std::memory_order_relaxed);
    while (!word.compare_exchange_weak(seen, without_guard(change(seen)),
                                       std::memory_order_release,  // (2)
                                       std::memory_order_relaxed)) {
    }
  }
  void drop_guard() noexcept {
    drop_guard([](Word seen) { return seen; });
  }

  /// The same for one who knows that nobody else can change the word before: a store is enough, and
  /// the bits become `changed`.
  void drop_guard_alone(Word changed) noexcept {
    word.store(without_guard(changed), std::memory_order_release);  // (2)
  }

  // With the guard held.
  [[nodiscard]] bool empty() const noexcept { return waiters_.empty(); }
  [[nodiscard]] const Waiter& front() const noexcept { return waiters_.front(); }
  void push_back(Waiter& waiter) noexcept {
    waiters_.push_back(waiter);
    waiter.home_ = this;
  }
  void push_front(Waiter& waiter) noexcept {
    waiters_.push_front(waiter);
    waiter.home_ = this;
  }
  void erase(Waiter& waiter) noexcept {
    waiters_.erase(waiter);
    if (waiter.home_ == this) waiter.home_ = nullptr;
  }
  [[nodiscard]] Waiter& pop_front() noexcept {
    Waiter& first = waiters_.front();
    erase(first);
    return first;
  }
  /// Takes all out, behind those in `all`, in their order.
  void pop_all(WaitList& all) noexcept {
    waiters_.for_each([this](Waiter& waiter) {
      if (waiter.home_ == this) waiter.home_ = nullptr;
    });
    all.append(waiters_);
  }
  /// Queues waiters that have already been taken out of their home: they cannot withdraw any more.
  void adopt(WaitList& others) noexcept { waiters_.append(others); }

  enum class End : bool { front, back };

  /// With the guard, which it lets go: queues `waiter`, in one step with seeing that there is nothing
  /// for it to take: true. If `available(word)`, does not: false. In that step the primitive's bits
  /// become `change(word, queued)`. Nothing may become available while the guard is held.
  template <class Available, class Change>
  [[nodiscard]] bool queue_up(Waiter& waiter, End end, Available available,
                              Change change) noexcept {
    bool queued = false;
    drop_guard([&](Word seen) {
      const bool wanted = !available(seen);
      if (queued && !wanted) erase(waiter);
      if (wanted && !queued) end == End::back ? push_back(waiter) : push_front(waiter);
      queued = wanted;
      return change(seen, queued);
    });
    return queued;
  }

  /// Is the fate of `waiter`, which queued here, open?
  [[nodiscard]] bool is_undecided(const Waiter& waiter) const noexcept {
    return waiter.home_ == this;
  }

  // Without it.

  /// Takes `waiter`, which queued here, out again, with its weight. False: its fate is decided
  /// already.
  [[nodiscard]] bool withdraw(Waiter& waiter) noexcept {
    take_guard();
    const bool undecided = is_undecided(waiter);
    if (undecided) erase(waiter);
    drop_guard([&](Word seen) { return undecided ? seen - waiter.weight : seen; });
    return undecided;
  }

  /// Takes out one that may have been adopted here, in time linear in the number of waiters. False: it
  /// is not here.
  [[nodiscard]] bool withdraw_adopted(Waiter& waiter) noexcept {
    take_guard();
    const bool found = waiters_.contains(waiter);
    if (found) erase(waiter);
    drop_guard();
    return found;
  }

  /// What a thread that comes now had best sleep on to be released with all others: null, its own word,
  /// if it seems to be the first.
  [[nodiscard]] Bell* bell() const noexcept {
    return (word.load(std::memory_order_relaxed) & queued_bit) == 0 ? nullptr : bell_of(this);
  }

  /// Blocks until the fate of `self`, which queued here, is decided. If the deadline comes first,
  /// withdraws it and returns `undecided`.
  [[nodiscard]] Fate sleep(ThreadWaiter& self, Deadline& deadline) noexcept {
    return withdraw_after(self.park(deadline), self);
  }

  /// The same, after looking for a moment whether that comes without sleeping.
  [[nodiscard]] Fate spin_and_sleep(ThreadWaiter& self, Deadline& deadline) noexcept {
    return withdraw_after(self.spin_and_park(deadline), self);
  }

 private:
  [[gnu::noinline]] Word wait_and_guard(Word seen) noexcept {
    os::Backoff backoff;
    while (!try_guard(seen)) {
      if ((seen & guard_bit) == 0) continue;
      backoff.step();
      seen = word.load(std::memory_order_relaxed);
    }
    return seen;
  }

  /// What comes of a sleep that ended with `fate`.
  [[nodiscard]] Fate withdraw_after(Fate fate, ThreadWaiter& self) noexcept {
    if (fate != Fate::undecided || withdraw(self)) return fate;
    return self.park();
  }

  [[nodiscard]] Word without_guard(Word changed) const noexcept {
    return waiters_.empty() ? own(changed) : own(changed) | queued_bit;
  }

  WaitList waiters_;
};

/// While it lives, a stop request withdraws `waiter` from `queue` and wakes it as cancelled, unless
/// its fate is decided. Construct it after queueing (it may find the stop requested already) and
/// without the guard.
class CancelOnStop {
 public:
  CancelOnStop(const std::stop_token& token, WaitQueue& queue, Waiter& waiter) noexcept
      : callback_(token, Cancel{queue, waiter}) {}

 private:
  struct Cancel {
    void operator()() const noexcept {
      if (queue.withdraw(waiter)) waiter.wake(Fate::cancelled);
    }
    WaitQueue& queue;
    Waiter& waiter;
  };
  std::stop_callback<Cancel> callback_;
};

}  // namespace lockstep::wait
