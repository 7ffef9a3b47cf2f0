// checker/cli/runner.cpp: the main() of a program that `lockstep check` has built. The program's own, renamed,
// is explored.
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "checker/cli/json.hpp"
#include "checker/cli/progress.hpp"
#include "checker/cli/settings.hpp"
#include "lockstep/check.hpp"

extern "C" {
// Weak: a program without a main() is refused with a better message than the linker's.
int lockstep_program_main(int argc, char** argv, char** environment) __attribute__((weak));
void lockstep_probe(int* atomic, int* plain);
}

namespace lockstep::cli {
namespace {

constexpr int could_not_tell = 2;

/// The arguments of the program, which may change them, as they are at the beginning of each execution.
class Arguments {
 public:
  explicit Arguments(std::vector<std::string> words)
      : words_(std::move(words)), copies_(words_), pointers_(words_.size() + 1) {}

  char** renewed() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      words_[i].copy(copies_[i].data(), words_[i].size());
      pointers_[i] = copies_[i].data();
    }
    pointers_.back() = nullptr;
    return pointers_.data();
  }
  [[nodiscard]] int count() const noexcept { return static_cast<int>(words_.size()); }
  [[nodiscard]] const std::string& program() const noexcept { return words_.front(); }

 private:
  const std::vector<std::string> words_;
  std::vector<std::string> copies_;
  std::vector<char*> pointers_;
};

void probe(std::atomic<int>& atomic, int& plain) {
  lockstep_probe(reinterpret_cast<int*>(&atomic), &plain);
}

int exit_status(const check::Result& result) {
  switch (result.verdict) {
    case check::Verdict::passed:
      return 0;
    case check::Verdict::failed:
      return 1;
    case check::Verdict::bounded:
    case check::Verdict::refused:
      break;
  }
  return could_not_tell;
}

/// Of the report its first line, and the token.
check::Result shortened(check::Result result) {
  result.report.resize(std::min(result.report.size(), result.report.find('\n') + 1));
  if (!result.token.empty()) result.report += "replay token: " + result.token + '\n';
  return result;
}

int explore(const Settings& settings, Arguments& arguments) {
  check::Options options = settings.options;
  options.is_whole_program = true;
  const auto program = [&] {
    std::exit(lockstep_program_main(arguments.count(), arguments.renewed(), environ));
  };
  std::optional<ProgressLine> line;
  if (!settings.is_quiet) {
    line.emplace();
    options.progress_interval = settings.progress_interval.value_or(line->interval());
    options.on_progress = [&](const check::Progress& progress) { line->show(progress); };
  }
  const check::Result result = check::explore(program, options, &probe);
  line.reset();
  if (settings.is_json) {
    std::cout << json_of(result) << '\n';
  } else {
    std::cout << (settings.is_quiet ? shortened(result) : result);
  }
  return exit_status(result);
}

int run(std::vector<std::string> words) {
  if (lockstep_program_main == nullptr) {
    throw UsageError(
        "none of the files has a main(); name the one that has it too, or link a test that calls "
        "explore() "
        "with lockstep::checker");
  }
  Settings settings;
  while (!words.empty() && words.front() != "--args") take_flag(words, settings);
  if (!words.empty()) words.erase(words.begin());
  Arguments arguments(std::move(words));
  // For the file that Ctrl-C leaves behind: the source's, not that of a folder which is gone then.
  std::string name = arguments.program().substr(arguments.program().rfind('/') + 1);
  program_invocation_short_name = name.data();
  return explore(settings, arguments);
}

}  // namespace
}  // namespace lockstep::cli

int main(int argc, char** argv) {
  try {
    return lockstep::cli::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "lockstep: " << error.what() << '\n';
    return lockstep::cli::could_not_tell;
  }
}
