// checker/report/debug_info.hpp: what the program calls its variables, by libdw of elfutils.
//
// The symbol table knows where globals begin. DWARF knows also what they are made of ("slots[1].turn"), and where
// the variables of a function are in its frame. What the standard library is made of is not told: an
// std::atomic<int> ends the name.
//
// Without libdw (LOCKSTEP_HAS_DW), or without debug information, nothing is known.
// Checked by: tests/report/symbols_test.cpp, tests/checker/names_test.cpp
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "checker/report/finding.hpp"
#include "checker/report/modules.hpp"

namespace lockstep::check {

/// The names of those addresses that are in globals of a module.
[[nodiscard]] std::map<std::uintptr_t, std::string> names_of_globals(
    const Module& module, const std::vector<std::uintptr_t>& addresses);

/// The names of those addresses that are in variables of functions of a module.
[[nodiscard]] std::map<std::uintptr_t, std::string> names_of_locals(
    const Module& module, const std::map<std::uintptr_t, InFrame>& addresses);

}  // namespace lockstep::check
