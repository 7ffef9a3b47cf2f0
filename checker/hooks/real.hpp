// checker/hooks/real.hpp: the functions that hooks stand before.
#pragma once

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace lockstep::check {

/// The next definition of a function after ours: the C library's.
template <class Function>
[[nodiscard]] Function* real(const char* name) {
  void* const found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) {
    std::fprintf(stderr, "lockstep::check: the C library has no %s\n", name);
    std::_Exit(2);
  }
  return reinterpret_cast<Function*>(found);
}

}  // namespace lockstep::check
