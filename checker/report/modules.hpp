// checker/report/modules.hpp: which file each address of this process was loaded from.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lockstep::check {

/// The executable, or a shared library.
struct Module {
  std::string path;
  std::uintptr_t bias = 0;  // what was added to the file's addresses
  std::vector<std::pair<std::uintptr_t, std::uintptr_t>> segments;  // [begin, end)

  [[nodiscard]] bool contains(std::uintptr_t address) const noexcept;
};

[[nodiscard]] std::vector<Module> loaded_modules();

}  // namespace lockstep::check
