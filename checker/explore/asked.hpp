// checker/explore/asked.hpp: the event that a thread asks for, before it is known what it comes to;
// and whether it is the one that the thread asked for in an earlier run.
#pragma once

#include <cstddef>

#include "checker/explore/strategy.hpp"

namespace lockstep::check {

[[nodiscard]] inline Label asked_load(Location location, Order order) {
  Label event;
  event.kind = Kind::read;
  event.order = order;
  event.location = location;
  return event;
}

[[nodiscard]] inline Label asked_store(Location location, Order order, Value value) {
  Label event;
  event.kind = Kind::write;
  event.order = order;
  event.location = location;
  event.value = value;
  return event;
}

[[nodiscard]] inline Label asked_update(Location location, const Update& update) {
  Label event = asked_load(location, update.order);
  event.is_rmw = true;
  event.is_update = true;
  event.is_compare = update.condition() != When::always;
  event.is_unless = update.condition() == When::unless_equal;
  event.role = update.role;
  event.moves_behind = update.moves_behind;
  event.may_fail = event.is_compare && update.may_fail;
  event.success = update.order;
  if (event.is_compare) {
    event.failure = update.failure;
    event.expected = update.expected;
  }
  return event;
}

/// The write half of a read-modify-write that saw `seen`.
[[nodiscard]] inline Label asked_write(Location location, const Update& update, Value seen) {
  Label event = asked_store(location, update.order, update.written(seen));
  event.is_rmw = true;
  return event;
}

[[nodiscard]] inline Label asked_fence(Order order) {
  Label event;
  event.kind = Kind::fence;
  event.order = order;
  return event;
}

[[nodiscard]] inline Label asked_choice(std::size_t n) {
  Label event;
  event.kind = Kind::choice;
  event.choices = static_cast<std::uint32_t>(n);
  return event;
}

[[nodiscard]] inline Label asked_wake(EventId by, Location location, Order order) {
  Label event;
  event.kind = Kind::wake;
  event.order = order;
  event.location = location;
  event.rf = by;
  return event;
}

/// Of kind create, end or join. `like`: of a thread that is created (Strategy::create).
[[nodiscard]] inline Label asked(Kind kind, std::size_t peer = 0, std::size_t like = 0) {
  Label event;
  event.kind = kind;
  event.peer = static_cast<std::uint16_t>(peer);
  event.like = static_cast<std::uint16_t>(like);
  return event;
}

[[nodiscard]] inline bool is_same_update(const Label& a, const Label& b) {
  return a.is_compare == b.is_compare && a.is_unless == b.is_unless && a.role == b.role &&
         a.moves_behind == b.moves_behind && a.may_fail == b.may_fail && a.success == b.success &&
         a.failure == b.failure && a.expected == b.expected;
}

/// Does a thread ask for the same as before?
[[nodiscard]] inline bool is_same(const Label& a, const Label& b) {
  if (a.kind != b.kind || a.location != b.location || a.choices != b.choices) return false;
  if (a.kind == Kind::join && a.peer != b.peer) return false;
  if (a.kind != Kind::read) {
    return a.order == b.order && a.is_rmw == b.is_rmw &&
           (a.kind != Kind::write || a.value == b.value);
  }
  if (a.is_update != b.is_update) return false;
  return a.is_update ? is_same_update(a, b) : a.order == b.order;
}

/// Throws Divergence, which says what was there and what came.
[[noreturn]] void refuse_other(EventId id, const Label& recorded, const Label& asked);

/// The same, if the program does not ask again for what was recorded as this event.
inline void refuse_divergence(EventId id, const Label& recorded, const Label& asked) {
  if (!is_same(recorded, asked)) refuse_other(id, recorded, asked);
}

/// Throws Divergence, which says what each asked for, if that is not the same of two identical threads.
void refuse_unlike(EventId id, const Label& asked, EventId elder, const Label& asked_by_elder);

/// Throws Divergence: the program asks for an event where there was none.
[[noreturn]] void refuse_event(std::size_t thread, const Label& asked, const char* where);

/// What a read came to.
[[nodiscard]] inline Seen seen_by(const Label& read) {
  return {read.value, read.is_rmw || read.parked, read.rf.is_initial()};
}

}  // namespace lockstep::check
