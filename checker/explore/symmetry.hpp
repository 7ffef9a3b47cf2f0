// checker/explore/symmetry.hpp: of the executions that are permutations of identical threads, one.
//
// After Kokologiannakis, Marmanis, Vafeiadis, "SPORE: Combining Symmetry and Partial Order Reduction" (PLDI 2024).
// Let two threads be identical, and have seen the same so far. Then
//   Dependence  an event of the younger depends on the elder's of the same index (graph/elders.hpp)
//   Order       the younger sees no older write than the elder, and writes behind it; unless what the
//               younger sees, or did before, depends on what the elder did here
// Search explores the graphs in which Dependence has no cycle and Order holds, each once, as it would those of a
// stronger memory model: both are about what an event depends on, and what the search does by itself (the last
// write, the last place) always keeps them.
//
// Why every execution has a permutation among them. Take an order S of its events in which each comes after what it
// depends on, and name the threads so that whoever goes first is the elder. Suppose that a pair violates Order: the
// younger's event v sees an older write than the elder's u, and nothing that v sees or did before depends on u. Then
// move v, with whatever else it depends on, in S to before u, and name anew. Of the threads that had done the same
// so far the writes they see, from the eldest, are now a sequence that is lexicographically smaller; for all other
// such threads it is what it was. So this comes to an end.
//
// Why no two permutations of one: without the "unless" the sequence is sorted, which is one way. The "unless" is
// met only where po u rf u co has a cycle, which sc and tso do not allow. In rc11 there might be two; none were found.
//
// GenMC's SymmetryChecker.cpp (read, not run) has no "unless", and asks for Order also of threads that a write has told
// apart before. Done here, both lose executions: the first where relaxed reads see writes that are older in co but
// come later, the second of two threads `x.store(1); y.load()` beside `y.store(1)`.
// Checked by: tests/oracle/symmetry_test.cpp.
#pragma once

#include <cstddef>

#include "checker/graph/graph.hpp"

namespace lockstep::check {

namespace symmetry {
[[nodiscard]] bool may_see(const Graph& graph, EventId read, EventId write, bool fails);
[[nodiscard]] bool may_stand(const Graph& graph, EventId write, std::size_t place);
[[nodiscard]] bool may_choose(const Graph& graph, EventId choice, Value value);
void refuse_unlike_elder(const Graph& graph, EventId event);
}  // namespace symmetry

/// Does Order hold for the last read of a thread, if it saw that write? `fails`: for no reason, which counts as less
/// than that it succeeds.
[[nodiscard]] inline bool may_see_after_elders(const Graph& graph, EventId read, EventId write,
                                               bool fails) {
  return graph[read].elder == 0 || symmetry::may_see(graph, read, write, fails);
}

/// Does it hold for a write that is not in co, if it were put there at `place`?
[[nodiscard]] inline bool may_stand_after_elders(const Graph& graph, EventId write,
                                                 std::size_t place) {
  return graph[write].elder == 0 || symmetry::may_stand(graph, write, place);
}

/// Does it hold for a choice of `value`? 0, which the search picks by itself, counts as the most.
[[nodiscard]] inline bool may_choose_after_elders(const Graph& graph, EventId choice, Value value) {
  return graph[choice].elder == 0 || symmetry::may_choose(graph, choice, value);
}

/// Throws Divergence if the event is not what an elder did that had done and seen the same: they are
/// not identical.
inline void refuse_unlike_elder(const Graph& graph, EventId event) {
  if (graph[event].elder != 0) symmetry::refuse_unlike_elder(graph, event);
}

}  // namespace lockstep::check
