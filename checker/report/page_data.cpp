// The members of the object, all of them always there unless it says otherwise:
//   title, wrong (is anything?), model, token, repeat, report (as text)
//   about     what it is about: [{row (or -1), text, calls}], as the report says it
//   why       [{heading, lines}], as the report says it; in a history, how far the reference object goes
//   threads   by number; null for those that did nothing
//   locations [{name, full, kind, initial, queue?}]
//   rows      [{thread, number (0: no event), text, place, marked, kind, calls, at, hb, location?, sees? (a row,
//              or -1: the initial write), newer? (the row of what it sees something older than), reads?, writes?, co?, queue?}]
//             a row b happens after a if it is later in the same thread, or b.hb[a.thread] > a.at
//   arrows    [[kind, from, to]]
//   calls     of an object's history: [{from, to}], rows
//   files     [{name, first, lines}]; where calls are [[file (or -1), line, function, place]], the innermost first
//   printed   [{thread, text}]
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "checker/report/diagram.hpp"
#include "checker/report/json.hpp"
#include "checker/report/linearization.hpp"
#include "checker/report/page.hpp"
#include "checker/report/sources.hpp"
#include "checker/report/states.hpp"
#include "checker/report/text.hpp"
#include "checker/report/why.hpp"

namespace lockstep::check {
namespace {

constexpr std::array<std::string_view, 7> arrow_names{"rf",   "co",    "sw",    "wake",
                                                      "race", "waits", "misses"};

std::string_view kind_of(const Event& event) {
  constexpr std::array<std::string_view, 8> names{"load", "store", "fence",  "create",
                                                  "end",  "join",  "choice", "wake"};
  if (event.kind == Kind::read && event.is_rmw) return "update";
  return names[static_cast<std::size_t>(event.kind)];
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string joined(std::string text, const std::string& mark, const std::string& with) {
  const std::size_t found = text.find(mark);
  return found == std::string::npos ? text : text.replace(found, mark.size(), with);
}

class Page {
 public:
  Page(const Finding& finding, const Symbols& symbols, const std::string& report,
       std::string repeat)
      : words_(finding, symbols),
        diagram_(diagram_of(words_)),
        states_(words_),
        sources_(words_.spots()),
        report_(report),
        repeat_(joined(std::move(repeat), "{token}", finding.token)) {
    for (const OldSight& sight : old_sights(words_)) newer_[row_of(sight.read)] = sight.newer;
    for (const auto& [location, place] : finding.places) {
      const std::size_t nth = locations_.size();
      locations_[location] = nth;
    }
  }

  [[nodiscard]] std::string json() && {
    json::Object page;
    page.text("title", title_of(words_));
    page.truth("wrong", finding().wrong != Wrong::nothing);
    page.text("model", finding().model);
    page.text("token", finding().token);
    page.text("repeat", finding().token.empty() ? "" : repeat_);
    page.text("report", report_);
    page.member("about", about());
    page.member("why", why());
    page.member("threads", threads());
    page.member("locations", locations());
    page.member("rows", rows());
    page.member("arrows", json::array(diagram_.arrows, [](const Arrow& arrow) {
                  const auto kind = arrow_names[static_cast<std::size_t>(arrow.kind)];
                  return '[' + json::quoted(kind) + ", " + std::to_string(arrow.from) + ", " +
                         std::to_string(arrow.to) + ']';
                }));
    page.member("calls", calls_of_history());
    page.member("printed", json::array(finding().printed, [](const Printed& printed) {
                  json::Object object;
                  object.number("thread", printed.thread);
                  object.text("text", printed.text);
                  return object.done();
                }));
    page.member("files", sources_.json());  // those that the others named
    return page.done();
  }

 private:
  [[nodiscard]] const Finding& finding() const { return words_.finding(); }
  [[nodiscard]] const Graph& graph() const { return words_.graph(); }

  /// -1 of an initial write, and of what did not take place.
  [[nodiscard]] long row_of(EventId event) const {
    const std::size_t number = words_.number(event);
    return number == 0 ? -1 : static_cast<long>(diagram_.row_of_number[number - 1]);
  }

  // --- What is wrong

  [[nodiscard]] std::string site(std::optional<std::size_t> row, const std::string& text,
                                 const Backtrace& where) {
    json::Object object;
    object.number("row", row ? static_cast<long>(*row) : -1L);
    object.text("text", text);
    object.member("calls", sources_.calls(where));
    return object.done();
  }

  [[nodiscard]] std::string about() {
    if (finding().wrong == Wrong::nothing) return "[]";
    const std::vector<std::size_t> rows = marked_of(diagram_.rows);
    std::vector<std::string> sites;
    const auto add = [&](std::size_t of, std::size_t thread, const std::string& text,
                         const Backtrace& where) {
      const bool is_known = rows.size() == of;
      sites.push_back(site(is_known ? std::optional(rows[sites.size()]) : std::nullopt,
                           words_.thread(thread) + ' ' + text, where));
    };
    const auto& accesses = finding().accesses;
    const auto& waiting = finding().waiting;
    const std::size_t count = accesses.size() + waiting.size();
    for (const PlainAccess& access : accesses) {
      add(count, access.thread, access_text(words_, access), access.where);
    }
    for (const Waiting& one : waiting) {
      add(count, one.thread, waiting_text(words_, one), one.where);
    }
    if (sites.empty() && finding().wrong != Wrong::not_linearizable) {
      add(1, finding().thread, finding().what, finding().where);
    }
    return json::array(sites, [](const std::string& site) { return site; });
  }

  [[nodiscard]] std::string why() const {
    std::vector<Why> all;
    if (finding().wrong == Wrong::not_linearizable) {
      all.push_back({"", lines_of(text_of(finding().not_linearizable, words_.spots()))});
    } else if (finding().wrong != Wrong::nothing) {
      all = why_wrong(words_);
    }
    return json::array(all, [](const Why& why) {
      json::Object object;
      object.text("heading", why.heading);
      object.member("lines", json::array(why.lines, json::quoted));
      return object.done();
    });
  }

  /// What is marked in a history is its calls and returns, as they took place.
  [[nodiscard]] std::string calls_of_history() const {
    const auto& operations = finding().not_linearizable.operations;
    std::map<std::size_t, std::size_t> row_at;  // by when
    for (const auto& operation : operations) row_at[operation.called.nth] = 0;
    for (const auto& operation : operations) row_at[operation.came_back.nth] = 0;
    const std::vector<std::size_t> rows = marked_of(diagram_.rows);
    if (rows.size() < row_at.size()) return "[]";
    auto row = rows.begin();
    for (auto& [nth, at] : row_at) at = *row++;
    return json::array(operations, [&](const auto& operation) {
      json::Object object;
      object.number("from", row_at.at(operation.called.nth));
      object.number("to", row_at.at(operation.came_back.nth));
      return object.done();
    });
  }

  // --- The execution

  [[nodiscard]] std::string threads() const {
    const std::vector<std::size_t> there = threads_of(diagram_.rows);
    std::vector<std::string> names(there.empty() ? 0 : there.back() + 1, "null");
    for (const std::size_t thread : there) names[thread] = json::quoted(words_.thread(thread));
    return json::array(names, [](const std::string& name) { return name; });
  }

  [[nodiscard]] std::string locations() const {
    return json::array(finding().places, [&](const auto& entry) {
      json::Object object;
      object.text("name", words_.name(entry.first));
      object.text("full", words_.full_name(entry.first));
      object.text("kind", states_.kind(entry.first));
      object.text("initial", states_.text(entry.first, EventId{}));
      if (states_.is_queue(entry.first)) {
        object.member("queue", json::numbers(states_.queue(entry.first, EventId{})));
      }
      return object.done();
    });
  }

  [[nodiscard]] std::string rows() {
    return json::array(diagram_.rows, [&](const Row& row) {
      json::Object object;
      object.number("thread", row.thread);
      object.text("place", row.place);
      object.truth("marked", row.is_marked);
      if (row.event.is_initial()) {
        add_other(object, row);
      } else {
        add_event(object, row);
      }
      object.member("calls", sources_.calls(row.where));
      return object.done();
    });
  }

  void add_event(json::Object& object, const Row& row) {
    const Event& event = graph()[row.event];
    const std::size_t number = words_.number(row.event);
    const std::string id = words_.id(row.event) + ' ';
    object.number("number", number);
    object.text("text", row.text.starts_with(id) ? row.text.substr(id.size()) : row.text);
    object.text("kind", kind_of(event));
    object.number("at", row.event.index);
    object.member("hb", counts(event.hb));
    if (is_access(event)) add_access(object, row.event);
  }

  void add_access(json::Object& object, EventId id) {
    const Event& event = graph()[id];
    object.number("location", locations_.at(event.location));
    EventId write = id;
    if (event.kind == Kind::read) {
      object.number("sees", row_of(event.rf));
      object.text("reads", states_.text(event.location, event.rf));
      const auto newer = newer_.find(row_of(id));
      if (newer != newer_.end()) object.number("newer", row_of(newer->second));
      if (!event.is_rmw) return;
      ++write.index;
      if (words_.number(write) == 0) return;  // it did not come to that
    }
    object.number("co", graph().place(write));
    object.text("writes", states_.text(event.location, write));
    if (states_.is_queue(event.location)) {
      object.member("queue", json::numbers(states_.queue(event.location, write)));
    }
  }

  /// A plain access, or what a thread waits for, or a call: it stands where its thread has come to.
  void add_other(json::Object& object, const Row& row) {
    object.number("number", 0);
    object.text("text", row.text);
    object.text("kind", "other");
    const auto begin = diagram_.rows.data();
    std::optional<EventId> before;
    for (auto other = begin; other != &row; ++other) {
      if (other->thread == row.thread && !other->event.is_initial()) before = other->event;
    }
    if (before) {
      object.number("at", before->index + (graph()[*before].is_rmw ? 2 : 1));
    } else {
      object.number("at", 0);
      before = creation_of(graph(), row.thread);
    }
    object.member("hb", counts(before->is_initial() ? View{} : graph()[*before].hb));
  }

  [[nodiscard]] std::string counts(const View& view) const {
    std::vector<std::size_t> counts;
    for (std::size_t t = 0; t < graph().threads(); ++t) counts.push_back(view.count(t));
    return json::numbers(counts);
  }

  const Glossary words_;
  const Diagram diagram_;
  const States states_;
  Sources sources_;
  const std::string& report_;
  const std::string repeat_;
  std::map<long, EventId> newer_;  // by the row of who saw something older
  std::map<Location, std::size_t> locations_;
};

}  // namespace

std::string page_data_of(const Finding& finding, const Symbols& symbols, const std::string& report,
                         const std::string& repeat) {
  return Page(finding, symbols, report, repeat).json();
}

}  // namespace lockstep::check
