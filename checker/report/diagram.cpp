#include "checker/report/diagram.hpp"

#include <algorithm>
#include <optional>

#include "checker/report/race.hpp"
#include "checker/report/synchronization.hpp"

namespace lockstep::check {
namespace {

class Drawing {
 public:
  explicit Drawing(const Glossary& words) : words_(words) {
    diagram_.rows = rows_of(words);
    const bool is_right = finding().wrong == Wrong::nothing;
    if (is_right && finding().waiting.empty() && finding().accesses.empty()) {
      diagram_.rows.pop_back();  // which says no more than that
    }
    diagram_.row_of_number.resize(words.events().size());
    for (std::size_t i = 0; i < diagram_.rows.size(); ++i) {
      const EventId event = diagram_.rows[i].event;
      if (!event.is_initial()) diagram_.row_of_number[words.number(event) - 1] = i;
    }
  }

  [[nodiscard]] Diagram diagram() && {
    for (const EventId event : words_.events()) add_what_it_sees(event);
    for (const auto& [location, place] : finding().places) add_order_of_writes(location);
    add_synchronizations();
    add_race();
    add_waiting();
    return std::move(diagram_);
  }

 private:
  using MaybeRow = std::optional<std::size_t>;

  [[nodiscard]] const Finding& finding() const { return words_.finding(); }
  [[nodiscard]] const Graph& graph() const { return words_.graph(); }

  /// Where an event stands, if it took place.
  [[nodiscard]] MaybeRow row(EventId event) const {
    const std::size_t number = words_.number(event);
    return number == 0 ? MaybeRow{} : diagram_.row_of_number[number - 1];
  }

  void add(Arrow::Kind kind, MaybeRow from, MaybeRow to) {
    if (from && to) diagram_.arrows.push_back({kind, *from, *to});
  }

  void add_what_it_sees(EventId id) {
    const Event& event = graph()[id];
    if (event.kind == Kind::read) add(Arrow::Kind::sees, row(event.rf), row(id));
    if (event.kind == Kind::wake) add(Arrow::Kind::wakes, row(event.rf), row(id));
  }

  void add_order_of_writes(Location location) {
    MaybeRow before;
    for (const EventId write : graph().co(location)) {
      const MaybeRow here = row(write);
      if (!here) continue;
      add(Arrow::Kind::overwrites, before, here);
      before = here;
    }
  }

  /// A creation comes before all that its thread does, which need not begin with an event.
  void add_synchronizations() {
    for (const auto& [from, to] : synchronizations_of(graph())) {
      if (graph()[from].kind != Kind::create) add(Arrow::Kind::synchronizes, row(from), row(to));
    }
    for (const std::size_t thread : threads_of(diagram_.rows)) {
      const EventId creation = creation_of(graph(), thread);
      if (!creation.is_initial()) {
        add(Arrow::Kind::synchronizes, row(creation), first_of(thread));
      }
    }
  }

  [[nodiscard]] MaybeRow first_of(std::size_t thread) const {
    const auto& rows = diagram_.rows;
    const auto first = std::find_if(rows.begin(), rows.end(),
                                    [&](const Row& row) { return row.thread == thread; });
    return static_cast<std::size_t>(first - rows.begin());
  }

  /// The two last of the accesses, which are what is marked.
  void add_race() {
    const auto& accesses = finding().accesses;
    const std::vector<std::size_t> rows = marked_of(diagram_.rows);
    if (accesses.size() < 2 || rows.size() < 2) return;
    if (are_ordered(graph(), accesses[accesses.size() - 2], accesses.back())) return;
    add(Arrow::Kind::races, rows[rows.size() - 2], rows.back());
  }

  /// Who waits stands at the end.
  void add_waiting() {
    std::size_t here = diagram_.rows.size() - finding().waiting.size();
    for (const Waiting& waiting : finding().waiting) {
      if (waiting.holder < max_threads) add(Arrow::Kind::waits, here, row(waiting.held_since));
      if (!waiting.missed.is_initial()) add(Arrow::Kind::misses, here, row(waiting.missed));
      if (waiting.joined < max_threads) add(Arrow::Kind::waits, here, last_of(waiting.joined));
      ++here;
    }
  }

  [[nodiscard]] MaybeRow last_of(std::size_t thread) const {
    const auto& rows = diagram_.rows;
    const auto last = std::find_if(rows.rbegin(), rows.rend(),
                                   [&](const Row& row) { return row.thread == thread; });
    if (last == rows.rend()) return {};
    return static_cast<std::size_t>(rows.rend() - last) - 1;
  }

  const Glossary& words_;
  Diagram diagram_;
};

}  // namespace

Diagram diagram_of(const Glossary& words) { return Drawing(words).diagram(); }

}  // namespace lockstep::check
