// tests/relacy/execution.hpp: one execution of a scenario, as the stand-ins for atomics, data and
// system calls see it.
//
// Only Relacy's own threads get here: they take turns on one real thread, so nothing in here needs
// protection.
#pragma once

#include <cxxabi.h>

namespace under_relacy {

/// The state of the present execution that is not Relacy's.
struct Execution {
  unsigned number = 0;           // no two executions of the process have the same
  std::int64_t nanoseconds = 0;  // what the clocks show

  // What Relacy may choose to happen once; oftener would multiply the search and add nothing.
  bool has_leapt = false;         // the clocks, far ahead
  bool woke_for_nothing = false;  // a futex wait

  std::array<bool, 8> has_yielded{};  // each thread, since it last looked at an atomic
};

inline Execution execution;

/// Begins another.
inline void begin_execution() { execution = Execution{.number = execution.number + 1}; }

/// Yes or no, as Relacy's scheduler likes.
inline bool choose_to() { return rl::rand(2) == 1; }

/// Where we are, for Relacy's histories.
inline rl::debug_info position(const std::source_location& where) {
  if (!rl::ctx().collecting_history()) return {};
  const char* const slash = std::strrchr(where.file_name(), '/');
  return {"", slash == nullptr ? where.file_name() : slash + 1, unsigned{where.line()}};
}

/// What the C++ runtime knows about the exceptions that the calling thread has in flight. It keeps
/// this for each real thread; so every step at which Relacy may switch to another of its threads
/// sets it aside.
class Exceptions {
 public:
  Exceptions() : aside_(present()) {}
  ~Exceptions() { present() = aside_; }
  Exceptions(const Exceptions&) = delete;
  Exceptions& operator=(const Exceptions&) = delete;

  /// For a thread that begins: there are none.
  static void forget() { present() = {}; }

 private:
  struct Globals {  // as the Itanium C++ ABI has them
    void* caught;
    unsigned uncaught;
  };
  static Globals& present() { return *reinterpret_cast<Globals*>(abi::__cxa_get_globals()); }

  Globals aside_;
};

}  // namespace under_relacy
