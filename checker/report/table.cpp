#include "checker/report/table.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "checker/report/rows.hpp"
#include "checker/report/why.hpp"

namespace lockstep::check {
namespace {

constexpr std::size_t width = 120;
constexpr std::size_t most_columns = 3;
constexpr std::size_t most_rows = 28;  // of a longer execution what matters is shown, and the end
constexpr std::size_t first_rows = 3;
constexpr std::size_t last_rows = 12;
constexpr std::size_t longest_name =
    40;  // of a thread, and of a place a quarter of the width: so a row has room

void pad(std::string& line, std::size_t column) {
  line.append(column > line.size() ? column - line.size() : 0, ' ');
}

/// The text cut between words into pieces of at most `room` characters, if that is possible. `room` is more than twice
/// the indent.
std::vector<std::string> pieces(std::string text, std::size_t room) {
  constexpr const char* indent = "   ";
  std::vector<std::string> cut;
  while (text.size() > room) {
    const std::size_t blank = text.rfind(' ', room);
    if (blank == std::string::npos || blank < room / 2) break;
    cut.push_back(text.substr(0, blank));
    text = indent + text.substr(blank + 1);
  }
  cut.push_back(text);
  return cut;
}

class Table {
 public:
  explicit Table(const Glossary& words)
      : words_(words), rows_(rows_of(words)), threads_(threads_of(rows_)) {
    for (const Row& row : rows_) place_width_ = std::max(place_width_, row.place.size());
    place_width_ = std::min(place_width_, width / 4);
    for (const std::size_t thread : threads_) {
      name_width_ = std::max(name_width_, words.thread(thread).size());
    }
    name_width_ = std::min(name_width_, longest_name);
  }

  [[nodiscard]] std::string text() {
    head();
    const std::vector<bool> is_shown = rows_to_show();
    std::size_t hidden = 0, all_hidden = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (!is_shown[i]) {
        ++hidden;
        continue;
      }
      say_hidden(hidden);
      all_hidden += std::exchange(hidden, 0);
      add(rows_[i]);
    }
    if (all_hidden > 0) {
      text_ += "  (" + std::to_string(all_hidden) + " of " + std::to_string(rows_.size()) +
               " events are left out; all: Options::full_report, LOCKSTEP_FULL_REPORT=1, or "
               "lockstep check --full)\n";
    }
    return std::move(text_);
  }

 private:
  void say_hidden(std::size_t count) {
    if (count > 0) {
      text_ += "  ... " + std::to_string(count) + (count == 1 ? " event" : " events") + " ...\n";
    }
  }

  /// All; of too many, those that are marked, the first and last ones, reads that saw something old and what that was
  /// about, and what those that are shown saw, from the last backwards.
  [[nodiscard]] std::vector<bool> rows_to_show() const {
    std::vector<bool> is_shown(rows_.size(), true);
    if (words_.finding().is_full || rows_.size() <= most_rows) return is_shown;
    std::size_t count = 0;
    const auto show = [&](std::size_t row) {
      if (!is_shown[row]) ++count;
      is_shown[row] = true;
    };
    is_shown.assign(rows_.size(), false);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const bool is_at_an_end = i < first_rows || i + last_rows >= rows_.size();
      if (rows_[i].is_marked || is_at_an_end) show(i);
    }
    for (const OldSight& sight : old_sights(words_)) {
      if (count + 1 < most_rows) show(row_of(sight.read)), show(row_of(sight.newer));
    }
    for (std::size_t i = rows_.size(); i-- > 0 && count < most_rows;) {
      if (!is_shown[i] || rows_[i].event.is_initial()) continue;
      const Event& event = words_.graph()[rows_[i].event];
      if (event.kind == Kind::read && !event.rf.is_initial()) show(row_of(event.rf));
    }
    return is_shown;
  }

  [[nodiscard]] std::size_t row_of(EventId event) const {
    const std::size_t number = words_.number(event);
    const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) {
      return !row.event.is_initial() && words_.number(row.event) == number;
    });
    return found == rows_.end() ? rows_.size() - 1
                                : static_cast<std::size_t>(found - rows_.begin());
  }

  [[nodiscard]] bool has_columns() const { return threads_.size() <= most_columns; }
  [[nodiscard]] std::size_t place_column() const { return width - place_width_; }

  /// Where a thread's column begins. The last one has most room: nothing can run on to its right.
  [[nodiscard]] std::size_t column(std::size_t thread) const {
    constexpr std::size_t margin = 2, last = 42, widest = 44;
    if (!has_columns()) return margin + name_width_ + 2;
    if (threads_.size() == 1) return margin;
    const std::size_t each =
        std::min(widest, (place_column() - margin - last) / (threads_.size() - 1));
    const auto nth = std::find(threads_.begin(), threads_.end(), thread) - threads_.begin();
    return margin + each * static_cast<std::size_t>(nth);
  }

  void head() {
    if (!has_columns()) return;
    std::string line;
    for (std::size_t i = 0; i < threads_.size(); ++i) {
      const std::size_t begin = column(threads_[i]);
      const std::size_t end = i + 1 < threads_.size() ? column(threads_[i + 1]) - 2 : width;
      pad(line, begin);
      line += shortened(words_.thread(threads_[i]), end - begin);
    }
    text_ += line + "\n";
  }

  void add(const Row& row) {
    const std::size_t begin = column(row.thread);
    const std::size_t room = place_column() - begin - 2;
    const auto cut = pieces((row.is_marked ? ">> " : "") + row.text, room);
    std::string line =
        has_columns() ? "" : "  " + shortened(words_.thread(row.thread), name_width_);
    pad(line, begin);
    line += cut.front();
    if (!row.place.empty()) {
      pad(line, std::max(place_column(), line.size() + 2));
      line += row.place;
    }
    text_ += line + "\n";
    for (std::size_t i = 1; i < cut.size(); ++i) {
      text_ += std::string(begin, ' ') + cut[i] + "\n";
    }
  }

  const Glossary& words_;
  std::vector<Row> rows_;
  std::vector<std::size_t> threads_;
  std::size_t place_width_ = 0;
  std::size_t name_width_ = 0;
  std::string text_;
};

}  // namespace

std::string table_of(const Glossary& words) { return Table(words).text(); }

}  // namespace lockstep::check
