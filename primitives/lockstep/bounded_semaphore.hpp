// lockstep/bounded_semaphore.hpp: a semaphore that never holds more permits than it started with.
//
// Checked by: tests/unit/bounded_semaphore_test.cpp, tests/scenarios/semaphore.hpp
#pragma once

#include <cstddef>
#include <stop_token>
#include <utility>

#include "lockstep/semaphore.hpp"

namespace lockstep {

/// A Semaphore whose release refuses to go above the initial value, with the semantics of Python's
/// threading.BoundedSemaphore: a release without an acquire is found out. 24 bytes. All else as
/// Semaphore.
class BoundedSemaphore : private Semaphore {
  template <class Bounds>
  [[nodiscard]] auto scoped(Bounds bounds) noexcept {
    using Operation = wait::AcquireScoped<wait::Take, BoundedSemaphore>;
    return wait::Await<Operation, Bounds>(Operation(taking(), *this), std::move(bounds));
  }

 public:
  /// Starts with `value` permits, and never holds more. Throws std::invalid_argument if that is
  /// negative or more than max().
  constexpr explicit BoundedSemaphore(std::ptrdiff_t value = 1)
      : Semaphore(value, messages_), bound_(value) {}

  using Semaphore::acquire;
  using Semaphore::async_acquire;
  using Semaphore::async_try_acquire_for;
  using Semaphore::async_try_acquire_until;
  using Semaphore::lock;
  using Semaphore::locked;
  using Semaphore::max;
  using Semaphore::try_acquire;
  using Semaphore::try_acquire_for;
  using Semaphore::try_acquire_until;
  using Semaphore::try_lock;
  using Semaphore::try_lock_for;
  using Semaphore::try_lock_until;
  using Semaphore::value;

  /// Gives back `n` permits and wakes up to `n` of those that wait. Never blocks. All or nothing:
  /// throws std::invalid_argument if n < 1, and OverReleaseError if there would be more than
  /// bound() free ones.
  void release(std::ptrdiff_t n = 1) { give(n, bound_, messages_); }
  /// release(), for the standard's templates.
  void unlock() { release(); }

  /// `co_await` gives a Scoped, which holds a permit and releases it in the end; see
  /// wait::Acquirable.
  [[nodiscard]] auto async_scoped() noexcept { return scoped(wait::Unbounded()); }
  /// The same; one that holds nothing if a stop was requested before.
  [[nodiscard]] auto async_scoped(std::stop_token stop) noexcept {
    return scoped(wait::Bounds(std::move(stop), wait::Always()));
  }

  /// The initial value.
  [[nodiscard]] constexpr std::ptrdiff_t bound() const noexcept { return bound_; }

 private:
  static constexpr Messages messages_{
      .negative = "BoundedSemaphore: the initial value must not be negative",
      .too_large = "BoundedSemaphore: the initial value exceeds max()",
      .less_than_one = "BoundedSemaphore::release: n must be at least 1",
      .too_many = "BoundedSemaphore::release: more permits than it started with",
  };

  std::ptrdiff_t bound_;
};

}  // namespace lockstep
