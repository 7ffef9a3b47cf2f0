#include "verdicts.hpp"

#include <istream>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace mutants {

namespace {

constexpr std::string_view indent = "  ";
constexpr std::string_view equivalent = "equivalent";
constexpr std::size_t width = 118;

/// `text` in lines, each behind the indentation.
void write_wrapped(std::ostream& out, const std::string& text) {
  std::istringstream words(text);
  std::size_t column = width;
  for (std::string word; words >> word;) {
    const bool fits = column + 1 + word.size() <= width;
    if (fits) {
      out << ' ';
    } else {
      out << (column == width ? "" : "\n") << indent;
      column = indent.size();
    }
    out << word;
    column += word.size() + (fits ? 1 : 0);
  }
  out << '\n';
}

}  // namespace

Verdicts read_verdicts(std::istream& in) {
  Verdicts verdicts;
  Verdict* last = nullptr;
  std::string line;
  for (unsigned number = 1; std::getline(in, line); ++number) {
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t colon = line.find(": ");
    if (!line.starts_with(indent)) {
      last = &verdicts[line];
    } else if (last == nullptr) {
      throw std::invalid_argument("verdicts.txt:" + std::to_string(number) + ": of which mutant?");
    } else if (!last->argument.empty()) {
      last->argument += line.substr(indent.size() - 1);
    } else if (line.compare(indent.size(), equivalent.size(), equivalent) == 0) {
      last->argument = line.substr(colon + 2);
    } else if (colon != line.npos && last->scenario.empty()) {
      last->scenario = line.substr(indent.size(), colon - indent.size());
      last->wrong = line.substr(colon + 2);
    } else {
      throw std::invalid_argument("verdicts.txt:" + std::to_string(number) +
                                  ": neither `scenario: what` nor `equivalent: why`");
    }
  }
  return verdicts;
}

void write_verdicts(std::ostream& out, const Verdicts& verdicts) {
  out << "# What refuses each mutant; or why nothing can. Written by ./run verify, except the "
         "arguments\n"
         "# (`equivalent`), which people write.\n";
  for (const auto& [key, verdict] : verdicts) {
    out << '\n' << key << '\n';
    if (verdict.is_equivalent()) {
      write_wrapped(out, "equivalent: " + verdict.argument);
    } else {
      out << indent << verdict.scenario << ": " << verdict.wrong << '\n';
    }
  }
}

}  // namespace mutants
