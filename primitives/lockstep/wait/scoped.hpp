// lockstep/wait/scoped.hpp: the guard that a coroutine gets from `co_await lock.async_scoped()`.
#pragma once

#include <utility>

#include "lockstep/wait/owner.hpp"

namespace lockstep {

namespace wait {

/// A lock that a coroutine does not have although one of its guards thinks so: it is being destroyed
/// while it waits for a Condition, and the lock is in other hands. There may be several at a time:
/// Asio first ends all waits of an execution context, and then destroys their coroutines.
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
    delete std::exchange(*each, (*each)->next);
    return true;
  }
  return false;
}

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
    if (held_ == nullptr) return;
    if (wait::not_held != nullptr && wait::is_guard_without(held_)) [[unlikely]]
      return;
    release();
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
  Scoped(Lockable* held, Owner owner) noexcept : held_(held), owner_(owner) {}

  Lockable* held_ = nullptr;
  Owner owner_;
};

}  // namespace lockstep
