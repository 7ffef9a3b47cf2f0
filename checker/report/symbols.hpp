// checker/report/symbols.hpp: from addresses of this process to its source.
//
// addr2line and nm of binutils are asked, once for each module (the executable, each shared library)
// and not once for each address. Whoever compiles with g++ has them, and with clang on Debian; without
// them, or without debug information, functions still have the names that the dynamic linker knows,
// and all else is module+offset. nm, too, rather than reading .symtab here: with a program run already
// for the lines, its output is 20 lines to parse, an ELF reader and the demangling are 80.
//
// What variables are made of, and where they are in a frame, is asked of libdw (debug_info.hpp).
//
// To be called on an ordinary thread, outside an exploration.
// Checked by: tests/report/symbols_test.cpp
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "checker/report/finding.hpp"

namespace lockstep::check {

/// One call in a backtrace; inlined calls have theirs. The file is empty and the line 0 if unknown.
struct Frame {
  std::string function;
  std::string file;
  int line = 0;
};

/// What is known of addresses.
struct Symbols {
  /// Of a return address: the call before it, after all those that were inlined into it.
  std::map<std::uintptr_t, std::vector<Frame>> code;
  /// Of an address of data: the variable there, "name", "name.member[1]", or "name+8". Only of those in a global, or in a
  /// variable of a function.
  std::map<std::uintptr_t, std::string> data;
};

[[nodiscard]] Symbols symbols_of(const std::vector<std::uintptr_t>& return_addresses,
                                 const std::vector<std::uintptr_t>& data_addresses,
                                 const std::map<std::uintptr_t, InFrame>& on_stacks = {});

}  // namespace lockstep::check
