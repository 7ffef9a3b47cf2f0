// checker/cli/unseen.hpp: atomic instructions that the instrumentation did not see.
//
// What inline assembly does is run, and not seen: a lock made of it would let every execution but one be left out, and the
// verdict be that the program passes. So a program with such an instruction in its object files is refused, whether or not it
// would be executed. Assembly without one is let through: it may be a hint to the processor, or a fence.
#pragma once

#include <string>

namespace lockstep::cli {

/// The first of an object file or an archive of them, and where it comes from, as far as is known: "file:line: instruction".
/// Nothing if there is none, or no objdump to ask. Clang leaves a load of 16 bytes, a `lock cmpxchg16b`, beside the call
/// that it has made of it: in what it compiles these are passed over.
[[nodiscard]] std::string unseen_atomic_in(const std::string& object, bool is_of_clang);

/// Does this object file, or one of this archive, report its accesses? True if there is no objdump to ask.
[[nodiscard]] bool is_instrumented(const std::string& object);

}  // namespace lockstep::cli
