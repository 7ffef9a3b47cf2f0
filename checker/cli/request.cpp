#include "checker/cli/request.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "checker/report/shell.hpp"

namespace lockstep::cli {
namespace {

std::string_view ending(std::string_view file) {
  const std::size_t dot = file.rfind('.');
  return dot == std::string_view::npos ? std::string_view{} : file.substr(dot + 1);
}

bool is_cxx(std::string_view file) {
  constexpr std::array<std::string_view, 6> endings{"cc", "cpp", "cxx", "c++", "C", "cp"};
  return std::find(endings.begin(), endings.end(), ending(file)) != endings.end();
}

/// What follows a word, which goes with it.
std::vector<std::string> take_after(std::vector<std::string>& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return {};
  std::vector<std::string> after(found + 1, words.end());
  words.erase(found, words.end());
  return after;
}

void refuse_flag(std::string_view flag) {
  for (const std::string_view begin : {"-fsanitize", "-flto", "-static"}) {
    if (flag.starts_with(begin)) {
      throw UsageError(std::string(flag) + ": the checker does not work with that");
    }
  }
}

/// Of those that say which executions to explore, how fast, and what to make of them.
bool is_of_search(std::string_view flag) {
  constexpr std::array<std::string_view, 12> names{
      "--jobs",    "--random", "--seed", "--max-executions", "--time-limit", "--replay",
      "--explain", "--html",   "--dot",  "--json",           "--quiet",      "--progress"};
  return std::find(names.begin(), names.end(), flag.substr(0, flag.find('='))) != names.end();
}

}  // namespace

std::string repeating(const Request& request) {
  std::string command = "lockstep check --replay={token}";
  const auto add = [&](const std::vector<std::string>& words, const std::string& before) {
    if (!words.empty()) command += before;
    for (const std::string& word : words) command += ' ' + check::for_shell(word);
  };
  std::vector<std::string> flags = request.flags;
  std::erase_if(flags, is_of_search);
  add(flags, "");
  add(request.files, "");
  add(request.arguments, " --args");
  add(request.compiler_flags, " --");
  return command;
}

bool is_c(const std::string& file) { return ending(file) == "c"; }

Request request_of(std::vector<std::string> words) {
  Request request;
  request.compiler_flags = take_after(words, "--");
  request.arguments = take_after(words, "--args");
  std::for_each(request.compiler_flags.begin(), request.compiler_flags.end(), refuse_flag);
  while (!words.empty()) {
    if (words.front().starts_with("--")) {
      request.flags.push_back(take_flag(words, request.settings));
      continue;
    }
    const std::string file = words.front();
    if (!is_c(file) && !is_cxx(file)) {
      throw UsageError(file + " is neither an option nor the name of a C or C++ source file");
    }
    request.files.push_back(file);
    words.erase(words.begin());
  }
  if (request.files.empty()) throw UsageError("there is no file to check");
  const check::Options& options = request.settings.options;
  if (options.random_walks != 0 && !options.replay.empty()) {
    throw UsageError("either --random or --replay");
  }
  if (!options.resume.empty() && (options.random_walks != 0 || !options.replay.empty())) {
    throw UsageError("--resume goes neither with --random nor with --replay");
  }
  return request;
}

}  // namespace lockstep::cli
