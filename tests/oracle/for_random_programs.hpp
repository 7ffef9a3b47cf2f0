// tests/oracle/for_random_programs.hpp: a property, asked of many random programs. The first that lacks it is printed as text
// and ends the test; its name has its seed.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>

#include "program_text.hpp"
#include "random.hpp"

namespace oracle {

template <typename Check>
void for_random_programs(std::uint64_t first, std::uint64_t count, Check check) {
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Program program = random_program(seed);
    SCOPED_TRACE(to_string(program));
    check(program);
    if (::testing::Test::HasFailure()) return;  // one program is enough to look at
  }
}

}  // namespace oracle
