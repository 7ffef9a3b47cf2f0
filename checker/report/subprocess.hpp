// checker/report/subprocess.hpp: what another program prints.
#pragma once

#include <string>
#include <vector>

namespace lockstep::check {

/// Runs `words[0]`, looked for in PATH, with the other words as its arguments, nothing to read and
/// nobody to complain to. What it printed; nothing if there is no such program, or a signal ended it.
[[nodiscard]] std::string output_of(const std::vector<std::string>& words);

}  // namespace lockstep::check
