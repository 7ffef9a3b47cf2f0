// checker/machine/atomic_instruction.hpp: which instructions of the processors, as GNU's objdump writes them, read and write
// at once.
//
// Instrumented code has none of them: its atomic operations are calls. One that is there comes from inline assembly, or
// from a function that was kept from being instrumented.
#pragma once

#include <string_view>

namespace lockstep::check {

/// `text`: an instruction with its operands. Plain loads and stores in assembly look like any others, and fences change
/// nothing in memory: neither is said to be atomic here.
[[nodiscard]] constexpr bool is_atomic_instruction(std::string_view text) noexcept {
  if (text.starts_with("lock ")) return true;  // x86
  if (text.starts_with("xchg") && text.find('(') != std::string_view::npos) return true;
  for (const std::string_view name :
       {"ldxr", "ldaxr", "stxr", "stlxr", "swp", "cas", "ldadd", "ldclr", "ldset"}) {  // AArch64
    if (text.starts_with(name)) return true;
  }
  return false;
}

}  // namespace lockstep::check
