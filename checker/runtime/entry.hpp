// checker/runtime/entry.hpp: what explore() refuses of its caller before anything is explored.
#pragma once

#include "lockstep/check.hpp"

namespace lockstep::check {

/// Throws std::invalid_argument if an option has a value that it cannot have, or one that another makes senseless.
void check_values(const Options& options);

/// While there is one, no other exploration can begin in this process: all share the arena, the signal handlers and what
/// is put back after an execution. Throws std::logic_error if there is one. Thread-safe.
class Entry {
 public:
  Entry();
  ~Entry();
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;
};

}  // namespace lockstep::check
