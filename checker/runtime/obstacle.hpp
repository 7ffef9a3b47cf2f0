// checker/runtime/obstacle.hpp: can anything be explored in this process?
#pragma once

#include <string>

namespace lockstep::check {

/// Why nothing can, or nothing. Reserves the arena the first time.
[[nodiscard]] std::string obstacle();

}  // namespace lockstep::check
