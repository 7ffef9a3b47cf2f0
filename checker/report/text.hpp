// checker/report/text.hpp: the report of a finding for people, from what is known of its addresses.
// Checked by: tests/report/text_test.cpp
#pragma once

#include <string>

#include "checker/report/finding.hpp"
#include "checker/report/symbols.hpp"

namespace lockstep::check {

/// text_of(finding), with symbols that were made before, or by a test.
[[nodiscard]] std::string text_of(const Finding& finding, const Symbols& symbols);

/// What is known of all addresses in a finding.
[[nodiscard]] Symbols symbols_of(const Finding& finding);

}  // namespace lockstep::check
