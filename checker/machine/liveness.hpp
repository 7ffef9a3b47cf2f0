// checker/machine/liveness.hpp: which registers the code at an address will not look at.
//
// A loop may keep what it read in a register that it overwrites before it looks at it again. What is in
// such a register when the loop begins is of no consequence, and must not make two states differ.
// The code is decoded from the address on, along every path, until each path has overwritten the
// register, or one may look at it. In doubt it does: at an indirect jump, at a return, at a call of
// anything but a hook (it may throw, and a handler may look).
#pragma once

#include <cstdint>

namespace lockstep::check {

/// A set of callee-saved registers, the n-th bit for Caller::registers[n]: those that are dead at this
/// return address. Without a disassembler (Debian package libcapstone-dev): none.
[[nodiscard]] std::uint32_t dead_registers(std::uintptr_t return_address);

}  // namespace lockstep::check
