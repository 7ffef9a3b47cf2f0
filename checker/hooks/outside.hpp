// checker/hooks/outside.hpp: what reaches out of an execution, and how it is refused.
//
// Decided by what is asked for, not by who asks: the C++ library opens a file because the program has
// a stream opened. Only what the C library and the loader do for themselves is their own affair.
#pragma once

#include <string>

#include "checker/hooks/caller.hpp"
#include "checker/hooks/hook.hpp"
#include "checker/hooks/real.hpp"

namespace lockstep::check {

/// The modelled thread whose doing a call is, or null.
[[nodiscard]] inline Thread* asking(const void* call) {
  Thread* const me = modelled();
  if (me == nullptr) return nullptr;
  const NativeScope native;
  return is_in_c_library(call) ? nullptr : me;
}

[[noreturn]] inline void refuse(Thread& me, const char* name, const char* why, void* call) {
  const Hook hook(me, call);
  hook->fail(me, Wrong::unsupported, std::string(name) + " is not modelled: " + why);
}

/// Why files are not written, however it is asked for.
inline constexpr const char* writes_file =
    "a file that it writes stays changed in the next execution; print, or keep it in memory";

/// An integer or a pointer, in a register.
using Word = long;

/// Whatever takes at most six words and returns one can be called as this, and be defined as this, a
/// function with `...` too: they are all in registers, by the conventions of x86-64 and AArch64.
using AnyFunction = Word(Word, Word, Word, Word, Word, Word);

}  // namespace lockstep::check

/// Begins the definition of `name` as any function, under another name for the compiler, which knows some
/// of them otherwise.
#define LOCKSTEP_EXPORT_ANY(name)                                                                 \
  LOCKSTEP_EXPORT lockstep::check::Word any_##name(                                               \
      lockstep::check::Word, lockstep::check::Word, lockstep::check::Word, lockstep::check::Word, \
      lockstep::check::Word, lockstep::check::Word) asm(#name);                                   \
  LOCKSTEP_EXPORT lockstep::check::Word any_##name(                                               \
      [[maybe_unused]] lockstep::check::Word a, [[maybe_unused]] lockstep::check::Word b,         \
      [[maybe_unused]] lockstep::check::Word c, [[maybe_unused]] lockstep::check::Word d,         \
      [[maybe_unused]] lockstep::check::Word e, [[maybe_unused]] lockstep::check::Word f)

/// Goes on to the function itself, from within its definition.
#define LOCKSTEP_CALL_REAL(name)                                                          \
  [&] {                                                                                   \
    static auto* const real = lockstep::check::real<lockstep::check::AnyFunction>(#name); \
    return real(a, b, c, d, e, f);                                                        \
  }()
