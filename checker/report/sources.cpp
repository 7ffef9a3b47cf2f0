#include "checker/report/sources.hpp"

#include <algorithm>
#include <charconv>
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
  const std::size_t colon = spot.place.rfind(':');
  int line = 0;
  if (colon != std::string::npos) {
    const char* const end = spot.place.data() + spot.place.size();
    std::from_chars(spot.place.data() + colon + 1, end, line);
  }
  const long file = line == 0 ? -1 : number_of(spot.place.substr(0, colon), line);
  return '[' + std::to_string(file) + ", " + std::to_string(line) + ", " +
         json::quoted(spot.function) + ", " + json::quoted(spot.place) + ']';
}

long Sources::number_of(const std::string& name, int line) {
  auto file = std::find_if(files_.begin(), files_.end(),
                           [&](const File& file) { return file.name == name; });
  if (file == files_.end()) {
    const auto path = spots_.paths().find(name);
    if (path == spots_.paths().end()) return -1;
    file = files_.insert(file, {name, path->second, line, line});
  }
  file->first = std::min(file->first, line);
  file->last = std::max(file->last, line);
  return file - files_.begin();
}

std::string Sources::json() const {
  constexpr int around = 40;
  return json::array(files_, [](const File& file) {
    const int first = std::max(1, file.first - around);
    json::Object object;
    object.text("name", file.name);
    object.text("path", file.path);
    object.number("first", first);
    object.member("lines",
                  json::array(lines_of(file.path, first, file.last + around), json::quoted));
    return object.done();
  });
}

}  // namespace lockstep::check
