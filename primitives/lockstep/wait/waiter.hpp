// lockstep/wait/waiter.hpp: one who waits, and a list of them.
//
// A Waiter lives on the stack of the blocked thread (ThreadWaiter) or in the frame of the suspended
// coroutine (async_wait.hpp), so waiting never allocates. It is in at most one list at a time, and
// its links belong to whoever has that list's guard.
//
// Its fate is decided once per stay in a queue, by the one who takes it out under the guard:
//   granted      what it waits for is its own; nothing else to do
//   retry        out of the queue, and it is its turn to act: to try for itself, where others may be
//                faster (it is counted as on its way); at a barrier, to run the action
//   refused      what it waits for will not come (a broken barrier)
//   cancelled    a stop was requested; it has got nothing
//   timed_out    the same, of a deadline (a thread finds that out by itself: it stays `undecided`)
//   interrupted  the same, where its task is to end, and the coroutine gets a CancelledError
// `wake` tells it. From then on the waiter may be gone, so `wake` is the last that anybody else
// does with it.
//
// A thread has a word for its fate:
//   undecided -> parked             [park, just before sleeping]
//   undecided, parked -> a fate     [tell, whose caller wakes the thread if it was parked]
//   a fate -> undecided             [renew, by the waiter itself, before it queues again]
// It sleeps on that word, or, where many may be released together, on a bell (bell.hpp).
//
// Orders
//   (1) release, ThreadWaiter::tell  pairs with (2)
//   (2) acquire, ThreadWaiter::park  pairs with (1)
//   Without them what the waker did before it woke (the data a lock protects, the index a barrier
//   gives) could be missed.
//
// Lifetime: (1) is the last access to a waiter; the wake after it uses the address, never the
// value.
// Checked by: tests/scenarios/*.hpp, tests/unit/wait_test.cpp
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "lockstep/os/futex.hpp"
#include "lockstep/os/spin.hpp"
#include "lockstep/wait/bell.hpp"
#include "lockstep/wait/deadline.hpp"
#include "lockstep/wait/ready.hpp"

namespace lockstep::wait {

class WaitQueue;

enum class Fate : std::uint32_t {
  undecided,
  parked,
  granted,
  retry,
  refused,
  cancelled,
  timed_out,
  interrupted
};

/// One who waits, of whatever kind.
class Waiter {
 public:
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  /// Tells a waiter that is in no list what became of it. It may be gone when this returns.
  void wake(Fate fate) noexcept { wake_(*this, fate); }

  /// Must it be granted what it waits for, rather than told to retry? One that cannot try for
  /// itself always; a thread, once newcomers were faster too often.
  [[nodiscard]] bool wants_hand_over() const noexcept { return wants_hand_over_; }
  void want_hand_over() noexcept { wants_hand_over_ = true; }

  /// What it was granted, where that is a number: the index at a barrier. Written before the wake.
  std::size_t number = 0;

  /// What it counts for in the word of the queue that it is in, if that counts its waiters.
  std::uint64_t weight = 0;

 protected:
  explicit constexpr Waiter(void (*wake)(Waiter&, Fate) noexcept) noexcept : wake_(wake) {}
  ~Waiter() = default;

 private:
  friend class ThreadWaiter;
  friend class WaitList;
  friend class WaitQueue;

  Waiter* next_;  // these two mean something in a list only
  Waiter* previous_;
  WaitQueue* home_ = nullptr;  // where it queued and can still withdraw from; guarded by that queue
  void (*wake_)(Waiter&, Fate) noexcept;
  bool wants_hand_over_ = false;
  bool hears_bell_ = false;  // a ThreadWaiter that sleeps on a bell
};

/// A FIFO of waiters, from which any can be taken in O(1). One pointer: to the last, whose
/// successor is the first.
class WaitList {
 public:
  constexpr WaitList() noexcept = default;
  WaitList(const WaitList&) = delete;
  WaitList& operator=(const WaitList&) = delete;

  [[nodiscard]] bool empty() const noexcept { return last_ == nullptr; }

  /// The oldest. The list must not be empty.
  [[nodiscard]] Waiter& front() const noexcept { return *last_->next_; }

  void push_back(Waiter& waiter) noexcept {
    push_front(waiter);
    last_ = &waiter;
  }

  void push_front(Waiter& waiter) noexcept {
    if (last_ == nullptr) {
      waiter.next_ = waiter.previous_ = &waiter;
      last_ = &waiter;
    } else {
      waiter.previous_ = last_;
      waiter.next_ = last_->next_;
      waiter.next_->previous_ = waiter.previous_->next_ = &waiter;
    }
  }

  void erase(Waiter& waiter) noexcept {
    if (waiter.next_ == &waiter) {
      last_ = nullptr;
    } else {
      waiter.previous_->next_ = waiter.next_;
      waiter.next_->previous_ = waiter.previous_;
      if (last_ == &waiter) last_ = waiter.previous_;
    }
  }

  Waiter& pop_front() noexcept {
    Waiter& first = front();
    erase(first);
    return first;
  }

  /// Moves all of `others` behind those here, in their order.
  void append(WaitList& others) noexcept {
    if (others.last_ == nullptr) return;
    if (last_ != nullptr) {
      Waiter* const first = last_->next_;
      Waiter* const other_first = others.last_->next_;
      last_->next_ = other_first;
      other_first->previous_ = last_;
      others.last_->next_ = first;
      first->previous_ = others.last_;
    }
    last_ = others.last_;
    others.last_ = nullptr;
  }

  [[nodiscard]] bool contains(const Waiter& waiter) const noexcept {
    const Waiter* each = last_;
    if (each == nullptr) return false;
    while (each != &waiter) {
      each = each->next_;
      if (each == last_) return false;
    }
    return true;
  }

  /// Calls `f` for each, oldest first; it must not change the list.
  template <class F>
  void for_each(F f) noexcept {
    if (empty()) return;
    Waiter* each = last_;
    do {
      each = each->next_;
      f(*each);
    } while (each != last_);
  }

  /// Empties the list, oldest first, telling each its fate. For a list that nobody else can reach; those
  /// in it that sleep on a bell sleep on the same. No coroutine goes on here before all are told: it may
  /// destroy another, which waits to be told.
  void wake_all(Fate fate) noexcept;

 private:
  Waiter* last_ = nullptr;
};

/// A blocked thread. Lives on its stack.
class ThreadWaiter final : public Waiter {
 public:
  /// One that sleeps on `bell`, or if that is null on a word of its own: better for one that is mostly woken
  /// by itself, because a bell wakes all who sleep on it.
  explicit ThreadWaiter(Bell* bell = nullptr) noexcept
      : Waiter(&ThreadWaiter::wake_thread), bell_(bell) {
    hears_bell_ = bell != nullptr;
  }

  /// Sleeps until its fate is decided, and returns that; or until the deadline, and returns
  /// `undecided`. What happened before the wake is visible.
  [[nodiscard]] Fate park(Deadline& deadline) noexcept {
    std::uint32_t seen = raw(Fate::undecided);
    word_.compare_exchange_strong(seen, raw(Fate::parked), std::memory_order_relaxed,
                                  std::memory_order_relaxed);
    for (bool has_come = false;;) {
      const std::uint32_t strokes = bell_ == nullptr ? 0 : bell_->strokes();
      const auto fate = static_cast<Fate>(word_.load(std::memory_order_acquire));  // (2)
      if (fate != Fate::parked) return fate;
      if (has_come) return Fate::undecided;
      const bool timed_out = !sleep(strokes, deadline.instant());
      has_come = timed_out && deadline.has_come();
    }
  }

  /// The same, after looking for a moment whether that comes without sleeping.
  [[nodiscard]] Fate spin_and_park(Deadline& deadline) noexcept {
    for (os::Spin spin; spin.step();) {
      const auto fate = static_cast<Fate>(word_.load(std::memory_order_acquire));  // (2)
      if (fate != Fate::undecided) return fate;
    }
    return park(deadline);
  }

  /// Without a deadline.
  [[nodiscard]] Fate park() noexcept {
    Deadline never = Deadline::never();
    return park(never);
  }

  /// Ready to be queued once more after a `retry`.
  void renew() noexcept { word_.store(raw(Fate::undecided), std::memory_order_relaxed); }

 private:
  friend class WaitList;

  static constexpr std::uint32_t raw(Fate fate) noexcept {
    return static_cast<std::uint32_t>(fate);
  }

  /// False: the kernel said that the instant has come.
  [[nodiscard]] bool sleep(std::uint32_t strokes, os::Instant until) const noexcept {
    return bell_ == nullptr ? os::futex_wait(word_, raw(Fate::parked), until)
                            : bell_->wait(strokes, until);
  }

  static void wake_thread(Waiter& waiter, Fate fate) noexcept {
    auto& self = static_cast<ThreadWaiter&>(waiter);
    const os::FutexWord* const address = &self.word_;
    Bell* const bell = self.bell_;
    if (!self.tell(fate)) return;
    if (bell != nullptr) {
      bell->ring();
    } else {
      os::futex_wake_one(address);
    }
  }

  /// True: it sleeps, or is about to. It may be gone when this returns.
  [[nodiscard]] bool tell(Fate fate) noexcept {
    return word_.exchange(raw(fate), std::memory_order_release) == raw(Fate::parked);  // (1)
  }

  os::FutexWord word_{raw(Fate::undecided)};
  Bell* bell_;
};

inline void WaitList::wake_all(Fate fate) noexcept {
  if (empty()) return;
  const PutOff until_all_are_told;
  Bell* to_ring = nullptr;
  Waiter* const last = last_;
  Waiter* next = last->next_;
  last_ = nullptr;
  for (bool more = true; more;) {
    Waiter& first = *next;
    next = first.next_;  // it may be gone when it has been woken
    more = &first != last;
    if (!first.hears_bell_) {
      first.wake(fate);
      continue;
    }
    auto& thread = static_cast<ThreadWaiter&>(first);
    Bell* const bell = thread.bell_;
    if (thread.tell(fate)) to_ring = bell;
  }
  if (to_ring != nullptr) to_ring->ring();
}

}  // namespace lockstep::wait
