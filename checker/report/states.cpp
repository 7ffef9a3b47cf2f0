#include "checker/report/states.hpp"

#include "checker/explore/sleepers.hpp"

namespace lockstep::check {
namespace {

constexpr std::string_view value = "value", mutex = "mutex", shared_mutex = "read-write lock",
                           futex = "futex", condition = "condition variable", barrier = "barrier";
constexpr Value written = 0xffff'ffff;  // a read-write lock that a thread writes under

std::string_view kind_of(std::string_view operation, bool is_queue) {
  if (is_queue) {
    if (operation.starts_with("futex")) return futex;
    if (operation == "comes to the barrier") return barrier;
    const bool is_of_condition =
        operation == "waits on" || operation == "signals" || operation == "broadcasts";
    return is_of_condition ? condition : std::string_view{};
  }
  if (operation.ends_with(" shared")) return shared_mutex;
  const bool is_lock =
      operation == "locks" || operation == "unlocks" || operation == "tries to lock";
  return is_lock ? mutex : std::string_view{};
}

}  // namespace

States::States(const Glossary& words) : words_(words) {
  for (const Step& step : words.finding().steps) {
    const Event& event = words.graph()[step.event];
    if (!is_access(event)) continue;
    const std::string_view kind = kind_of(step.operation, is_queue(event.location));
    if (kind.empty() || kinds_[event.location] == shared_mutex) continue;
    const bool is_written = kind == mutex && event.value == written;
    kinds_[event.location] = is_written ? shared_mutex : kind;
  }
  for (const auto& [location, place] : words.finding().places) {
    for (const EventId write : words.graph().co(location)) {
      if (kind(location) == mutex && words.graph()[write].value == written) {
        kinds_[location] = shared_mutex;
      }
    }
  }
}

std::string_view States::kind(Location location) const {
  const auto known = kinds_.find(location);
  if (known != kinds_.end() && !known->second.empty()) return known->second;
  return is_queue(location) ? "queue" : value;
}

bool States::is_queue(Location location) const {
  const auto& places = words_.finding().places;
  const auto place = places.find(location);
  return place != places.end() && place->second.is_queue;
}

std::string States::text(Location location, EventId write) const {
  const Value held = words_.graph().value_of(location, write);
  if (is_queue(location)) {
    std::string text;
    for (const std::size_t thread : queue(location, write)) {
      text += (text.empty() ? "" : ", ") + thread_text(thread);
    }
    return text.empty() ? "nobody" : text;
  }
  const std::string_view kind = this->kind(location);
  if (kind == mutex && held <= max_threads) {
    return held == 0 ? "free" : thread_text(static_cast<std::size_t>(held) - 1) + " has it";
  }
  if (kind == shared_mutex) {
    if (held == 0) return "free";
    if (held == written) return thread_text(write.thread) + " writes";
    return value_text(held, 0) + (held == 1 ? " reader" : " readers");
  }
  const auto place = words_.finding().places.find(location);
  return value_text(held, place == words_.finding().places.end() ? 0 : place->second.size);
}

std::vector<std::size_t> States::queue(Location location, EventId write) const {
  std::vector<std::size_t> threads;
  Value queue = words_.graph().value_of(location, write);
  while (queue != 0) threads.push_back(sleepers::take(queue).thread);
  return threads;
}

}  // namespace lockstep::check
