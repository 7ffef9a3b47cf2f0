// checker/explore/bug.hpp: for what no program, right or wrong, can bring about.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace lockstep::check {

[[noreturn]] inline void checker_bug(const char* what) {
  std::fprintf(stderr, "checker bug: %s\n", what);
  std::abort();
}

}  // namespace lockstep::check
