// checker/runtime/describe.hpp: what a recorded run lacks for its report.
#pragma once

#include "checker/report/finding.hpp"
#include "checker/runtime/execution.hpp"

namespace lockstep::check {

/// Adds the graph, the places and the kind of error of the run that ended wrong.
void describe(Execution& execution, const Graph& graph, Finding& finding);

}  // namespace lockstep::check
