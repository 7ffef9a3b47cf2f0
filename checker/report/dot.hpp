// checker/report/dot.hpp: a finding as a graph for Graphviz: `dot -Tsvg`.
//
// A column for each thread, time from top to bottom, and to the left where in the source each event is. Plain lines are
// po; arrows are rf (blue, unless they synchronize), sw (green), co (dashed, brown; left out within a thread), the order
// of creations, ends, joins and wakes (grey). Red is what the finding is about.
// Checked by: tests/report/dot_test.cpp
#pragma once

#include <string>

#include "checker/report/finding.hpp"
#include "checker/report/symbols.hpp"

namespace lockstep::check {

[[nodiscard]] std::string dot_of(const Finding& finding, const Symbols& symbols);

}  // namespace lockstep::check
