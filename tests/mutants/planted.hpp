// tests/mutants/planted.hpp: the mutants written by hand, which planted.txt describes.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "operators.hpp"

namespace mutants {

/// One piece of a header, and what stands there instead if it is switched on.
struct Planted {
  std::string name;  // "last_look_omitted"
  std::string file;  // "wait/queue.hpp"
  std::string good;
  std::string bad;  // with PLANTED for "is it switched on"
};

/// Reads planted.txt. Throws std::invalid_argument if a line is none of its kinds.
std::vector<Planted> read_planted(std::istream& in);

/// The header with those that are for it, which are added to `all`. Throws std::invalid_argument if one's good
/// piece is not in it exactly once: the header has changed, and the bug needs its new place.
std::string with_planted(const std::string& file, std::string text,
                         const std::vector<Planted>& planted, std::vector<Mutant>& all);

}  // namespace mutants
