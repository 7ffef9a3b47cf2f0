// lockstep/wait/scoped.hpp: the guard that a coroutine gets from `co_await lock.async_scoped()`.
#pragma once

#include <utility>

#include "lockstep/wait/owner.hpp"

namespace lockstep {

namespace wait {

/// A lock without an owner that a coroutine does not have although its guard thinks so: it is being
/// destroyed while it waits for a Condition, and the lock is in other hands. What it is not to release.
/// (Of a lock with an owner, any number of guards can see that for themselves.)
inline constinit thread_local const void* not_held = nullptr;

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

  Scoped(Scoped&& other) noexcept
      : held_(std::exchange(other.held_, nullptr)), owner_(other.owner_) {}
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
      if (wait::not_held != held_) [[likely]] return true;
      wait::not_held = nullptr;
      return false;
    }
  }

  Scoped(Lockable* held, Owner owner) noexcept : held_(held), owner_(owner) {}

  Lockable* held_ = nullptr;
  Owner owner_;
};

}  // namespace lockstep
