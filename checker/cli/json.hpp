// checker/cli/json.hpp: a result for other programs.
#pragma once

#include <string>

#include "lockstep/check.hpp"

namespace lockstep::cli {

/// One JSON object, on one line.
[[nodiscard]] std::string json_of(const check::Result& result);

}  // namespace lockstep::cli
