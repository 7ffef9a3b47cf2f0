// lockstep/wait/scoped.hpp: the guard that a coroutine gets from `co_await lock.async_scoped()`.
#pragma once

#include <utility>

#include "lockstep/wait/owner.hpp"

namespace lockstep {

namespace wait {

/// A lock without an owner that a coroutine does not have although one of its guards thinks so: it is
/// being destroyed while it waits for a Condition, and the lock is in other hands. There may be
/// several at a time: Asio first ends all waits of an execution context, and then destroys their
/// coroutines. (Of a lock with an owner, any number of guards can see that for themselves.)
struct NotHeld {
  const void* lock;
  NotHeld* next;
};
inline constinit thread_local NotHeld* not_held = nullptr;

/// The next guard of `lock` that is destroyed on this thread is not to release it.
inline void expect_guard_without(const void* lock) { not_held = new NotHeld{lock, not_held}; }

/// Is the guard of `lock` that is being destroyed such a one?
[[nodiscard, gnu::noinline]] inline bool is_guard_without(const void* lock) noexcept {
  for (NotHeld** each = &not_held; *each != nullptr; each = &(*each)->next) {
    if ((*each)->lock != lock) continue;
    NotHeld* const found = *each;
    *each = found->next;
    delete found;
    return true;
  }
  return false;
}

/// Coroutines run again on this thread: what was expected of those that were destroyed did not come.
[[gnu::noinline]] inline void expect_no_guards() noexcept {
  while (not_held != nullptr) delete std::exchange(not_held, not_held->next);
}

/// While it lives, a coroutine is destroyed: what is expected of its guards concerns no others.
class GuardsOfOne {
 public:
  GuardsOfOne() noexcept : others_(std::exchange(not_held, nullptr)) {}
  ~GuardsOfOne() {
    if (not_held != nullptr) [[unlikely]]
      expect_no_guards();
    not_held = others_;
  }
  GuardsOfOne(const GuardsOfOne&) = delete;
  GuardsOfOne& operator=(const GuardsOfOne&) = delete;

 private:
  NotHeld* others_;
};

}  // namespace wait

/// Holds a lock, or a permit, and releases it when it is destroyed; or holds nothing. Movable.
///
/// Unlike std::unique_lock it releases an RLock on behalf of the task that acquired it, whichever
/// thread that runs on, and gets it right when its coroutine is destroyed in a wait for a Condition.
template <class Lockable>
class [[nodiscard("what it holds is released at once")]] Scoped {
 public:
  /// Holds nothing.
  Scoped() noexcept = default;

  /// Takes over what the caller (or, if it is somebody, `owner`) has acquired.
  explicit Scoped(Lockable& held, Owner owner = {}) noexcept : held_(&held), owner_(owner) {}

  /// Takes over what `other` holds, which then holds nothing.
  Scoped(Scoped&& other) noexcept
      : held_(std::exchange(other.held_, nullptr)), owner_(other.owner_) {}
  /// The same; what this held is released.
  Scoped& operator=(Scoped&& other) noexcept {
    Scoped before(std::exchange(held_, nullptr), owner_);
    held_ = std::exchange(other.held_, nullptr);
    owner_ = other.owner_;
    return *this;
  }
  ~Scoped() {
    if (held_ != nullptr && is_held()) release();
  }

  /// Does it hold something?
  [[nodiscard]] explicit operator bool() const noexcept { return held_ != nullptr; }

  /// Releases what it holds, which must be something. Never blocks.
  void release() {
    Lockable& held = *std::exchange(held_, nullptr);
    if constexpr (requires { held.release(owner_); }) {
      owner_ ? held.release(owner_) : held.release();
    } else {
      held.release();
    }
  }

 private:
  [[nodiscard]] bool is_held() noexcept {
    if constexpr (requires { held_->owned(owner_); }) {
      return held_->owned(owner_ ? owner_ : Owner::current());
    } else {
      return wait::not_held == nullptr || !wait::is_guard_without(held_);
    }
  }

  Scoped(Lockable* held, Owner owner) noexcept : held_(held), owner_(owner) {}

  Lockable* held_ = nullptr;
  Owner owner_;
};

}  // namespace lockstep
