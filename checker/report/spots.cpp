#include "checker/report/spots.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>

namespace lockstep::check {
namespace {

/// The folder of the checker's sources, as debug information has it too: -ffile-prefix-map is for both.
constexpr std::string_view the_checkers = [] {
  constexpr std::string_view here = __FILE__, within = "report/spots.cpp";
  static_assert(here.ends_with(within));
  return here.substr(0, here.size() - within.size());
}();

/// The end of a path, with so many components.
std::string ending(const std::string& path, std::size_t components) {
  std::size_t begin = path.size();
  while (components-- > 0 && begin != std::string::npos && begin > 0) {
    begin = path.rfind('/', begin - 1);
  }
  return begin == std::string::npos ? path : path.substr(begin + (path[begin] == '/' ? 1 : 0));
}

/// The shortest end of a path that no other path has.
std::string telling_end(const std::string& path, const std::set<std::string>& paths) {
  const auto components = static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) + 1;
  for (std::size_t n = 1; n < components; ++n) {
    const std::string name = ending(path, n);
    const auto has_it = [&](const std::string& other) { return ending(other, n) == name; };
    if (std::count_if(paths.begin(), paths.end(), has_it) == 1) return name;
  }
  return path;
}

}  // namespace

bool is_own(std::string_view file) noexcept {
  constexpr std::array<std::string_view, 8> not_own{
      "/include/c++/",       "/lib/gcc/",
      "/lib64/gcc/",         "/lib/clang/",
      "/bits/atomic_wait.h",  // of the library, but the checker's copy (atomic_wait.h.in)
      "/lockstep/check.hpp", "/lockstep/linearizability.hpp",
      the_checkers};
  return !file.empty() && !file.starts_with("/usr/include/") &&
         std::none_of(not_own.begin(), not_own.end(), [&](std::string_view part) {
           return file.find(part) != std::string_view::npos;
         });
}

std::string source_line(const std::string& file, int line) {
  std::ifstream lines(file);
  std::string text;
  for (int i = 0; i < line; ++i) {
    if (!std::getline(lines, text)) return {};
  }
  constexpr const char* blanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

Spots::Spots(const Symbols& symbols) : symbols_(symbols) { name_files(); }

void Spots::name_files() {
  std::set<std::string> files;
  for (const auto& [address, frames] : symbols_.code) {
    for (const Frame& frame : frames) {
      if (is_own(frame.file)) files.insert(frame.file);
    }
  }
  for (const std::string& path : files) names_[path] = telling_end(path, files);
}

std::vector<Frame> Spots::own_frames(const Backtrace& backtrace) const {
  std::vector<Frame> own;
  for (const std::uintptr_t address : backtrace) {
    const auto frames = symbols_.code.find(address);
    if (frames == symbols_.code.end()) continue;
    for (const Frame& frame : frames->second) {
      if (is_own(frame.file)) own.push_back(frame);
    }
  }
  return own;
}

Frame Spots::frame_of(const Backtrace& backtrace) const {
  const std::vector<Frame> own = own_frames(backtrace);
  if (!own.empty()) return own.front();
  if (backtrace.empty()) return {};
  const auto innermost = symbols_.code.find(backtrace.front());
  const bool known = innermost != symbols_.code.end() && !innermost->second.empty();
  return known ? innermost->second.front() : Frame{};
}

std::string Spots::place_of(const Frame& frame) const {
  if (frame.file.empty()) return frame.function.empty() ? "?" : frame.function;
  const auto name = names_.find(frame.file);
  return (name != names_.end() ? name->second : ending(frame.file, 1)) + ":" +
         std::to_string(frame.line);
}

Spot Spots::spot_of(const Frame& frame) const {
  return {frame.function, place_of(frame), frame.file, frame.line};
}

Spot Spots::of(const Backtrace& backtrace) const { return spot_of(frame_of(backtrace)); }

std::string Spots::place(const Backtrace& backtrace) const { return place_of(frame_of(backtrace)); }

std::string Spots::outermost_named(const Backtrace& backtrace) const {
  const std::vector<Frame> own = own_frames(backtrace);
  const auto found = std::find_if(own.rbegin(), own.rend(), [](const Frame& frame) {
    return frame.function.find("lambda") == std::string::npos &&
           frame.function.find("operator()") == std::string::npos;
  });
  return found == own.rend() ? std::string() : found->function;
}

std::vector<Spot> Spots::callers(const Backtrace& backtrace, std::size_t limit) const {
  const std::vector<Frame> own = own_frames(backtrace);
  std::vector<Spot> callers;
  for (std::size_t i = 1; i < own.size() && callers.size() < limit; ++i) {
    callers.push_back(spot_of(own[i]));
  }
  return callers;
}

}  // namespace lockstep::check
