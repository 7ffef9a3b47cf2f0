// checker/report/synchronization.hpp: which events synchronize with which.
//
// A graph keeps for each event what happens before it, but not by which steps. These are the steps, few enough to be
// drawn: with program order they come to happens-before, (po u sw)+. What follows from others is left out: of the
// releases that a read-modify-write's release sequence goes back to, those that happen before a later one.
// Checked by: tests/oracle/synchronization_test.cpp, tests/report/diagram_test.cpp
#pragma once

#include <vector>

#include "checker/graph/graph.hpp"

namespace lockstep::check {

struct Synchronized {
  EventId from,
      to;  // a release, its fence, a create, an end; what acquires, or what the create or end leads to
};

/// Between threads only. Where every read synchronizes, those with what another thread wrote.
[[nodiscard]] std::vector<Synchronized> synchronizations_of(const Graph& graph);

}  // namespace lockstep::check
