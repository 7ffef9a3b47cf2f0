// checker/cli/process.hpp: runs other programs.
#pragma once

#include <string>
#include <vector>

namespace lockstep::cli {

/// Runs `words[0]`, looked for in PATH, with the other words as its arguments and with our input and
/// output, to its end. Returns its exit status, or says on stderr what became of it and returns -1. Whoever
/// asks us meanwhile to end (SIGINT, SIGTERM, SIGHUP) asks that program instead.
int run(const std::vector<std::string>& words);

}  // namespace lockstep::cli
