// tests/scenarios/scenario.hpp: all that a scenario may use besides the library.
//
// A scenario is a struct: what its threads share, `threads` (how many there are), `thread(index)`
// (what each of them does) and, if there is something to say when all have ended, `finish()`.
// README.md says how to write one and who runs them.
//
// A runner that has its own idea of shared data and of failing defines LOCKSTEP_SCENARIO_TOOLS as
// the name of a header that brings scenarios::Shared and scenarios::require instead of those here.
#pragma once

#include <chrono>

#ifdef LOCKSTEP_SCENARIO_TOOLS
#include LOCKSTEP_SCENARIO_TOOLS
#else
#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace scenarios {

/// Plain data that threads share: what the primitives have to protect.
template <class T>
using Shared = T;

/// States a claim of the scenario.
inline void require(bool holds, std::source_location where = std::source_location::current()) {
  if (holds) return;
  std::fprintf(stderr, "%s:%u: not so, in %s\n", where.file_name(), unsigned{where.line()},
               where.function_name());
  std::abort();
}

}  // namespace scenarios
#endif

namespace scenarios {

/// A timeout short enough to run into what the other threads do, whichever comes first.
inline constexpr std::chrono::microseconds brief{20};

/// The scenarios of a header, for the runners.
template <class... Scenarios>
struct List {};

}  // namespace scenarios
