// lockstep/rlock.hpp: a lock that belongs to a thread, which may acquire it again.
//
// State: a permit (wait/permits.hpp); the owner; how many levels it holds
//   free  -> owned, depth 1      [try_acquire, acquire_before, acquire_restore]
//   owned -> owned, depth +-1    [by the owner: acquire, release]
//   owned -> free                [the owner's last release, release_save]
//
// depth_ is read and written by the owner alone, so the permit orders it. owner_ is also read by
// those who do not own the lock, to find out just that; relaxed is enough everywhere, because a
// thread can read its own number only if it wrote it last, and it clears it before it gives the
// permit away.
//
// Checked by: tests/unit/rlock_test.cpp, tests/scenarios/rlock.hpp
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stop_token>

#include "lockstep/error.hpp"
#include "lockstep/os/thread.hpp"
#include "lockstep/wait/acquirable.hpp"
#include "lockstep/wait/permits.hpp"

namespace lockstep {

template <class L>
class BasicCondition;

/// A recursive mutual exclusion lock, with the semantics of Python's threading.RLock. 32 bytes.
///
/// - acquire, try_acquire_for/until, lock, …: see wait::Acquirable. The owner succeeds at once, one
///   level deeper, whatever the deadline. Beyond 2^32-1 levels acquire throws std::system_error
///   (resource_unavailable_try_again), and the calls that return bool return false.
/// - Only the owner may release. A thread that ends while it owns the lock leaves it locked for
///   ever.
/// - Fairness, memory order, lifetime, fork: as Lock. Those that wait get it when the owner has
///   released every level.
class RLock : public wait::Acquirable<RLock> {
 public:
  constexpr RLock() noexcept = default;

  /// Takes the lock, or one more level of it, if that is possible at once. Never blocks.
  [[nodiscard]] bool try_acquire() noexcept {
    const std::uintptr_t self = os::this_thread();
    if (owner_.load(std::memory_order_relaxed) == self) {
      if (depth_ == max_depth_) return false;
      ++depth_;
      return true;
    }
    if (!permits_.try_take_only()) return false;
    own(self, 1);
    return true;
  }

  /// Gives up one level; with the last one the lock is free, and one of those that wait gets it.
  /// Never blocks. Throws NotAcquiredError if the calling thread does not own the lock.
  void release() {
    if (!owned())
      throw NotAcquiredError("RLock::release: the calling thread does not own the lock");
    if (--depth_ == 0) free();
  }

  /// Is it held, by anybody, at this moment?
  [[nodiscard]] bool locked() const noexcept { return permits_.free() == 0; }

  /// Does the calling thread own it?
  [[nodiscard]] bool owned() const noexcept {
    return owner_.load(std::memory_order_relaxed) == os::this_thread();
  }

  /// How many levels the calling thread holds: 0 if it is not the owner.
  [[nodiscard]] std::size_t depth() const noexcept { return owned() ? depth_ : 0; }

 private:
  friend wait::Acquirable<RLock>;
  friend class BasicCondition<RLock>;
  friend struct RLockTestAccess;

  using Depth = std::uint32_t;
  static constexpr Depth max_depth_ = std::numeric_limits<Depth>::max();

  [[nodiscard]] bool acquire_before(wait::Deadline deadline, const std::stop_token& stop) noexcept {
    if (owned()) return false;  // it could not go deeper
    if (!permits_.take(deadline, stop)) return false;
    own(os::this_thread(), 1);
    return true;
  }

  void own(std::uintptr_t self, Depth depth) noexcept {
    depth_ = depth;
    owner_.store(self, std::memory_order_relaxed);
  }

  void free() noexcept {
    owner_.store(0, std::memory_order_relaxed);
    static_cast<void>(permits_.give_only());
  }

  // For Condition, which gives up all levels and takes them back.
  struct Saved {
    Depth depth;
  };
  [[nodiscard]] bool is_held_for_condition() const noexcept { return owned(); }
  [[nodiscard]] Saved release_save() noexcept {
    const Saved saved{depth_};
    free();
    return saved;
  }
  void acquire_restore(Saved saved) noexcept {
    if (!permits_.try_take_only()) static_cast<void>(permits_.take(wait::Deadline::never(), {}));
    own(os::this_thread(), saved.depth);
  }
  void acquire_restore(Saved saved, wait::ThreadWaiter& adopted, wait::Fate fate) noexcept {
    permits_.take_adopted(adopted, fate);
    own(os::this_thread(), saved.depth);
  }
  void adopt(wait::WaitList& waiters) noexcept { permits_.adopt(waiters); }

  wait::Permits permits_{1};
  std::atomic<std::uintptr_t> owner_{0};
  Depth depth_ = 0;
};

}  // namespace lockstep
