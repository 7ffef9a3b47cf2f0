// lockstep/rlock.hpp: a lock that belongs to a thread, or a task, which may acquire it again.
//
// State: a permit (wait/permits.hpp); the owner; how many levels it holds
//   free  -> owned, depth 1      [try_acquire, acquire_before, acquire_restore]
//   owned -> owned, depth +-1    [by the owner: acquire, release]
//   owned -> free                [the owner's last release, release_save]
//
// depth_ is read and written by the owner alone, so the permit orders it. owner_ is also read by
// those who do not own the lock, to find out just that; relaxed is enough everywhere, because one
// can read one's own number only if one wrote it last, and clears it before giving the permit away.
// (A task that has moved to another thread in between was scheduled there, which orders the two.)
//
// Checked by: tests/unit/rlock_test.cpp, tests/scenarios/rlock.hpp
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stop_token>

#include "lockstep/error.hpp"
#include "lockstep/wait/acquirable.hpp"
#include "lockstep/wait/async_wait.hpp"
#include "lockstep/wait/owner.hpp"
#include "lockstep/wait/permits.hpp"

namespace lockstep {

template <class L>
class BasicCondition;

/// A recursive mutual exclusion lock, with the semantics of Python's threading.RLock. 32 bytes.
///
/// - acquire, try_acquire_for/until, lock, …: see wait::Acquirable. The owner succeeds at once, one
///   level deeper, whatever the deadline. Beyond 2^32-1 levels acquire throws std::system_error
///   (resource_unavailable_try_again), and the calls that return bool return false.
/// - Who owns it: the task that is running, if its coroutines are resumed by Lockstep and their
///   promise says which they are (wait/context.hpp); otherwise the thread. Or whoever an Owner that is
///   passed stands for.
/// - Only the owner may release. One that ends while it owns the lock leaves it locked for ever.
/// - A coroutine whose promise offers no owner cannot await it: that does not compile.
/// - Fairness, memory order, lifetime, fork: as Lock. Those that wait get it when the owner has
///   released every level.
class RLock : public wait::Acquirable<RLock> {
 public:
  constexpr RLock() noexcept = default;

  /// Takes the lock, or one more level of it, if that is possible at once. Never blocks.
  [[nodiscard]] bool try_acquire() noexcept { return try_acquire(Owner::current()); }

  /// The same for `owner`.
  [[nodiscard]] bool try_acquire(Owner owner) noexcept {
    if (owned(owner)) {
      if (depth_ == max_depth_) return false;
      ++depth_;
      return true;
    }
    if (!permits_.try_take_only()) return false;
    own(owner, 1);
    return true;
  }

  using Acquirable::async_acquire;
  using Acquirable::async_scoped;

  /// `co_await` it: suspends until `owner` has the lock, or one more level of it.
  [[nodiscard]] auto async_acquire(Owner owner) noexcept {
    return awaiting<wait::Acquire>(Taking<true>(*this, owner), wait::Unbounded());
  }
  /// `co_await` gives a Scoped, which holds a level for `owner` and releases it in the end.
  [[nodiscard]] auto async_scoped(Owner owner) noexcept {
    return awaiting<wait::AcquireScoped>(Taking<true>(*this, owner), wait::Unbounded());
  }

  /// Gives up one level; with the last one the lock is free, and one of those that wait gets it.
  /// Never blocks. Throws NotAcquiredError if the caller does not own the lock.
  void release() { release(Owner::current()); }

  /// The same for `owner`.
  void release(Owner owner) {
    if (!owned(owner)) throw NotAcquiredError("RLock::release: the caller does not own the lock");
    if (--depth_ == 0) free();
  }

  /// Is it held, by anybody, at this moment?
  [[nodiscard]] bool locked() const noexcept { return permits_.free() == 0; }

  /// Does the caller own it?
  [[nodiscard]] bool owned() const noexcept { return owned(Owner::current()); }
  /// Does `owner` own it?
  [[nodiscard]] bool owned(Owner owner) const noexcept {
    return owner_.load(std::memory_order_relaxed) == owner.number();
  }

  /// How many levels the caller holds: 0 if it is not the owner.
  [[nodiscard]] std::size_t depth() const noexcept { return owned() ? depth_ : 0; }

 private:
  friend wait::Acquirable<RLock>;
  friend class BasicCondition<RLock>;
  friend struct RLockTestAccess;

  using Depth = std::uint32_t;
  static constexpr std::uintptr_t nobody_ = ~std::uintptr_t{0};  // no address, nor that of no Owner
  static constexpr Depth max_depth_ = std::numeric_limits<Depth>::max();

  [[nodiscard]] bool acquire_before(wait::Deadline deadline, const std::stop_token& stop) noexcept {
    if (owned()) return false;  // it could not go deeper
    if (!permits_.take(deadline, stop)) return false;
    own(Owner::current(), 1);
    return true;
  }

  /// For a coroutine: for the owner that is named, or that its promise offers.
  template <bool is_named>
  class Taking : public wait::OperationOnQueue<Taking<is_named>> {
   public:
    static constexpr bool needs_owner = !is_named;

    explicit Taking(RLock& lock, Owner owner = {}) noexcept : lock_(&lock), owner_(owner) {}

    void prepare(const wait::Context& context) {
      if constexpr (!is_named) owner_ = context.owner();
      if (!owner_) throw Error("RLock::async_acquire: the coroutine that awaits it has no owner");
    }
    [[nodiscard]] bool try_as(const wait::Context& context) noexcept {
      owner_ = context.owner();
      return owner_ && lock_->try_acquire(owner_);
    }
    [[nodiscard]] wait::WaitQueue& queue() noexcept { return lock_->permits_.queue(); }
    [[nodiscard]] bool try_now() noexcept {
      return is_named && owner_ && lock_->try_acquire(owner_);
    }
    [[nodiscard]] wait::Fate queue_up(wait::Waiter& waiter) noexcept {
      if (lock_->try_acquire(owner_)) return wait::Fate::granted;
      if (lock_->owned(owner_)) return wait::Fate::refused;  // it could not go deeper
      return lock_->permits_.queue_up(waiter);
    }
    [[nodiscard]] bool finish_at_once() noexcept { return true; }
    [[nodiscard]] bool finish(wait::Fate fate, wait::Waiter&) noexcept {
      if (fate != wait::Fate::granted) return false;
      if (!lock_->owned(owner_)) lock_->own(owner_, 1);
      return true;
    }
    void abandon(wait::Fate fate) noexcept {
      if (fate != wait::Fate::granted) return;
      if (!lock_->owned(owner_)) lock_->own(owner_, 1);
      lock_->release(owner_);
    }
    [[nodiscard]] Owner owner() const noexcept { return owner_; }

   private:
    RLock* lock_;
    Owner owner_;
  };
  [[nodiscard]] Taking<false> taking() noexcept { return Taking<false>(*this); }

  void own(Owner owner, Depth depth) noexcept {
    depth_ = depth;
    owner_.store(owner.number(), std::memory_order_relaxed);
  }

  void free() noexcept {
    owner_.store(nobody_, std::memory_order_relaxed);
    static_cast<void>(permits_.give_only());
  }

  // For Condition, which gives up all levels and takes them back.
  struct Saved {
    Depth depth;
  };
  static constexpr bool has_owner_ = true;
  [[nodiscard]] bool is_held_for_condition(Owner owner) const noexcept { return owned(owner); }
  [[nodiscard]] Saved saved() const noexcept { return {depth_}; }
  void release_all() noexcept { free(); }
  void acquire_restore(Saved saved) noexcept {
    if (!permits_.try_take_only()) static_cast<void>(permits_.take(wait::Deadline::never(), {}));
    own(Owner::current(), saved.depth);
  }
  void acquire_restore(Saved saved, wait::ThreadWaiter& adopted, wait::Fate fate) noexcept {
    permits_.take_adopted(adopted, fate);
    own(Owner::current(), saved.depth);
  }
  void adopt(wait::WaitList& waiters) noexcept { permits_.adopt(waiters); }
  [[nodiscard]] bool try_acquire_permit() noexcept { return permits_.try_take_only(); }
  [[nodiscard]] bool withdraw_adopted(wait::Waiter& waiter) noexcept {
    return permits_.queue().withdraw_adopted(waiter);
  }
  void restore(Saved saved, Owner owner) noexcept { own(owner, saved.depth); }

  wait::Permits permits_{1};
  std::atomic<std::uintptr_t> owner_{nobody_};
  Depth depth_ = 0;
};

}  // namespace lockstep
