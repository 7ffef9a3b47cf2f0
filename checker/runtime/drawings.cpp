#include "checker/runtime/drawings.hpp"

#include <execinfo.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>

#include "checker/report/dot.hpp"
#include "checker/report/page.hpp"
#include "checker/report/test_name.hpp"

namespace lockstep::check {
namespace {

/// Nothing if it was written, else why not.
std::string write_file(const std::string& path, const std::string& text) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return {};
  return errno == 0 ? "it cannot be written" : std::strerror(errno);
}

std::vector<std::string> command_line() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

/// The test that called explore(), or nothing.
std::string test_on_stack() {
  std::array<void*, 128> calls;
  const int count = backtrace(calls.data(), static_cast<int>(calls.size()));
  Backtrace addresses;
  for (int i = 0; i < count; ++i) {
    addresses.push_back(reinterpret_cast<std::uintptr_t>(calls[static_cast<std::size_t>(i)]));
  }
  return test_among(addresses);
}

/// What runs, and how it is run again.
struct Run {
  std::string name;    // of a test, or else of the program
  std::string repeat;  // a command
};

Run this_run() {
  const std::vector<std::string> words = command_line();
  Run run;
  for (const std::string& word : words) {
    if (run.name.empty()) run.name = test_asked_for(word);
  }
  if (run.name.empty()) run.name = test_on_stack();
  run.repeat = "LOCKSTEP_REPLAY={token} " + command_of(words, run.name);
  if (run.name.empty()) run.name = program_invocation_short_name;
  for (char& c : run.name) {
    if (c == '/' || c == '.') c = '_';
  }
  return run;
}

/// One for each page of the process: "name.html", "name-2.html", ...
std::string file_in(const std::string& folder, const std::string& name) {
  static std::map<std::string, int> pages;
  const int nth = ++pages[name];
  return folder + '/' + name + (nth == 1 ? "" : '-' + std::to_string(nth)) + ".html";
}

}  // namespace

void Drawings::draw(const Finding& finding, const Symbols& symbols, const std::string& report) {
  discard();
  if (!options_.dot.empty()) {
    files_.push_back({options_.dot, "graph for Graphviz", dot_of(finding, symbols)});
  }
  draw_pages(finding, symbols, report);
}

void Drawings::draw_pages(const Finding& finding, const Symbols& symbols,
                          const std::string& report) {
  const char* const folder = std::getenv("LOCKSTEP_REPORT_DIR");
  const bool has_folder = folder != nullptr && *folder != '\0' && finding.wrong != Wrong::nothing;
  if (options_.html.empty() && !has_folder) return;
  const Run run = this_run();
  const std::string page =
      page_of(finding, symbols, report, options_.repeat.empty() ? run.repeat : options_.repeat);
  if (!options_.html.empty()) files_.push_back({options_.html, "page", page});
  if (has_folder) files_.push_back({folder, "page", page, run.name});
}

std::string Drawings::write() {
  std::string said;
  for (File& file : files_) {
    if (!file.name.empty()) {
      std::error_code ignored;  // writing says what is wrong
      std::filesystem::create_directories(file.path, ignored);
      file.path = file_in(file.path, file.name);
    }
    const std::string obstacle = write_file(file.path, file.text);
    said += file.what + ": " + file.path +
            (obstacle.empty() ? "" : " (not written: " + obstacle + ')') + '\n';
  }
  return said;
}

}  // namespace lockstep::check
