#include "checker/report/glossary.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "checker/explore/sleepers.hpp"
#include "checker/report/symbol_table.hpp"

namespace lockstep::check {
namespace {

std::string decimal(Value value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value != 0);
  return digits;
}

std::string hexadecimal(Value value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), "0123456789abcdef"[static_cast<int>(value % 16)]);
    value /= 16;
  } while (value != 0);
  return "0x" + digits;
}

/// "{thread 1, thread 2}"
std::string sleepers_text(Value queue) {
  std::string text;
  while (queue != 0) {
    text += (text.empty() ? "" : ", ") + thread_text(sleepers::take(queue).thread);
  }
  return '{' + text + '}';
}

/// "0x7f01" of "0x7f01 (heap of thread 1)". Other parentheses are those of a type: "run(void (*)())::calls".
std::string without_parentheses(const std::string& name) {
  return name.ends_with(')') ? name.substr(0, name.rfind(" (")) : name;
}

/// "Queue::push" of "Queue<int>::push(int const&)"; nothing of a lambda, or of what is no function.
std::string short_name(std::string function) {
  function = without_nameless(std::move(function));
  std::string name;
  int depth = 0;
  if (function.find("lambda") != std::string::npos || function.starts_with("operator")) return {};
  for (const char c : function) {
    if (c == '<') ++depth;
    if (c == '(' && depth == 0 && !name.empty()) break;
    if (depth == 0) name += c;
    if (c == '>') --depth;
  }
  const std::size_t blank = name.rfind(' ');  // before it: what a template returns
  name = blank == std::string::npos ? name : name.substr(blank + 1);
  return name.find("operator") == std::string::npos ? name : std::string();
}

bool is_write_half(const Event& event) { return event.kind == Kind::write && event.is_rmw; }

}  // namespace

std::string_view name_of(Order order) noexcept {
  constexpr std::array<std::string_view, 6> names{"relaxed", "acquire", "release",
                                                  "acq_rel", "seq_cst", "system"};
  return names[static_cast<std::size_t>(order)];
}

std::string value_text(Value value, std::size_t size) {
  constexpr Value short_decimal = 1'000'000, small = 100, widest_decimal = 0xffff'ffff;
  if (size > 0 && size <= sizeof(Value)) {
    const Value largest = static_cast<Value>(~Value{0}) >> (8 * (sizeof(Value) - size));
    if (value <= largest && largest - value < small) {
      const std::string unsigned_text =
          value <= widest_decimal ? decimal(value) : hexadecimal(value);
      return unsigned_text + " (-" + decimal(largest - value + 1) + ")";
    }
  }
  return value < short_decimal ? decimal(value) : hexadecimal(value);
}

std::string on_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string shortened(const std::string& text, std::size_t most) {
  constexpr std::string_view dots = "...";
  if (text.size() <= most) return text;
  const auto is_inside = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  std::size_t end = most - dots.size();
  while (end > 0 && is_inside(text[end])) --end;
  return text.substr(0, end) + std::string(dots);
}

std::string thread_text(std::size_t thread) { return "thread " + std::to_string(thread); }

EventId creation_of(const Graph& graph, std::size_t thread) noexcept {
  return graph.size() == 0 || thread >= max_threads ? EventId{} : graph.creator(thread);
}

Glossary::Glossary(const Finding& finding, const Symbols& symbols)
    : finding_(finding), symbols_(symbols), spots_(symbols) {
  for (std::size_t t = 0; t < graph().threads(); ++t) {
    numbers_.emplace_back(graph().thread(t).size());
    steps_.emplace_back(graph().thread(t).size());
  }
  for (const EventId event : finding.order.empty() ? graph().added() : finding.order) {
    if (!is_write_half(graph()[event])) events_.push_back(event);
    numbers_[event.thread][event.index] = events_.size();
  }
  for (const Step& step : finding.steps) steps_[step.event.thread][step.event.index] = &step;
  name_threads();
}

/// A function is what a thread runs if all that it did was within it.
void Glossary::name_threads() {
  std::array<std::set<std::string>, max_threads> functions;
  for (const Step& step : finding_.steps) {
    const Kind kind = graph()[step.event].kind;
    if (kind == Kind::end || step.event.thread == 0) continue;
    functions[step.event.thread].insert(short_name(spots_.outermost_named(step.where)));
  }
  for (std::size_t t = 0; t < max_threads; ++t) {
    const auto given = finding_.threads.find(t);
    std::string name = t == 0 ? "main" : "";
    if (functions[t].size() == 1) name = *functions[t].begin();
    if (given != finding_.threads.end()) name = given->second;
    threads_.push_back(thread_text(t) + (name.empty() ? "" : " (" + name + ")"));
  }
}

std::size_t Glossary::number(EventId event) const noexcept {
  return event.is_initial() ? 0 : numbers_[event.thread][event.index];
}

std::size_t Glossary::done(std::size_t thread) const noexcept {
  if (thread >= numbers_.size()) return 0;
  const auto& numbers = numbers_[thread];
  return static_cast<std::size_t>(std::find(numbers.begin(), numbers.end(), 0u) - numbers.begin());
}

std::string Glossary::id(EventId event) const {
  return event.is_initial() ? "initial" : "#" + std::to_string(number(event));
}

const Step* Glossary::step(EventId event) const noexcept {
  const Step* step = steps_[event.thread][event.index];
  const bool take_first_half = step == nullptr && is_write_half(graph()[event]);
  return take_first_half ? steps_[event.thread][event.index - 1u] : step;
}

std::string Glossary::operation(EventId id) const {
  const Event& event = graph()[id];
  const Step* const known = step(id);
  if (known != nullptr && !known->operation.empty()) return known->operation;
  switch (event.kind) {
    case Kind::read:
    case Kind::write:
      if (event.is_compare || (is_write_half(event) && graph()[Graph::read_half(id)].is_compare)) {
        return "compare-exchange";
      }
      if (event.is_rmw || event.is_update) return "read-modify-write";
      return event.kind == Kind::read ? "load" : "store";
    case Kind::fence:
      return "fence";
    case Kind::create:
      return "create " + thread_text(event.peer);
    case Kind::end:
      return "end";
    case Kind::join:
      return "join " + thread_text(event.peer);
    case Kind::wake:
      return "wakes up";
    case Kind::choice:
      return "choose";
  }
  return "?";
}

std::string Glossary::mention(EventId event) const {
  std::string text = id(event) + " " + operation(event);
  const Kind kind = graph()[event].kind;
  if (kind == Kind::read || kind == Kind::write) text += " " + name(graph()[event].location);
  const std::string at = place(event);
  return at.empty() ? text : text + " (" + at + ")";
}

std::string Glossary::value(const Event& event) const { return value(event.location, event.value); }

std::string Glossary::value(Location location, Value value) const {
  const auto place = finding_.places.find(location);
  if (place != finding_.places.end() && place->second.is_queue) return sleepers_text(value);
  return value_text(value, place == finding_.places.end() ? 0 : place->second.size);
}

std::string Glossary::value_of(Location location, EventId write) const {
  return value(location, graph().value_of(location, write));
}

/// Of a read, or both halves of a read-modify-write: "x = 1", "x 0 -> 1", "x = 2, wanted 1: fails".
std::string Glossary::change(EventId read) const {
  const Event& event = graph()[read];
  const std::string seen = value(event);
  if (event.is_rmw && read.index + 1u < graph().thread(read.thread).size()) {
    return name(event.location) + " " + seen + " -> " +
           value(graph().thread(read.thread)[read.index + 1u]);
  }
  std::string text = name(event.location) + " = " + seen;
  if (event.parked) return text + ": waits for another value";
  if (!event.is_compare || event.is_rmw) return text;
  Event wanted = event;
  wanted.value = event.expected;
  if (event.is_unless) return text;
  text += ", wanted " + value(wanted);
  return text + (event.spurious ? ": fails for no reason" : ": fails");
}

std::string Glossary::description(EventId id) const {
  const Event& event = graph()[id];
  std::string text = operation(id);
  const bool is_of_system = event.order == Order::system;
  const std::string order = is_of_system ? "" : " (" + std::string(name_of(event.order)) + ")";
  switch (event.kind) {
    case Kind::read:
      text += " " + change(id) + order + " sees " + this->id(event.rf);
      break;
    case Kind::write:
      text += " " + name(event.location) + " = " + value(event) + order;
      break;
    case Kind::fence:
      text += order;
      break;
    case Kind::wake:
      text += " by " + this->id(event.rf);
      break;
    case Kind::choice:
      if (text == "choose")
        text += " " + value_text(event.value, 0) + " of " + std::to_string(event.choices);
      break;
    default:
      break;
  }
  const Step* const known = step(id);
  return known == nullptr || known->note.empty() ? text : text + " [" + known->note + "]";
}

Backtrace Glossary::where(EventId event) const {
  const Step* const known = step(event);
  return known == nullptr ? Backtrace{} : known->where;
}

std::string Glossary::place(EventId event) const {
  const Backtrace calls = where(event);
  return calls.empty() || graph()[event].kind == Kind::end ? "" : spots_.place(calls);
}

std::string Glossary::name_at(std::uintptr_t address) const {
  const auto global = symbols_.data.find(address);
  if (global != symbols_.data.end()) return global->second;
  return hexadecimal(address);
}

std::string Glossary::full_name(Location location) const {
  const auto place = finding_.places.find(location);
  if (place == finding_.places.end()) return "location " + std::to_string(location);
  const bool is_known = symbols_.data.contains(place->second.address);
  return place->second.name.empty() || is_known ? name_at(place->second.address)
                                                : place->second.name;
}

std::string Glossary::name(Location location) const {
  return without_parentheses(full_name(location));
}

std::string Glossary::name(const Waiting& waiting) const {
  const bool is_known = waiting.name.empty() || symbols_.data.contains(waiting.object);
  return is_known ? name_at(waiting.object) : without_parentheses(waiting.name);
}

std::string Glossary::name(const PlainAccess& access) const {
  const auto known = symbols_.data.find(access.address);
  if (known != symbols_.data.end()) return known->second;
  if (!access.name.empty()) return without_parentheses(access.name);
  for (const auto& [location, place] : finding_.places) {
    if (place.address == access.address) return name(location);
  }
  return name_at(access.address);
}

}  // namespace lockstep::check
