// tests/unit/cancelled.hpp: how a test asks whether a task or a future ended by a CancelledError.
#pragma once

#include "lockstep/async/task.hpp"
#include "lockstep/error.hpp"

namespace lockstep::test {

/// Awaits it. Gives true if that throws CancelledError, false if nothing is thrown.
template <class Awaited>
Task<bool> ends_cancelled(Awaited& awaited) {
  try {
    co_await awaited;
  } catch (const CancelledError&) {
    co_return true;
  }
  co_return false;
}

}  // namespace lockstep::test
