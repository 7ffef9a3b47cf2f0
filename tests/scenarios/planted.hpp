// tests/scenarios/planted.hpp: which of the bugs of mutants.cmake is switched on, for a program that is
// built with the headers that have them all.
#pragma once

#include <string_view>

namespace scenarios {

inline std::string_view planted;

}  // namespace scenarios
