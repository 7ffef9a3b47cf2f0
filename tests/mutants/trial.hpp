// tests/mutants/trial.hpp: a scenario explored with a mutant switched on.
#pragma once

#include <cstdint>
#include <string>

#include "lockstep/check.hpp"
#include "programs.hpp"

namespace mutants {

/// How hard to look: executions at random, the same each time, until one is wrong; if none is, so many in order.
struct Effort {
  std::uint64_t walks;
  std::uint64_t executions;
};

/// The mutant 0 is none.
lockstep::check::Result tried(std::size_t mutant, const model::Program& program,
                              const Effort& effort);

/// Does that refuse the mutant? An execution is wrong; or some go on and on, up to the bound on their events, though
/// it is known that without the mutant all of them end: it polls where it should sleep. Or one loops for
/// ever without an atomic operation. What else the checker says it cannot check is no refusal.
bool refuses(const lockstep::check::Result& result, const model::Program& program);

/// The first line of the report, "data race on ...", with paths from the project's root; or "it goes on and on".
std::string what_is_wrong(const lockstep::check::Result& result);

/// Throws std::invalid_argument if there is none of that name.
model::Program program_named(const std::string& name);

}  // namespace mutants
