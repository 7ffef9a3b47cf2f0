// lockstep/error.hpp: what is thrown when a caller breaks a primitive's contract.
//
// Outcomes (timed out, stop requested) are never exceptions: they are return values, but for
// CancelledError, which ends a task by way of its clean-up code. A call that throws one of the
// others has changed nothing. Bad arguments are std::invalid_argument, as everywhere
// in the standard library.
#pragma once

#include <exception>
#include <stdexcept>

namespace lockstep {

/// Base of everything that Lockstep itself throws.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A release, wait or notify by one who does not hold the lock.
struct NotAcquiredError : Error {
  using Error::Error;
};

/// A release that would raise a semaphore above what it can hold, or above its bound.
struct OverReleaseError : Error {
  using Error::Error;
};

/// The barrier was aborted, reset or timed out while (or before) the caller waited.
struct BrokenBarrierError : Error {
  using Error::Error;
};

/// A task or a future is not in the state that the call needs: it is not done, or is done already.
struct InvalidStateError : Error {
  using Error::Error;
};

/// What with_timeout waited for took too long.
struct TimeoutError : Error {
  using Error::Error;
};

/// Thrown by a wait in a coroutine whose task is to end (Python's asyncio.CancelledError). Not an
/// Error: a handler of those is not to stop it by accident.
struct CancelledError : std::exception {
  /// Always the same text.
  [[nodiscard]] const char* what() const noexcept override {
    return "lockstep: the task was cancelled";
  }
};

}  // namespace lockstep
