// checker/history/linearization.hpp: an order of operations that a sequential reference object allows.
//
// Depth first, as Wing and Gong ("Testing and verifying concurrent objects", JPDC 1993): of the steps that may
// be next, try each. A state of the reference that was no good once after the same steps is no good
// again (Lowe, "Testing for linearizability", 2017), so that operations which do not mind each other's order
// cost no more than their subsets.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lockstep/check/history.hpp"

namespace lockstep::check::history {

/// What there is to put in order.
struct Operation {
  std::vector<Step> steps;         // in this order, anything may come between
  std::vector<std::size_t> after;  // the operations that had returned when it was called
};

struct Linearization {
  bool is_whole = false;
  /// Whose next step comes next. If not whole: the longest, or one of them, that the reference allows.
  std::vector<std::size_t> order;
};

[[nodiscard]] Linearization linearize(const AnyReference& initial,
                                      const std::vector<Operation>& operations);

/// Where an order of the reference came to.
struct Stuck {
  std::string state;  // of the reference, as it says it
  std::vector<std::size_t>
      refused;  // operations whose next step may be next, but for the reference
};
[[nodiscard]] Stuck stuck_after(const std::vector<std::size_t>& order, const AnyReference& initial,
                                const std::vector<Operation>& operations);

}  // namespace lockstep::check::history
