// checker/runtime/tally.hpp: what a worker process tells the one that it works for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checker/graph/packing.hpp"
#include "lockstep/check.hpp"

namespace lockstep::check {

/// What was found: counts, outcomes, and of an error what it is and its token.
void pack(Packer& to, const Result& found);
/// Throws std::invalid_argument if that is not what is there.
[[nodiscard]] Result unpack_result(Unpacker& from);

/// What a worker found. `rests`: what it and its own workers left undone.
[[nodiscard]] std::string packed(const Result& found, const std::vector<std::string>& rests);

/// Adds to `result` what a worker found, and to `rests` what it left undone, if anything. False: the text is not all
/// that it had to say, and nothing is added.
[[nodiscard]] bool add_packed(std::string_view text, Result& result,
                              std::vector<std::string>& rests);

}  // namespace lockstep::check
