#include "checker/report/sources.hpp"

#include <algorithm>
#include <fstream>

#include "checker/report/json.hpp"

namespace lockstep::check {
namespace {

/// The lines from `first` to `last` that there are.
std::vector<std::string> lines_of(const std::string& path, int first, int last) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  std::string line;
  for (int number = 1; number <= last && std::getline(file, line); ++number) {
    if (number >= first) lines.push_back(line);
  }
  return lines;
}

}  // namespace

std::string Sources::calls(const Backtrace& where) {
  if (where.empty()) return "[]";
  constexpr std::size_t most = 8;
  std::vector<Spot> spots{spots_.of(where)};
  for (Spot& caller : spots_.callers(where, most)) spots.push_back(std::move(caller));
  return json::array(spots, [&](const Spot& spot) { return call(spot); });
}

std::string Sources::call(const Spot& spot) {
  return '[' + std::to_string(number_of(spot)) + ", " + std::to_string(spot.line) + ", " +
         json::quoted(spot.function) + ", " + json::quoted(spot.place) + ']';
}

long Sources::number_of(const Spot& spot) {
  const auto name = spots_.names().find(spot.file);
  if (name == spots_.names().end() || spot.line == 0) return -1;
  auto file = std::find_if(files_.begin(), files_.end(),
                           [&](const File& file) { return file.path == spot.file; });
  if (file == files_.end()) {
    file = files_.insert(file, {name->second, spot.file, spot.line, spot.line});
  }
  file->first = std::min(file->first, spot.line);
  file->last = std::max(file->last, spot.line);
  return file - files_.begin();
}

std::string Sources::json() const {
  constexpr int around = 40;
  return json::array(files_, [](const File& file) {
    const int first = std::max(1, file.first - around);
    json::Object object;
    object.text("name", file.name);
    object.number("first", first);
    object.member("lines",
                  json::array(lines_of(file.path, first, file.last + around), json::quoted));
    return object.done();
  });
}

}  // namespace lockstep::check
