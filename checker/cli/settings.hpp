// checker/cli/settings.hpp: what `lockstep check` can be told, in one table.
//
// The command and the program that it builds (runner.cpp) both read the flags: the first to refuse what is
// wrong before it compiles anything, the second to do what they say.
#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "lockstep/check.hpp"

namespace lockstep::cli {

struct Settings {
  check::Options options;
  bool is_json = false;
  bool is_quiet = false;
  std::optional<std::chrono::milliseconds> progress_interval;  // none: as ProgressLine has it
  std::string compiler;
};

/// The command line is wrong. Says why.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Takes a flag off the beginning of `words`, with its value, and does what it says; `--name=value` is as good as
/// two words. Returns it as one word. Throws UsageError.
std::string take_flag(std::vector<std::string>& words, Settings& settings);

/// Is the flag of this word, as take_flag returned it, about which executions to explore, how fast, or what to make of
/// them? The others go for each execution, so also for one that is repeated.
[[nodiscard]] bool is_of_search(std::string_view word);

/// All flags, a line each.
[[nodiscard]] std::string help_of_flags();

}  // namespace lockstep::cli
