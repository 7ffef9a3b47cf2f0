#include "checker/report/rows.hpp"

#include <algorithm>

#include "checker/report/linearization.hpp"

namespace lockstep::check {
namespace {

class Rows {
 public:
  explicit Rows(const Glossary& words) : words_(words) {
    add_operations();
    std::size_t before = 0;
    for (const PlainAccess& access : finding().accesses) {
      before = std::max(before, events_before(access));
      add(access, before);
    }
    add_events_before(words.events().size());
    add_end();
  }

  [[nodiscard]] std::vector<Row> take() && { return std::move(rows_); }

 private:
  [[nodiscard]] const Finding& finding() const { return words_.finding(); }

  /// How many events of its thread there are up to an access.
  [[nodiscard]] std::size_t done(const PlainAccess& access) const {
    return std::min(access.after, words_.done(access.thread));
  }

  /// How many events stand before an access, of all threads.
  [[nodiscard]] std::size_t events_before(const PlainAccess& access) const {
    if (done(access) > 0) return words_.number(event_id(access.thread, done(access) - 1));
    return words_.number(creation_of(words_.graph(), access.thread));
  }

  [[nodiscard]] bool ends_the_execution(const PlainAccess& access) const {
    const bool is_last = &access == &finding().accesses.back();
    return is_last && access.after >= words_.done(access.thread);
  }

  void add(const PlainAccess& access, std::size_t before) {
    if (access.is_atomic && done(access) > 0) {  // one of the events
      add_events_before(before);
      const std::size_t number = words_.number(event_id(access.thread, done(access) - 1));
      if (number > 0) rows_[row_of_event_[number - 1]].is_marked = true;
      return;
    }
    add_events_before(ends_the_execution(access) ? words_.events().size() : before);
    add_marked(access.thread, access_text(words_, access), access.where);
  }

  struct Part {
    NotLinearizable::Moment moment;
    std::string text;
    const Backtrace* where;
  };

  /// The calls and returns of a history, as they took place.
  [[nodiscard]] std::vector<Part> parts() const {
    std::vector<Part> parts;
    for (const auto& operation : finding().not_linearizable.operations) {
      const std::string name = letters_of(parts.size() / 2);
      const std::string result = operation.result.empty() ? "" : " = " + operation.result;
      parts.push_back({operation.called, name + " calls " + operation.name, &operation.where});
      parts.push_back({operation.came_back, name + " returns" + result, &operation.where});
    }
    std::sort(parts.begin(), parts.end(),
              [](const Part& a, const Part& b) { return a.moment.nth < b.moment.nth; });
    return parts;
  }

  void add_operations() {
    for (const Part& part : parts()) {
      const std::size_t before = part.moment.events;
      if (before > 0) add_events_before(words_.number(finding().order[before - 1]));
      add_marked(part.moment.thread, part.text, *part.where);
    }
  }

  void add_events_before(std::size_t count) {
    for (std::size_t& n = events_added_; n < count; ++n) {
      const EventId event = words_.events()[n];
      row_of_event_.push_back(rows_.size());
      rows_.push_back({event.thread, words_.id(event) + " " + words_.description(event),
                       words_.place(event), false, event, words_.where(event)});
    }
  }

  void add_marked(std::size_t thread, const std::string& text, const Backtrace& where) {
    const std::string place = where.empty() ? "" : words_.spots().place(where);
    rows_.push_back({thread, on_one_line(text), place, true, {}, where});
  }

  void add_end() {
    for (const Waiting& waiting : finding().waiting) {
      add_marked(waiting.thread, waiting_text(words_, waiting), waiting.where);
    }
    const bool is_unmarked = finding().accesses.empty() && finding().waiting.empty() &&
                             finding().wrong != Wrong::not_linearizable;
    if (is_unmarked) {
      add_marked(finding().thread, finding().what, finding().where);
    }
  }

  const Glossary& words_;
  std::vector<Row> rows_;
  std::vector<std::size_t> row_of_event_;
  std::size_t events_added_ = 0;
};

}  // namespace

std::vector<Row> rows_of(const Glossary& words) { return Rows(words).take(); }

std::vector<std::size_t> threads_of(const std::vector<Row>& rows) {
  std::vector<std::size_t> threads;
  for (const Row& row : rows) threads.push_back(row.thread);
  std::sort(threads.begin(), threads.end());
  threads.erase(std::unique(threads.begin(), threads.end()), threads.end());
  return threads;
}

std::vector<std::size_t> marked_of(const std::vector<Row>& rows) {
  std::vector<std::size_t> marked;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].is_marked) marked.push_back(i);
  }
  return marked;
}

std::string bytes(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

std::string access_text(const Glossary& words, const PlainAccess& access) {
  const std::string size = access.size == 0 ? "" : " (" + bytes(access.size) + ")";
  return access.what + " " + words.name(access) + size;
}

std::string waiting_text(const Glossary& words, const Waiting& waiting) {
  std::string text = waiting.for_what;
  if (waiting.object != 0) text += " " + words.name(waiting);
  if (!waiting.since.is_initial()) text += ", since " + words.id(waiting.since);
  if (waiting.holder < max_threads) {
    text += ", which " + thread_text(waiting.holder) + " has since " + words.id(waiting.held_since);
  }
  if (!waiting.missed.is_initial()) {
    text += "; the wake " + words.id(waiting.missed) + " of " + thread_text(waiting.missed.thread) +
            " went by before";
  }
  return text;
}

}  // namespace lockstep::check
