// tests/mutants/switch.hpp: which mutant is switched on, and which were asked for.
//
// For whoever runs programs that are built with the mutated copies. One thread at a time, as explorations are.
#pragma once

#include <cstdint>
#include <vector>

namespace mutants {

/// From now on that one; 0: none.
void switch_on(unsigned number) noexcept;

/// Ends the process with that status when the copies have asked so often from now on: a mutant may have a loop turn
/// for ever in which there is nothing else that anybody could notice.
void exit_after(std::uint64_t questions, int status) noexcept;

/// Those that some execution came to since the last call, in order of their numbers.
[[nodiscard]] std::vector<unsigned> take_met();

}  // namespace mutants
