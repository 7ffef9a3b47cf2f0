// Operations are called A, B, ... as people draw histories; a step of one that has several, A.1, A.2.
#include "checker/report/linearization.hpp"

#include <algorithm>
#include <vector>

#include "checker/report/glossary.hpp"

namespace lockstep::check {
namespace {

using Operation = NotLinearizable::Operation;

std::string said(const Operation& operation) {
  return on_one_line(operation.name + (operation.result.empty() ? "" : " = " + operation.result));
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

class Text {
 public:
  Text(const NotLinearizable& history, const Spots& spots) : history_(history), spots_(spots) {}

  [[nodiscard]] std::string text() {
    operations();
    real_time();
    longest();
    return std::move(text_);
  }

 private:
  void line(const std::string& text) { text_ += text + "\n"; }

  /// The `nth` of its steps, from 0.
  [[nodiscard]] std::string step(std::size_t operation, std::size_t nth) const {
    const bool is_only = history_.operations[operation].steps == 1;
    return letters_of(operation) + (is_only ? "" : "." + std::to_string(nth + 1));
  }

  void operations() {
    std::size_t said_width = 0, place_width = 0;
    for (const Operation& operation : history_.operations) {
      said_width = std::max(said_width, said(operation).size());
      place_width = std::max(place_width, spots_.place(operation.where).size());
    }
    line("");
    for (std::size_t i = 0; i < history_.operations.size(); ++i) {
      const Operation& operation = history_.operations[i];
      const Spot spot = spots_.of(operation.where);
      const std::string source = source_line(spot.file, spot.line);
      std::string what = said(operation), place = spot.place;
      what.resize(said_width, ' ');
      if (!source.empty()) place.resize(place_width, ' ');
      line("  " + letters_of(i) + "  " + thread_text(operation.called.thread) + "  " + what + "  " +
           place + (source.empty() ? "" : "  " + source));
    }
  }

  /// Those right before it: not those that are before one that is.
  [[nodiscard]] std::vector<std::string> just_before(std::size_t operation) const {
    const auto& after = history_.operations[operation].after;
    std::vector<std::string> names;
    for (const std::size_t before : after) {
      const bool is_implied = std::any_of(after.begin(), after.end(), [&](std::size_t between) {
        const auto& others = history_.operations[between].after;
        return std::find(others.begin(), others.end(), before) != others.end();
      });
      if (!is_implied) names.push_back(letters_of(before));
    }
    return names;
  }

  void real_time() {
    bool has_heading = false;
    for (std::size_t i = 0; i < history_.operations.size(); ++i) {
      const std::vector<std::string> before = just_before(i);
      if (before.empty()) continue;
      if (!has_heading) line("\nWhat had returned when another was called (happens-before):");
      has_heading = true;
      line("  " + joined(before) + " before " + letters_of(i));
    }
  }

  void longest() {
    std::vector<std::size_t> done(history_.operations.size());
    std::vector<std::string> steps;
    for (const std::size_t operation : history_.order) {
      steps.push_back(step(operation, done[operation]++));
    }
    line("\nAs far as the reference object goes" +
         (history_.initial.empty() ? std::string() : ", which begins as " + history_.initial) +
         ":");
    line("  " + (steps.empty() ? "not one step" : joined(steps)) +
         (history_.state.empty() || steps.empty() ? "" : ", and is then " + history_.state));
    line("  It does not allow any of those that could come next:");
    for (const std::size_t operation : history_.refused) {
      line("    " + step(operation, done[operation]) + "  " + said(history_.operations[operation]));
    }
  }

  const NotLinearizable& history_;
  const Spots& spots_;
  std::string text_;
};

}  // namespace

std::string letters_of(std::size_t operation) {
  constexpr std::size_t alphabet = 26;
  std::string text(1, static_cast<char>('A' + static_cast<char>(operation % alphabet)));
  return operation < alphabet ? text : letters_of(operation / alphabet - 1) + text;
}

std::string text_of(const NotLinearizable& history, const Spots& spots) {
  return Text(history, spots).text();
}

}  // namespace lockstep::check
