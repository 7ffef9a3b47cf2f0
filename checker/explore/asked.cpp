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

}  // namespace

void refuse_other(EventId id, const Label& recorded, const Label& asked) {
  throw Divergence("event " + std::to_string(id.index) + " of thread " + std::to_string(id.thread) +
                   " was " + text_of(recorded) + " in an earlier run, and is now " +
                   text_of(asked) + ", though the thread has read the same since it began");
}

void refuse_unlike(EventId id, const Label& asked, EventId elder, const Label& asked_by_elder) {
  if (is_same(asked_by_elder, asked)) return;
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
