// checker/report/race.hpp: why nothing orders two accesses.
//
// Something of what follows the first access in its thread (or of what that synchronizes with) would
// have to happen before the second. Looked for, in this order:
//   1. a read before the second that sees a write which carries the first, but does not synchronize
//      with it: the read does not acquire, or the write does not release, or both;
//   2. the same over more than one such step: a read that sees a write which depends on the first;
//   3. a read that sees a write after which another would have been the right one to see: the
//      release sequence of the right one ended in between.
// Otherwise the threads never synchronize.
// Checked by: tests/report/race_test.cpp
#pragma once

#include <string>
#include <vector>

#include "checker/report/glossary.hpp"

namespace lockstep::check {

/// Does the first access happen before the second, which came later?
[[nodiscard]] bool are_ordered(const Graph& graph, const PlainAccess& first,
                               const PlainAccess& second);

/// The reason in lines, for accesses of two threads that are not ordered.
[[nodiscard]] std::vector<std::string> why_unordered(const Glossary& glossary,
                                                     const PlainAccess& first,
                                                     const PlainAccess& second);

}  // namespace lockstep::check
