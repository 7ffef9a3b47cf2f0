// lockstep/semaphore.hpp: a counter of permits; whoever finds none sleeps until one is released.
//
// How permits are waited for, in what order, and why none is lost: wait/permits.hpp. Uncontended,
// acquire and release are one compare-exchange each.
//
// Checked by: tests/unit/semaphore_test.cpp, tests/scenarios/semaphore.hpp
#pragma once

#include <cstddef>
#include <stdexcept>
#include <stop_token>

#include "lockstep/error.hpp"
#include "lockstep/os/spin.hpp"
#include "lockstep/wait/acquirable.hpp"
#include "lockstep/wait/permits.hpp"

namespace lockstep {

/// A counting semaphore, with the semantics of Python's threading.Semaphore. 16 bytes.
///
/// - acquire, try_acquire, try_acquire_for/until, lock, …: see wait::Acquirable; each takes one
///   permit. unlock gives one back.
/// - Any thread may release; nothing ties a release to an acquire.
/// - Fairness: a newcomer may take a permit that is free at that moment. Those that wait are served
///   in the order in which they began to, and nobody starves.
/// - Memory order: all before a `release` happens before all after an `acquire` that took one of
///   its permits, or a later one.
/// - Lifetime: it may be destroyed by whoever acquired the last permit that will be released, even
///   if the thread that released it is still in that call. Nobody may be waiting. It is neither
///   copied nor moved.
class Semaphore : public wait::Acquirable<Semaphore> {
 public:
  /// The most permits it can hold: 2^40 - 1.
  [[nodiscard]] static constexpr std::ptrdiff_t max() noexcept { return wait::Permits::max; }

  /// Starts with `value` permits. Throws std::invalid_argument if that is negative or more than
  /// max().
  constexpr explicit Semaphore(std::ptrdiff_t value = 1) : Semaphore(value, messages_) {}

  /// Takes a permit if there is one. Never blocks.
  [[nodiscard]] bool try_acquire() noexcept { return permits_.try_take(); }

  /// Adds `n` permits and wakes up to `n` of those that wait. Never blocks. Throws, and adds
  /// nothing: std::invalid_argument if n < 1; OverReleaseError if there would be more than max().
  void release(std::ptrdiff_t n = 1) { give(n, max(), messages_); }

  /// Free permits at this moment.
  [[nodiscard]] std::ptrdiff_t value() const noexcept { return permits_.free(); }

  /// Would try_acquire fail at this moment?
  [[nodiscard]] bool locked() const noexcept { return value() == 0; }

 protected:
  /// What is said of wrong arguments.
  struct Messages {
    const char* negative;
    const char* too_large;
    const char* less_than_one;
    const char* too_many;
  };

  /// The same, in a derived class's words.
  constexpr Semaphore(std::ptrdiff_t value, const Messages& messages)
      : permits_(checked(value, messages)) {}

  /// What takes a permit for a coroutine.
  [[nodiscard]] wait::Take taking() noexcept { return wait::Take(permits_); }

  /// Adds `n` permits if there are no more than `limit` then; else throws.
  void give(std::ptrdiff_t n, std::ptrdiff_t limit, const Messages& messages) {
    if (n < 1 || n > limit || !permits_.give(n, limit)) [[unlikely]]
      throw_wrong(n, messages);
  }

 private:
  friend wait::Acquirable<Semaphore>;

  static constexpr Messages messages_{
      .negative = "Semaphore: the initial value must not be negative",
      .too_large = "Semaphore: the initial value exceeds max()",
      .less_than_one = "Semaphore::release: n must be at least 1",
      .too_many = "Semaphore::release: more than max() permits",
  };

  static constexpr std::ptrdiff_t checked(std::ptrdiff_t value, const Messages& messages) {
    if (value < 0) throw std::invalid_argument(messages.negative);
    if (value > max()) throw std::invalid_argument(messages.too_large);
    return value;
  }

  // Apart: where an exception is made, registers are saved, which costs `release` its brevity.
  [[noreturn, gnu::noinline]] static void throw_wrong(std::ptrdiff_t n, const Messages& messages) {
    if (n < 1) throw std::invalid_argument(messages.less_than_one);
    throw OverReleaseError(messages.too_many);
  }

  [[nodiscard]] bool acquire_before(wait::Deadline deadline, const std::stop_token& stop) noexcept {
    return permits_.take<os::Spin>(deadline, stop);
  }

  wait::Permits permits_;
};

}  // namespace lockstep
