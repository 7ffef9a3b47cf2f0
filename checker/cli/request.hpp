// checker/cli/request.hpp: the words of one `lockstep check`, sorted.
//
//   lockstep check [options] FILE... [--args WORD...] [-- FLAG...]
#pragma once

#include <string>
#include <vector>

#include "checker/cli/settings.hpp"

namespace lockstep::cli {

struct Request {
  Settings settings;
  std::vector<std::string> flags;           // of settings, as words, for the runner
  std::vector<std::string> files;           // to compile
  std::vector<std::string> arguments;       // of the program
  std::vector<std::string> compiler_flags;  // after what the checker needs
};

/// Throws UsageError.
[[nodiscard]] Request request_of(std::vector<std::string> words);

/// The command that explores only the execution of a token, for which "{token}" stands, in the words of the shell.
[[nodiscard]] std::string repeating(const Request& request);

/// Is this the name of a C source file, rather than a C++ one?
[[nodiscard]] bool is_c(const std::string& file);

/// Is this the name of what is compiled already?
[[nodiscard]] bool is_object(const std::string& file);

}  // namespace lockstep::cli
