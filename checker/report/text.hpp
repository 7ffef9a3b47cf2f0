// checker/report/text.hpp: the report of a finding for people, from what is known of its addresses.
// Checked by: tests/report/text_test.cpp
#pragma once

#include <string>

#include "checker/report/finding.hpp"
#include "checker/report/glossary.hpp"
#include "checker/report/symbols.hpp"

namespace lockstep::check {

/// The finding for people: what, where, the execution with a column for each thread, why, and the token.
[[nodiscard]] std::string text_of(const Finding& finding, const Symbols& symbols);

/// Its first line. Of a race also on what: as the smaller access says, in case the other is of a whole word.
[[nodiscard]] std::string title_of(const Glossary& glossary);

/// What the execution printed, with the thread before each line. Nothing if it did not.
[[nodiscard]] std::string text_of(const std::vector<Printed>& printed);

/// What is known of all addresses in a finding.
[[nodiscard]] Symbols symbols_of(const Finding& finding);

}  // namespace lockstep::check
