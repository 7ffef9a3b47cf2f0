#include "checker/report/table.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "checker/report/rows.hpp"

namespace lockstep::check {
namespace {

constexpr std::size_t width = 120;
constexpr std::size_t most_columns = 3;
constexpr std::size_t most_rows = 200;  // of a longer execution the end is shown, and the beginning
constexpr std::size_t first_rows = 20;

void pad(std::string& line, std::size_t column) {
  line.append(column > line.size() ? column - line.size() : 0, ' ');
}

/// The text cut between words into pieces of at most `room` characters, if that is possible.
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
  explicit Table(const Glossary& words) : rows_(rows_of(words)) {
    std::set<std::size_t> threads;
    for (const Row& row : rows_) threads.insert(row.thread);
    threads_.assign(threads.begin(), threads.end());
    for (const Row& row : rows_) place_width_ = std::max(place_width_, row.place.size());
    place_width_ = std::min(place_width_, width / 4);
  }

  [[nodiscard]] std::string text() {
    head();
    const std::size_t hidden = rows_.size() > most_rows ? rows_.size() - most_rows : 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const bool is_hidden = i >= first_rows && i < first_rows + hidden && !rows_[i].is_marked;
      if (!is_hidden) add(rows_[i]);
      if (hidden > 0 && i == first_rows) text_ += "  ... events are left out here ...\n";
    }
    return std::move(text_);
  }

 private:
  [[nodiscard]] bool has_columns() const { return threads_.size() <= most_columns; }
  [[nodiscard]] std::size_t place_column() const { return width - place_width_; }

  /// Where a thread's column begins. The last one has most room: nothing can run on to its right.
  [[nodiscard]] std::size_t column(std::size_t thread) const {
    constexpr std::size_t margin = 2, number = 12, last = 42, widest = 44;
    if (!has_columns()) return margin + number;
    if (threads_.size() == 1) return margin;
    const std::size_t each =
        std::min(widest, (place_column() - margin - last) / (threads_.size() - 1));
    const auto nth = std::find(threads_.begin(), threads_.end(), thread) - threads_.begin();
    return margin + each * static_cast<std::size_t>(nth);
  }

  void head() {
    if (!has_columns()) return;
    std::string line;
    for (const std::size_t thread : threads_) {
      pad(line, column(thread));
      line += thread_text(thread) + (thread == 0 ? " (main)" : "");
    }
    text_ += line + "\n";
  }

  void add(const Row& row) {
    const std::size_t begin = column(row.thread);
    const std::size_t room = place_column() - begin - 2;
    const auto cut = pieces((row.is_marked ? ">> " : "") + row.text, room);
    std::string line = has_columns() ? "" : "  " + thread_text(row.thread);
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

  std::vector<Row> rows_;
  std::vector<std::size_t> threads_;
  std::size_t place_width_ = 0;
  std::string text_;
};

}  // namespace

std::string table_of(const Glossary& words) { return Table(words).text(); }

}  // namespace lockstep::check
