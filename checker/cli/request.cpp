#include "checker/cli/request.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
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

void refuse_flag(const std::string& flag) {
  if (flag.starts_with("-fsanitize")) {
    throw UsageError(flag +
                     ": a sanitizer's runtime would stand in the place of the checker's, which "
                     "finds the same errors");
  }
  if (flag.starts_with("-flto")) {
    throw UsageError(
        flag +
        ": the checker's runtime, which is not instrumented, has to stay apart from the program");
  }
  if (flag == "-static" || flag == "-static-pie" || flag == "-static-libstdc++") {
    throw UsageError(flag +
                     ": the checker stands before functions of the C and the C++ library, which "
                     "have to be shared ones");
  }
}

/// Is there such a source file?
void require_source(const std::string& file) {
  if (file.starts_with('-')) {
    throw UsageError(
        file +
        " is no option of lockstep; what is meant for the compiler stands at the end, after --");
  }
  if (is_object(file)) {
    throw UsageError(
        file +
        " is compiled already, and not as the checker needs it: name its source files; "
        "a library stands at the end, as in -- -lm");
  }
  if (!is_c(file) && !is_cxx(file)) {
    throw UsageError(file + " is neither an option nor the name of a C or C++ source file");
  }
  if (!std::filesystem::exists(file)) throw UsageError("there is no file " + file);
}

void refuse_contradictions(const check::Options& options) {
  if (!options.resume.empty() && (options.random_walks != 0 || !options.replay.empty())) {
    throw UsageError("--resume goes neither with --random nor with --replay");
  }
  if (options.random_walks == 0) return;
  if (!options.replay.empty()) throw UsageError("either --random or --replay");
  if (options.jobs > 1) {
    throw UsageError(
        "either --random or --jobs; several processes walk at random if each is started with a "
        "--seed of its own");
  }
}

}  // namespace

bool is_object(const std::string& file) {
  if (file.starts_with('-')) return false;
  return ending(file) == "o" || ending(file) == "a" || ending(file) == "so";
}

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
    require_source(words.front());
    request.files.push_back(words.front());
    words.erase(words.begin());
  }
  if (request.files.empty()) throw UsageError("there is no file to check");
  refuse_contradictions(request.settings.options);
  return request;
}

}  // namespace lockstep::cli
