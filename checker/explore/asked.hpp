// checker/explore/asked.hpp: the event that a thread asks for, before it is known what it comes to;
// and whether it is the one that the thread asked for in an earlier run.
#pragma once

#include <cstddef>

#include "checker/explore/strategy.hpp"

namespace lockstep::check {

[[nodiscard]] Label asked_load(Location location, Order order);
[[nodiscard]] Label asked_store(Location location, Order order, Value value);
[[nodiscard]] Label asked_update(Location location, const Update& update);
/// The write half of a read-modify-write that saw `seen`.
[[nodiscard]] Label asked_write(Location location, const Update& update, Value seen);
[[nodiscard]] Label asked_fence(Order order);
[[nodiscard]] Label asked_choice(std::size_t n);
[[nodiscard]] Label asked_wake(EventId by, Location location, Order order);
/// Of kind create, end or join. `like`: of a thread that is created (Strategy::create).
[[nodiscard]] Label asked(Kind kind, std::size_t peer = 0, std::size_t like = 0);

/// Throws Divergence, which says what was there and what came, if the program does not ask again
/// for what was recorded as this event.
void refuse_divergence(EventId id, const Label& recorded, const Label& asked);

/// Throws Divergence, which says what each asked for, if that is not the same of two identical threads.
void refuse_unlike(EventId id, const Label& asked, EventId elder, const Label& asked_by_elder);

/// Throws Divergence: the program asks for an event where there was none.
[[noreturn]] void refuse_event(std::size_t thread, const Label& asked, const char* where);

/// What a read came to.
[[nodiscard]] inline Seen seen_by(const Label& read) {
  return {read.value, read.is_rmw || read.parked, read.rf.is_initial()};
}

}  // namespace lockstep::check
