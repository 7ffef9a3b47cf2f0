// lockstep/wait/owner.hpp: who is running: a thread, or a task that happens to run on one.
//
// An RLock belongs to somebody, and must know him again. A thread is known by its number. A coroutine
// is resumed now here, now there, so it is known by what its promise offers (`owner()`; all coroutines
// of one task are the same owner), and whoever resumes it says so to the thread for that while
// (`ActingFor`).
#pragma once

#include "lockstep/os/requirements.hpp"

#include <cstdint>

#include "lockstep/os/thread.hpp"

namespace lockstep {

/// An identity that can own an RLock: a thread, a task, or whatever has an address of its own.
class Owner {
 public:
  /// Nobody.
  constexpr Owner() noexcept = default;

  /// Whoever has this object; it must exist as long as it owns something.
  explicit Owner(const void* identity) noexcept
      : number_(reinterpret_cast<std::uintptr_t>(identity)) {}

  /// The task that the calling thread runs at this moment, or else that thread.
  [[nodiscard]] static Owner current() noexcept;

  /// Is it anybody?
  [[nodiscard]] constexpr explicit operator bool() const noexcept { return number_ != 0; }
  /// Are they the same?
  friend constexpr bool operator==(Owner, Owner) noexcept = default;

  /// The address, as a number.
  [[nodiscard]] constexpr std::uintptr_t number() const noexcept { return number_; }

 private:
  friend class RLock;
  explicit constexpr Owner(std::uintptr_t number) noexcept : number_(number) {}

  std::uintptr_t number_ = 0;
};

namespace wait {

/// The task that this thread runs, if it does.
inline constinit thread_local Owner running_task;

/// While it lives, what this thread does is done by `owner`; if that is nobody, by the thread itself.
class ActingFor {
 public:
  explicit ActingFor(Owner owner) noexcept : before_(running_task) { become(owner); }
  ~ActingFor() { become(before_); }
  ActingFor(const ActingFor&) = delete;
  ActingFor& operator=(const ActingFor&) = delete;

 private:
  // Mostly it is nobody before and after, and a store costs more than a look.
  static void become(Owner owner) noexcept {
    if (running_task != owner) running_task = owner;
  }

  Owner before_;
};

}  // namespace wait

inline Owner Owner::current() noexcept {
  return wait::running_task ? wait::running_task : Owner(os::this_thread());
}

}  // namespace lockstep
