#include "checker/explore/token.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <utility>

#include "checker/graph/packing.hpp"

namespace lockstep::check {
namespace {

constexpr std::uint8_t version = 1;

// A step's first number, which takes one byte
constexpr unsigned kind_bits = 7;
constexpr unsigned other_thread = 8;  // than the step before: its number follows
constexpr unsigned has_number = 16;   // which is not 0, and follows
constexpr unsigned fails_bit = 32;
constexpr unsigned waits_bit = 64;

// The steps of a graph

/// Goes through a graph in an order in which it can take place: the first added goes first; or, in few turns, a thread
/// goes on as long as it can, and then the one that then can longest.
class Course {
 public:
  explicit Course(const Graph& graph) : graph_(graph) {}

  [[nodiscard]] std::vector<TokenStep> steps() {
    return steps([this] { return next(); });
  }
  [[nodiscard]] std::vector<TokenStep> steps_in_few_turns(std::size_t first) {
    const std::size_t count = graph_.thread(first).size();
    if (count > 0) {
      wanted_ = graph_.thread(first)[count - 1].porf;
    } else {
      is_all_wanted_ = true;
    }
    return steps([this] { return next_in_few_turns(); });
  }

 private:
  template <class Next>
  [[nodiscard]] std::vector<TokenStep> steps(Next next) {
    std::vector<TokenStep> steps;
    while (const auto event = next()) {
      running_ = event->thread;
      steps.push_back(step(*event));
      ++done_[event->thread];
      if (writes_next(*event)) ++done_[event->thread];
    }
    return steps;
  }

  [[nodiscard]] std::optional<EventId> next_in_few_turns() {
    std::optional<EventId> best = next_of(running_);
    std::size_t longest = 0;
    for (std::size_t t = 0; t < graph_.threads() && !best.has_value(); ++t) {
      longest = std::max(longest, turn_of(t));
    }
    for (std::size_t t = 0; t < graph_.threads() && !best.has_value(); ++t) {
      if (longest > 0 && turn_of(t) == longest) best = next_of(t);
    }
    if (best || is_all_wanted_) return best;
    is_all_wanted_ = true;
    return next_in_few_turns();
  }

  /// If the thread can go on.
  [[nodiscard]] std::optional<EventId> next_of(std::size_t t) const {
    const EventId id{static_cast<std::uint16_t>(t), static_cast<std::uint16_t>(done_[t])};
    const bool is_there = id.index < graph_.thread(t).size();
    if (!is_there || !(is_all_wanted_ || wanted_.contains(id)) || !is_possible(id)) return {};
    return id;
  }

  /// For how many events the thread can go on.
  [[nodiscard]] std::size_t turn_of(std::size_t t) {
    const std::size_t before = done_[t];
    while (next_of(t)) ++done_[t];
    return std::exchange(done_[t], before) - before;
  }

  [[nodiscard]] bool is_done(EventId event) const {
    return event.is_initial() || event.index < done_[event.thread];
  }

  [[nodiscard]] std::optional<EventId> next() const {
    std::optional<EventId> first;
    for (std::size_t t = 0; t < graph_.threads(); ++t) {
      const EventId id{static_cast<std::uint16_t>(t), static_cast<std::uint16_t>(done_[t])};
      if (id.index >= graph_.thread(t).size() || !is_possible(id)) continue;
      if (!first || graph_[id].nth < graph_[*first].nth) first = id;
    }
    return first;
  }

  [[nodiscard]] bool is_possible(EventId id) const {
    const Event& event = graph_[id];
    if (id.index == 0 && !is_done(graph_.creator(id.thread))) return false;
    if (event.kind == Kind::read || event.kind == Kind::wake) return is_done(event.rf);
    return event.kind != Kind::join || done_[event.peer] == graph_.thread(event.peer).size();
  }

  /// Is the next event of the thread the write half of this one?
  [[nodiscard]] bool writes_next(EventId id) const {
    return graph_[id].kind == Kind::read && graph_[id].is_rmw &&
           id.index + 1u < graph_.thread(id.thread).size();
  }

  [[nodiscard]] TokenStep step(EventId id) const {
    const Event& event = graph_[id];
    TokenStep step{event.kind, id.thread, 0, event.spurious, event.parked};
    if (event.kind == Kind::read) step.number = later(event, event.rf);
    if (event.kind == Kind::write) step.number = later(event, id);
    if (event.kind == Kind::create || event.kind == Kind::join) step.number = event.peer;
    if (event.kind == Kind::choice) step.number = static_cast<std::uint64_t>(event.value);
    return step;
  }

  [[nodiscard]] std::uint64_t later(const Event& event, EventId write) const {
    const auto& co = graph_.co(event.location);
    const auto begin = co.begin() + static_cast<std::ptrdiff_t>(graph_.place(write));
    return static_cast<std::uint64_t>(
        std::count_if(begin, co.end(), [&](EventId other) { return is_done(other); }));
  }

  const Graph& graph_;
  std::array<std::size_t, max_threads> done_{};
  std::size_t running_ = 0;
  View wanted_;  // before anything else, if not all is
  bool is_all_wanted_ = false;
};

// Bytes

void put(Packer& to, const TokenStep& step, std::size_t running) {
  unsigned first = static_cast<unsigned>(step.kind);
  if (step.thread != running) first |= other_thread;
  if (step.number != 0) first |= has_number;
  if (step.fails) first |= fails_bit;
  if (step.waits) first |= waits_bit;
  to.number(first);
  if (step.thread != running) to.number(step.thread);
  if (step.number != 0) to.number(step.number);
}

TokenStep take_step(Unpacker& from, std::size_t running) {
  const auto first = static_cast<unsigned>(from.number());
  if ((first & kind_bits) > static_cast<unsigned>(Kind::wake)) {
    throw std::invalid_argument("the token has an unknown kind of step");
  }
  TokenStep step;
  step.kind = static_cast<Kind>(first & kind_bits);
  step.thread = (first & other_thread) != 0 ? from.number() : running;
  step.number = (first & has_number) != 0 ? from.number() : 0;
  step.fails = (first & fails_bit) != 0;
  step.waits = (first & waits_bit) != 0;
  if (step.thread >= max_threads) throw std::invalid_argument("the token has too many threads");
  return step;
}

/// FNV-1a.
std::uint32_t checksum(std::string_view model, std::string_view bytes) {
  std::uint32_t sum = 2166136261;
  for (const std::string_view part : {model, bytes}) {
    for (const char c : part) sum = (sum ^ static_cast<std::uint8_t>(c)) * 16777619;
  }
  return sum;
}

// Text

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string text_of(std::string_view bytes) {
  std::string text;
  unsigned bits = 0, held = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<std::uint8_t>(byte);
    for (held += 8; held >= 6; held -= 6) text += digits[bits >> (held - 6) & 63];
  }
  if (held > 0) text += digits[bits << (6 - held) & 63];
  return text;
}

std::string bytes_of(std::string_view text) {
  std::string bytes;
  unsigned bits = 0, held = 0;
  for (const char c : text) {
    const std::size_t digit = digits.find(c);
    if (digit == std::string_view::npos) {
      throw std::invalid_argument(std::string("the token has a character that is in none: ") + c);
    }
    bits = bits << 6 | static_cast<unsigned>(digit);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held);
  }
  return bytes;
}

}  // namespace

std::vector<TokenStep> steps_of(const Graph& graph) { return Course(graph).steps(); }

std::vector<TokenStep> steps_in_few_turns(const Graph& graph, std::size_t first) {
  return Course(graph).steps_in_few_turns(first);
}

std::string encode(const Token& token) {
  Packer to;
  to.number(version);
  std::size_t running = 0;
  for (const TokenStep& step : token.steps) {
    put(to, step, running);
    running = step.thread;
  }
  std::string bytes = std::move(to).done();
  const std::uint32_t sum = checksum(token.model, bytes);
  for (unsigned shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(sum >> shift);
  return token.model + '.' + text_of(bytes);
}

std::string encode(const Graph& graph, const char* model) {
  return encode({model, steps_of(graph)});
}

Token decode(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) {
    throw std::invalid_argument("the token does not begin with a model and a dot");
  }
  Token token{std::string(text.substr(0, dot)), {}};
  std::string bytes = bytes_of(text.substr(dot + 1));
  if (bytes.size() < 5) throw std::invalid_argument("the token is too short");
  std::uint32_t sum = 0;
  for (int i = 0; i < 4; ++i) {
    sum = sum << 8 | static_cast<std::uint8_t>(bytes.back());
    bytes.pop_back();
  }
  if (sum != checksum(token.model, bytes)) {
    throw std::invalid_argument("the token is mistyped or cut short: its checksum is wrong");
  }
  Unpacker from(bytes);
  if (from.number() != version) {
    throw std::invalid_argument("the token is of another version of the checker");
  }
  for (std::size_t running = 0; !from.at_end(); running = token.steps.back().thread) {
    token.steps.push_back(take_step(from, running));
  }
  return token;
}

}  // namespace lockstep::check
