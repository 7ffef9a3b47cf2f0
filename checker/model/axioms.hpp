// checker/model/axioms.hpp: the models in the words of their papers, as relations: the definition.
//
// The models themselves (rc11.cpp, sc.cpp, tso.cpp) decide the same in less time.
// Checked by: tests/oracle/model_test.cpp, which compares the two on every graph that a search asks
// about; tests/oracle/search_test.cpp.
#pragma once

#include "checker/graph/graph.hpp"

namespace lockstep::check::axioms {

[[nodiscard]] bool rc11(const Graph& graph);
[[nodiscard]] bool sc(const Graph& graph);
[[nodiscard]] bool tso(const Graph& graph);

}  // namespace lockstep::check::axioms
