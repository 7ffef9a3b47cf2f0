#include "checker/report/why.hpp"

#include <algorithm>

#include "checker/report/race.hpp"

namespace lockstep::check {
namespace {

constexpr std::size_t most_sights = 3;

class Reasons {
 public:
  explicit Reasons(const Glossary& words) : words_(words) {}

  [[nodiscard]] std::vector<Why> all() {
    race();
    circle();
    sleepers();
    old_values();
    return std::move(found_);
  }

 private:
  [[nodiscard]] const Finding& finding() const { return words_.finding(); }

  void add(const std::string& heading, std::vector<std::string> lines) {
    if (!lines.empty()) found_.push_back({heading, std::move(lines)});
  }

  /// For two accesses of different threads that should have been ordered.
  void race() {
    const auto& accesses = finding().accesses;
    if (accesses.size() < 2) return;
    const PlainAccess &first = accesses[accesses.size() - 2], &second = accesses.back();
    if (are_ordered(words_.graph(), first, second)) return;
    add("Why nothing orders them:", why_unordered(words_, first, second));
  }

  [[nodiscard]] const Waiting* waiting(std::size_t thread) const {
    const auto& all = finding().waiting;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [=](const Waiting& each) { return each.thread == thread; });
    return found == all.end() ? nullptr : &*found;
  }

  /// Whom a thread waits for; max_threads: nobody in particular.
  [[nodiscard]] static std::size_t awaited(const Waiting& waiting) {
    return waiting.holder < max_threads ? waiting.holder : waiting.joined;
  }

  /// Threads each of which waits for the next, and the last for the first.
  [[nodiscard]] std::vector<const Waiting*> threads_in_circle() const {
    for (const Waiting& first : finding().waiting) {
      std::vector<const Waiting*> way;
      for (const Waiting* next = &first; next != nullptr; next = waiting(awaited(*next))) {
        const auto seen = std::find(way.begin(), way.end(), next);
        if (seen != way.end()) return {seen, way.end()};
        way.push_back(next);
      }
    }
    return {};
  }

  [[nodiscard]] std::string link(const Waiting& waiting) const {
    const std::string thread = words_.thread(waiting.thread);
    if (waiting.holder >= max_threads) {
      return thread + " waits for the end of " + words_.thread(waiting.joined);
    }
    return thread + " wants " + words_.name(waiting) + ", which " + words_.thread(waiting.holder) +
           " has since " + words_.id(waiting.held_since);
  }

  void circle() {
    const auto threads = threads_in_circle();
    std::vector<std::string> lines;
    for (const Waiting* const each : threads) {
      lines.push_back(link(*each) + (each == threads.back() ? "." : ";"));
    }
    add(threads.size() == 1 ? "Why it never ends: the thread waits for itself:"
                            : "Why it never ends: each waits for the next, and the last for the "
                              "first:",
        lines);
  }

  /// Those whom nobody in particular keeps waiting.
  void sleepers() {
    std::vector<std::string> lines;
    for (const Waiting& each : finding().waiting) {
      if (each.since.is_initial() || awaited(each) < max_threads) continue;
      std::string text = words_.thread(each.thread) + " sleeps since " + words_.id(each.since) +
                         ", and nobody is left to wake it";
      if (!each.missed.is_initial()) {
        text += ": the wake " + words_.id(each.missed) + " of " +
                words_.thread(each.missed.thread) + " came before it slept";
      }
      lines.push_back(text + ".");
    }
    add("Why it never ends:", lines);
  }

  void old_values() {
    if (finding().accesses.size() >= 2) return;
    std::vector<std::string> lines;
    for (const OldSight& sight : old_sights(words_)) {
      if (lines.size() == most_sights) break;
      const Location location = words_.graph()[sight.read].location;
      lines.push_back(words_.mention(sight.read) + " sees " +
                      words_.value_of(location, words_.graph()[sight.read].rf) + ", though " +
                      words_.mention(sight.newer) + " wrote " +
                      words_.value_of(location, sight.newer) + ": " + words_.id(sight.newer) +
                      " does not happen before " + words_.id(sight.read));
    }
    add("Old values were seen:", lines);
  }

  const Glossary& words_;
  std::vector<Why> found_;
};

}  // namespace

std::vector<Why> why_wrong(const Glossary& words) { return Reasons(words).all(); }

std::vector<OldSight> old_sights(const Glossary& words) {
  std::vector<OldSight> sights;
  const Graph& graph = words.graph();
  for (const EventId read : words.events()) {
    const Event& event = graph[read];
    if (event.kind != Kind::read || event.is_rmw || event.order == Order::system) continue;
    const auto& co = graph.co(event.location);
    for (std::size_t place = co.size(); place > graph.place(event.rf); --place) {
      const EventId newer = co[place - 1];
      const bool is_before = words.number(newer) != 0 && words.number(newer) < words.number(read);
      if (!is_before) continue;
      sights.push_back({read, newer});
      break;
    }
  }
  return sights;
}

}  // namespace lockstep::check
