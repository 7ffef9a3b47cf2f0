// lockstep/wait/take.hpp: asking for a permit without blocking, and in what form it is had.
//
// A taking operation is what async_wait.hpp calls an operation, with `bool finish(Fate, Waiter&)`: is it
// taken? The templates below turn that into what each of the calls of acquirable.hpp gives.
#pragma once

#include <cstdint>
#include <system_error>
#include <utility>

#include "lockstep/wait/async_wait.hpp"
#include "lockstep/wait/owner.hpp"
#include "lockstep/wait/permits.hpp"
#include "lockstep/wait/scoped.hpp"

namespace lockstep::wait {

/// What becomes of one who would acquire an RLock beyond its last level.
[[noreturn, gnu::noinline]] inline void throw_too_deep() {
  throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again),
                          "RLock::acquire: too many levels");
}

/// Takes a permit.
class Take : public OperationOnQueue<Take> {
 public:
  explicit Take(Permits& permits) noexcept : permits_(&permits) {}

  [[nodiscard]] WaitQueue& queue() noexcept { return permits_->queue(); }
  [[nodiscard]] bool try_now() noexcept { return permits_->try_take(); }
  [[nodiscard]] Fate queue_up(Waiter& waiter) noexcept { return permits_->queue_up(waiter); }
  [[nodiscard]] bool finish_at_once() noexcept { return true; }
  [[nodiscard]] bool finish(Fate fate, Waiter&) noexcept { return fate == Fate::granted; }
  void abandon(Fate fate) noexcept {
    if (fate == Fate::granted) static_cast<void>(permits_->give(1, Permits::max));
  }

  /// On whose behalf it was taken, where that matters.
  [[nodiscard]] Owner owner() const noexcept { return {}; }

 private:
  Permits* permits_;
};

/// co_await gives nothing; it is taken.
template <class Taking, class Lockable>
class Acquire : public Taking {
 public:
  using Result = void;
  Acquire(Taking taking, Lockable&) noexcept : Taking(taking) {}

  void finish_at_once() { require(Taking::finish_at_once()); }
  void finish(Fate fate, Waiter& waiter) { require(Taking::finish(fate, waiter)); }

 private:
  static void require(bool taken) {
    if (!taken) throw_too_deep();  // there is no other reason
  }
};

/// co_await says whether it is taken.
template <class Taking, class Lockable>
class TryAcquire : public Taking {
 public:
  using Result = bool;
  TryAcquire(Taking taking, Lockable&) noexcept : Taking(taking) {}
};

/// co_await gives a guard that has it, or not.
template <class Taking, class Lockable>
class AcquireScoped : public Taking {
 public:
  using Result = Scoped<Lockable>;
  AcquireScoped(Taking taking, Lockable& lockable) noexcept
      : Taking(taking), lockable_(&lockable) {}

  [[nodiscard]] Result finish_at_once() { return guard(Taking::finish_at_once()); }
  [[nodiscard]] Result finish(Fate fate, Waiter& waiter) {
    if (fate == Fate::refused) throw_too_deep();
    return guard(Taking::finish(fate, waiter));
  }

 private:
  Result guard(bool taken) noexcept {
    return taken ? Result(*lockable_, Taking::owner()) : Result();
  }

  Lockable* lockable_;
};

}  // namespace lockstep::wait
