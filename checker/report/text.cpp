// The order of the sections: what, where, why; who waits; the execution; what its table leaves open;
// how to see it again.
#include "checker/report/text.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>

#include "checker/report/glossary.hpp"
#include "checker/report/linearization.hpp"
#include "checker/report/rows.hpp"
#include "checker/report/table.hpp"
#include "checker/report/why.hpp"

namespace lockstep::check {
namespace {

/// The block that an address is in, or right behind; or null.
const Allocation* block_at(const Finding& finding, std::uintptr_t address) {
  const auto next = finding.allocated.upper_bound(address);
  if (next == finding.allocated.begin()) return nullptr;
  const auto& [begin, block] = *std::prev(next);
  return address - begin <= block.size ? &block : nullptr;
}

/// A thing that a thread did or does, and where.
struct Site {
  std::string text;
  const Backtrace* where;
};

class Text {
 public:
  Text(const Finding& finding, const Symbols& symbols)
      : finding_(finding), words_(finding, symbols) {}

  [[nodiscard]] std::string text() {
    line(title_of(words_));
    if (finding_.wrong != Wrong::nothing) {
      if (finding_.wrong == Wrong::not_linearizable) {
        text_ += text_of(finding_.not_linearizable, words_.spots());
      } else {
        sites();
        why();
      }
    }
    line("");
    line("The execution" + (finding_.model.empty() ? ":" : " (" + finding_.model + "):"));
    text_ += table_of(words_);
    orders_of_writes();
    places();
    text_ += text_of(finding_.printed);
    files();
    token();
    return std::move(text_);
  }

 private:
  void line(const std::string& text) { text_ += text + "\n"; }

  /// A place, and the source there: on a line of its own if the screen has no room for both.
  void line(const std::string& place, const std::string& source) {
    constexpr std::size_t width = 120;
    const std::string trimmed = place.substr(0, place.find_last_not_of(' ') + 1);
    if (source.empty()) return line(trimmed);
    if (place.size() + 2 + source.size() <= width) return line(place + "  " + source);
    line(trimmed);
    const std::string indent = "      ";
    line(indent + (finding_.is_full ? source : shortened(source, width - indent.size())));
  }

  /// A heading before the first of some lines.
  void listed(bool& has_heading, const std::string& heading, const std::string& text) {
    if (!has_heading) line("\n" + heading);
    has_heading = true;
    line("  " + text);
  }

  [[nodiscard]] std::vector<Site> all_sites() const {
    std::vector<Site> sites;
    for (const PlainAccess& access : finding_.accesses) {
      sites.push_back({thread_text(access.thread) + " " + access.what, &access.where});
    }
    for (const Waiting& waiting : finding_.waiting) {
      sites.push_back(
          {thread_text(waiting.thread) + " " + waiting_text(words_, waiting), &waiting.where});
    }
    if (sites.empty()) sites.push_back({thread_text(finding_.thread), &finding_.where});
    return sites;
  }

  void sites() {
    const std::vector<Site> sites = all_sites();
    std::size_t text_width = 0, place_width = 0;
    for (const Site& site : sites) {
      text_width = std::max(text_width, site.text.size());
      place_width = std::max(place_width, words_.spots().place(*site.where).size());
    }
    line("");
    for (const Site& site : sites) {
      const auto add = [&](std::string text, const Spot& spot) {
        text.resize(text_width, ' ');
        std::string place = spot.place;
        place.resize(std::max(place.size(), place_width), ' ');
        line("  " + text + "  " + place, source_line(spot.file, spot.line));
      };
      add(site.text, words_.spots().of(*site.where));
      for (const Spot& caller : words_.spots().callers(*site.where, 2)) add("  from", caller);
    }
  }

  void why() {
    for (const Why& why : why_wrong(words_)) {
      bool has_heading = false;
      for (const std::string& reason : why.lines) listed(has_heading, why.heading, reason);
    }
  }

  /// Only where co is not the order of the table.
  void orders_of_writes() {
    bool has_heading = false;
    for (const auto& [location, place] : finding_.places) {
      auto co = words_.graph().co(location);
      std::erase_if(co, [&](EventId write) { return words_.number(write) == 0; });
      const auto earlier = [&](EventId a, EventId b) {
        return words_.number(a) < words_.number(b);
      };
      if (std::is_sorted(co.begin(), co.end(), earlier)) continue;
      std::string writes = words_.name(location) + ": initial";
      for (const EventId write : co) writes += ", " + words_.id(write);
      listed(has_heading, "The order of the writes to a location, where it is another:", writes);
    }
  }

  /// What the table calls by the first word only.
  void places() {
    bool has_heading = false;
    std::set<std::string> said;
    const auto say = [&](const std::string& full, std::uintptr_t address) {
      if (said.insert(full).second) listed(has_heading, "Memory:", full + allocation_of(address));
    };
    for (const auto& [location, place] : finding_.places) {
      const std::string full = words_.full_name(location);
      if (full != words_.name(location)) say(full, place.address);
    }
    for (const PlainAccess& access : finding_.accesses) {
      const bool has_short_name = access.name.starts_with(words_.name(access));
      if (access.name != words_.name(access) && has_short_name) {
        say(access.name, access.address);
      }
    }
  }

  /// Where a block was allocated that an address is in.
  [[nodiscard]] std::string allocation_of(std::uintptr_t address) const {
    const Allocation* const block = block_at(finding_, address);
    return block == nullptr ? "" : ", allocated at " + words_.spots().place(block->where);
  }

  void files() {
    bool has_heading = false;
    for (const auto& [path, name] : words_.spots().names()) {
      if (name != path && text_.find(name + ":") != std::string::npos) {
        listed(has_heading, "Files:", path);
      }
    }
  }

  void token() {
    if (finding_.token.empty()) return;
    line("\nreplay token: " + finding_.token);
    line(
        "  This execution again: set Options::replay, or LOCKSTEP_REPLAY in the environment, to "
        "it.");
  }

  const Finding& finding_;
  Glossary words_;
  std::string text_;
};

void append(std::vector<std::uintptr_t>& all, const Backtrace& some) {
  all.insert(all.end(), some.begin(), some.end());
}

}  // namespace

Symbols symbols_of(const Finding& finding) {
  std::vector<std::uintptr_t> code = finding.where, data;
  for (const PlainAccess& access : finding.accesses) data.push_back(access.address);
  for (const auto& [location, place] : finding.places) data.push_back(place.address);
  for (const Waiting& waiting : finding.waiting) data.push_back(waiting.object);
  for (const Step& step : finding.steps) append(code, step.where);
  for (const PlainAccess& access : finding.accesses) append(code, access.where);
  for (const Waiting& waiting : finding.waiting) append(code, waiting.where);
  for (const std::uintptr_t address : data) {
    const Allocation* const block = block_at(finding, address);
    if (block != nullptr) append(code, block->where);
  }
  for (const auto& operation : finding.not_linearizable.operations) append(code, operation.where);
  return symbols_of(code, data, finding.frames);
}

std::string text_of(const std::vector<Printed>& printed) {
  std::string text = printed.empty() ? "" : "\nPrinted:\n";
  for (const auto& [thread, said] : printed) {
    std::istringstream lines(said);
    for (std::string line; std::getline(lines, line);) {
      text += "  " + thread_text(thread) + "  " + line + "\n";
    }
  }
  return text;
}

std::string title_of(const Glossary& words) {
  const Finding& finding = words.finding();
  const auto& accesses = finding.accesses;
  if (finding.wrong != Wrong::data_race || accesses.empty()) return finding.what;
  const auto smaller = [](const auto& a, const auto& b) { return a.size < b.size; };
  const PlainAccess& access = *std::min_element(accesses.begin(), accesses.end(), smaller);
  const bool is_named = finding.what.find(" on ") != std::string::npos;
  const std::string what = finding.what.empty() ? "data race" : finding.what;
  return what + (is_named ? "" : " on " + words.name(access)) + " (" + bytes(access.size) + ")";
}

std::string text_of(const Finding& finding, const Symbols& symbols) {
  return Text(finding, symbols).text();
}

}  // namespace lockstep::check
