#include "planted.hpp"

#include <algorithm>
#include <istream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace mutants {

namespace {

void add_line(std::string& text, const std::string& line) {
  if (!text.empty()) text += '\n';
  text += line;
}

void replace_each(std::string& text, const std::string& word, const std::string& by) {
  for (std::size_t at; (at = text.find(word)) != text.npos;) text.replace(at, word.size(), by);
}

}  // namespace

std::vector<Planted> read_planted(std::istream& in) {
  std::vector<Planted> all;
  std::string line;
  for (unsigned number = 1; std::getline(in, line); ++number) {
    if (line.empty() || line.starts_with('#')) continue;
    const bool is_piece = line.starts_with("- ") || line.starts_with("+ ");
    if (is_piece && !all.empty()) {
      add_line(line[0] == '-' ? all.back().good : all.back().bad, line.substr(2));
      continue;
    }
    std::istringstream words(line);
    Planted next;
    if (is_piece || !(words >> next.file >> next.name) || (words >> line)) {
      throw std::invalid_argument("planted.txt:" + std::to_string(number) +
                                  ": a line is `file name`, `- good` or `+ bad`");
    }
    all.push_back(std::move(next));
  }
  return all;
}

std::string with_planted(const std::string& file, std::string text,
                         const std::vector<Planted>& planted, std::vector<Mutant>& all) {
  for (const Planted& bug : planted) {
    if (bug.file != file) continue;
    const std::size_t at = text.find(bug.good);
    if (at == text.npos || text.find(bug.good, at + 1) != text.npos) {
      throw std::invalid_argument(
          "planted.txt: " + bug.name + ": " + file +
          (at == text.npos ? " does not have:\n  " : " has more than once:\n  ") + bug.good);
    }
    const std::size_t number = all.size() + 1;
    const auto line = static_cast<unsigned>(
        std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1);
    const std::string function = Source(text).function_at(at);
    std::string bad = bug.bad;
    replace_each(bad, "PLANTED", "::mutants::is(" + std::to_string(number) + ")");
    text.replace(at, bug.good.size(), bad);
    all.push_back({number, "planted", file, line, function, bug.name, bug.bad});
  }
  return text;
}

}  // namespace mutants
