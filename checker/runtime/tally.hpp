// checker/runtime/tally.hpp: what a worker process tells the one that it works for.
#pragma once

#include <string>
#include <string_view>

#include "lockstep/check.hpp"

namespace lockstep::check {

/// What a worker found: counts, outcomes, and of an error what it is and its token.
[[nodiscard]] std::string packed(const Result& found);

/// Adds to `result` what a worker found. False: the text is not all that it had to say, and nothing is added.
[[nodiscard]] bool add_packed(std::string_view text, Result& result);

}  // namespace lockstep::check
