// checker/report/linearization.hpp: a history that a sequential object could not have, for people.
#pragma once

#include <cstddef>
#include <string>

#include "checker/report/finding.hpp"
#include "checker/report/spots.hpp"

namespace lockstep::check {

/// What an operation is called: A, B, ... Z, AA, ...
[[nodiscard]] std::string letters_of(std::size_t operation);

/// The operations with their results and places; the order that they had anyhow; how far the reference goes
/// along with them.
[[nodiscard]] std::string text_of(const NotLinearizable& history, const Spots& spots);

}  // namespace lockstep::check
