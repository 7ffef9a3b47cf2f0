// checker/explore/sees_all.hpp: has a thread that waits seen all that there is to see?
#pragma once

#include <cstddef>

#include "checker/graph/graph.hpp"

namespace lockstep::check {

/// Does every read of the thread from its event number `first` on see the last write to its
/// location? Writes that change nothing may come later: such read-modify-writes as wrote the very
/// value that they saw, and so the one that the read saw.
[[nodiscard]] bool sees_all(const Graph& graph, std::size_t thread, std::size_t first);

/// The same of a thread that saw that write there.
[[nodiscard]] bool sees_all_behind(const Graph& graph, Location location, EventId write);

}  // namespace lockstep::check
