#include "checker/explore/asked.hpp"

#include <string>

namespace lockstep::check {
namespace {

std::string text_of(Order order) {
  switch (order) {
    case Order::relaxed:
      return "relaxed";
    case Order::acquire:
      return "acquire";
    case Order::release:
      return "release";
    case Order::acq_rel:
      return "acq_rel";
    case Order::seq_cst:
      return "seq_cst";
    case Order::system:
      return "by the system";
  }
  return "?";
}

std::string text_of(Value value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  return digits;
}

std::string operation_of(const Label& event) {
  switch (event.kind) {
    case Kind::read:
      if (!event.is_update) return "a load";
      return event.is_compare ? "a compare-exchange" : "a read-modify-write";
    case Kind::write:
      return (event.is_rmw ? "the write half, writing " : "a store of ") + text_of(event.value) +
             ",";
    case Kind::fence:
      return "a fence";
    case Kind::create:
      return "the creation of a thread";
    case Kind::end:
      return "the end of the thread";
    case Kind::join:
      return "a join of thread " + std::to_string(event.peer);
    case Kind::wake:
      return "the end of a sleep at location " + std::to_string(event.location);
    case Kind::choice:
      return "a choice of " + std::to_string(event.choices);
  }
  return "?";
}

std::string text_of(const Label& event) {
  std::string text = operation_of(event);
  if (is_access(event)) text += " at location " + std::to_string(event.location);
  if (is_access(event) || event.kind == Kind::fence) {
    text += " (" + text_of(event.is_update ? event.success : event.order);
    if (event.is_compare) {
      text += ", on failure " + text_of(event.failure) + ", expecting " + text_of(event.expected);
    }
    text += ")";
  }
  return text;
}

bool same_update(const Label& a, const Label& b) {
  return a.is_compare == b.is_compare && a.is_unless == b.is_unless && a.role == b.role &&
         a.moves_behind == b.moves_behind && a.may_fail == b.may_fail && a.success == b.success &&
         a.failure == b.failure && a.expected == b.expected;
}

/// Asked of every event of every run: inline, though there are two callers.
[[gnu::always_inline]] inline bool same(const Label& a, const Label& b) {
  if (a.kind != b.kind || a.location != b.location || a.choices != b.choices) return false;
  if (a.kind == Kind::join && a.peer != b.peer) return false;
  if (a.kind != Kind::read) {
    return a.order == b.order && a.is_rmw == b.is_rmw &&
           (a.kind != Kind::write || a.value == b.value);
  }
  if (a.is_update != b.is_update) return false;
  return a.is_update ? same_update(a, b) : a.order == b.order;
}

}  // namespace

Label asked_load(Location location, Order order) {
  Label event;
  event.kind = Kind::read;
  event.order = order;
  event.location = location;
  return event;
}

Label asked_store(Location location, Order order, Value value) {
  Label event;
  event.kind = Kind::write;
  event.order = order;
  event.location = location;
  event.value = value;
  return event;
}

Label asked_update(Location location, const Update& update) {
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

Label asked_write(Location location, const Update& update, Value seen) {
  Label event = asked_store(location, update.order, update.written(seen));
  event.is_rmw = true;
  return event;
}

Label asked_fence(Order order) {
  Label event;
  event.kind = Kind::fence;
  event.order = order;
  return event;
}

Label asked_choice(std::size_t n) {
  Label event;
  event.kind = Kind::choice;
  event.choices = static_cast<std::uint32_t>(n);
  return event;
}

Label asked_wake(EventId by, Location location, Order order) {
  Label event;
  event.kind = Kind::wake;
  event.order = order;
  event.location = location;
  event.rf = by;
  return event;
}

Label asked(Kind kind, std::size_t peer, std::size_t like) {
  Label event;
  event.kind = kind;
  event.peer = static_cast<std::uint16_t>(peer);
  event.like = static_cast<std::uint16_t>(like);
  return event;
}

void refuse_divergence(EventId id, const Label& recorded, const Label& asked) {
  if (same(recorded, asked)) return;
  throw Divergence("event " + std::to_string(id.index) + " of thread " + std::to_string(id.thread) +
                   " was " + text_of(recorded) + " in an earlier run, and is now " +
                   text_of(asked) + ", though the thread has read the same since it began");
}

void refuse_unlike(EventId id, const Label& asked, EventId elder, const Label& asked_by_elder) {
  if (same(asked_by_elder, asked)) return;
  throw Divergence(
      "threads " + std::to_string(elder.thread) + " and " + std::to_string(id.thread) +
      " are not identical, as in_identical_threads was told: having seen the same, the one does " +
      text_of(asked_by_elder) + " as its event " + std::to_string(id.index) + ", the other " +
      text_of(asked));
}

void refuse_event(std::size_t thread, const Label& asked, const char* where) {
  throw Divergence("thread " + std::to_string(thread) + " does " + text_of(asked) + ' ' + where);
}

}  // namespace lockstep::check
