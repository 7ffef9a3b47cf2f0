// checker/system/queue.hpp: going to sleep on an address, waking those who sleep there, and ending a sleep.
#pragma once

#include "checker/system/time.hpp"

namespace lockstep::check::system {

/// What the system's callers do to a queue; the rest of the update is up to them.
[[nodiscard]] inline Update queue_update(Operation operation, Value operand) noexcept {
  Update update;
  update.operation = operation;
  update.order = update.failure = Order::system;
  update.size = sizeof(Value);
  update.operand = operand;
  return update;
}

/// Takes `n` sleepers off, and says how many there were. If nobody sleeps, nothing changes.
[[nodiscard]] std::size_t wake_sleepers(const Call& call, const Object& queue, std::uint64_t n,
                                        std::uint32_t mask, const char* what);

/// After the thread came into the queue: sleeps until it is taken off, or leaves it by itself.
[[nodiscard]] Execution::End end_sleep(const Call& call, const Object& queue,
                                       const Deadline& deadline, unsigned kinds_of_spurious,
                                       const Awaits& awaits);

/// Refuses to go on if there was no room in a queue that the thread meant to enter.
void check_room(const Call& call, const Seen& seen, const Update& update);

}  // namespace lockstep::check::system
