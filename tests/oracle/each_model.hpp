// tests/oracle/each_model.hpp: what is asked of each memory model, of the checker's and of the enumerator's together; and of how
// many random programs.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

#include "axioms.hpp"
#include "checker/model/model.hpp"

namespace oracle {

struct EachCase {
  const lockstep::check::Model& checked;
  Model enumerated;
};

inline const EachCase each_model[] = {{lockstep::check::rc11(), models[0]},
                                      {lockstep::check::sc(), models[1]},
                                      {lockstep::check::tso(), models[2]}};

/// For INSTANTIATE_TEST_SUITE_P.
inline constexpr auto name_of_model = [](const auto& info) {
  return std::string(info.param.checked.name());
};

/// LOCKSTEP_ORACLE_PROGRAMS in the environment, or else so many.
[[nodiscard]] inline std::uint64_t number_of_programs(std::uint64_t usually) {
  const char* const wanted = std::getenv("LOCKSTEP_ORACLE_PROGRAMS");
  return wanted == nullptr ? usually : std::stoull(wanted);
}

}  // namespace oracle
