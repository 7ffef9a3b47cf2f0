// checker/runtime/saved.hpp: the file from which an exploration goes on.
//
//   lockstep exploration 2\n   then, packed (graph/packing.hpp): the options that matter; where things were in
//   memory; what was found so far; thread numbers; the rests of the searches of all processes; a checksum
//
// The rest of a search is a table of locations, each an address and a number, and parts (explore/packing.cpp) that
// call them by their place in the table: each process numbers locations as it meets them.
//
// What is not in it: which rounds of loops are known to be idle. They are found out again, in executions that are blocked.
// Checked by: tests/checker/resume_test.cpp
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checker/explore/search.hpp"
#include "checker/runtime/locations.hpp"
#include "checker/runtime/regions.hpp"
#include "lockstep/check.hpp"

namespace lockstep::check {

/// What is left of the search of one process, which knows what its locations are.
[[nodiscard]] std::string packed_rest(const std::vector<Search::Part>& parts,
                                      const Locations& locations);

struct Saved {
  Result found;  // counts, outcomes, and the time that it took
  std::chrono::microseconds elapsed{0};
  unsigned limits = 0;  // Execution::Limited
  std::vector<std::uint32_t> thread_numbers;
  std::vector<std::string> rests;  // packed
};

/// `on_stack`: see regions.hpp. Throws std::runtime_error.
void save(const std::string& file, const Saved& saved, const Options& options,
          std::uintptr_t on_stack);

/// What a file says, of an exploration with those options.
class Resumed {
 public:
  /// Throws std::invalid_argument, which says why, if there is no such file or it is of something else.
  Resumed(const std::string& file, const Options& options, std::uintptr_t on_stack);

  [[nodiscard]] const Saved& saved() const noexcept { return saved_; }
  /// What is left to do, in this process, where `locations` become known.
  [[nodiscard]] std::vector<Search::Part> parts(Locations& locations,
                                                Synchronization synchronization) const;

 private:
  void unpack(Unpacker& from);

  Saved saved_;
  Regions then_, now_;
};

}  // namespace lockstep::check
