// lockstep/lock.hpp: one holder at a time; everyone else sleeps. Any thread may release it.
//
// Because it has no owner, a Lock can be handed over: one thread acquires, another releases. (A
// lock that belongs to its thread, and can be taken again by it, is RLock.)
//
// It is a single permit; how that is waited for, in what order, and why nobody is forgotten:
// wait/permits.hpp. Uncontended, acquire and release are one compare-exchange each.
//
// Checked by: tests/unit/lock_test.cpp, tests/scenarios/lock.hpp
#pragma once

#include <cstdint>
#include <stop_token>

#include "lockstep/error.hpp"
#include "lockstep/wait/acquirable.hpp"
#include "lockstep/wait/owner.hpp"
#include "lockstep/wait/permits.hpp"

namespace lockstep {

template <class L>
class BasicCondition;

/// A mutual exclusion lock, not recursive, with the semantics of Python's threading.Lock. 16 bytes.
///
/// - acquire, try_acquire, try_acquire_for/until, lock, …: see wait::Acquirable. A holder that
///   acquires again waits for itself, until some other thread releases.
/// - Fairness: a newcomer may take a lock that is free at that moment. Those that wait get it in
///   the order in which they began to, and nobody starves: a thread that was woken in vain a few
///   times is handed the lock.
/// - Memory order: all before `release` happens before all after the next `acquire`.
/// - Lifetime: it may be destroyed by whoever acquired it, even if the thread that released it is
///   still in that call. Nobody may be waiting. Destroying a lock that is held is fine. It is
///   neither copied nor moved.
/// - After fork, a child must not use a lock that other threads of the parent used at that moment.
class Lock : public wait::Acquirable<Lock> {
 public:
  constexpr Lock() noexcept = default;

  /// Takes the lock if it is free. Never blocks.
  [[nodiscard]] bool try_acquire() noexcept { return permits_.try_take_only(); }

  /// Frees the lock, whoever acquired it, and lets one of those that wait have it. Never blocks.
  /// Throws NotAcquiredError if it is free already.
  void release() {
    if (!permits_.give_only()) [[unlikely]]
      throw_not_held();
  }

  /// Is it held, by anybody, at this moment?
  [[nodiscard]] bool locked() const noexcept { return permits_.free() == 0; }

 private:
  friend wait::Acquirable<Lock>;
  friend class BasicCondition<Lock>;

  // Apart: where an exception is made, registers are saved, which costs `release` its brevity.
  [[noreturn, gnu::noinline]] static void throw_not_held() {
    throw NotAcquiredError("Lock::release: the lock is not held");
  }

  [[nodiscard]] bool acquire_before(wait::Deadline deadline, const std::stop_token& stop) noexcept {
    return permits_.take(deadline, stop);
  }
  [[nodiscard]] wait::Take taking() noexcept { return wait::Take(permits_); }

  // For Condition. A Lock has no owner: held by anybody is all that can be checked (SEMANTICS
  // CO14).
  struct Saved {};
  static constexpr bool has_owner_ = false;
  [[nodiscard]] bool is_held_for_condition(Owner) const noexcept { return locked(); }
  [[nodiscard]] Saved saved() const noexcept { return {}; }
  void release_all() noexcept { static_cast<void>(permits_.give_only()); }
  void acquire_restore(Saved) { acquire(); }
  void acquire_restore(Saved, wait::ThreadWaiter& adopted, wait::Fate fate) noexcept {
    permits_.take_adopted(adopted, fate);
  }
  void adopt(wait::WaitList& waiters) noexcept { permits_.adopt(waiters); }
  [[nodiscard]] bool try_acquire_permit() noexcept { return permits_.try_take_only(); }
  [[nodiscard]] bool withdraw_adopted(wait::Waiter& waiter) noexcept {
    return permits_.queue().withdraw_adopted(waiter);
  }
  void restore(Saved, Owner) noexcept {}

  wait::Permits permits_{1};
};

}  // namespace lockstep
