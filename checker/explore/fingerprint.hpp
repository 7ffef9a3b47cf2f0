// checker/explore/fingerprint.hpp: 128 bits that tell execution graphs apart, whatever the order in
// which their events were added. For the mode that proves that none comes twice.
#pragma once

#include <compare>
#include <cstdint>

#include "checker/graph/graph.hpp"

namespace lockstep::check {

struct Fingerprint {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend constexpr auto operator<=>(const Fingerprint&, const Fingerprint&) noexcept = default;
};

[[nodiscard]] Fingerprint fingerprint_of(const Graph& graph);

}  // namespace lockstep::check
