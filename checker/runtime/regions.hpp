// checker/runtime/regions.hpp: what the addresses of one process are in another that runs the same program.
//
// The arena is the same in each process. The executable and the libraries, the stack of the thread that explores and the heap
// that grows behind the executable may each be moved as a whole (address space layout randomization). An address is known
// by the region that it is in, and how far it is from a point there. Of others, such as those of large blocks that were
// allocated before, it is not known what they are in another process: an exploration with such is refused there.
//
// A number that happens to lie in a region is taken for an address: of 64 bits, these are few.
// Checked by: tests/checker/resume_test.cpp
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/graph/packing.hpp"

namespace lockstep::check {

class Regions {
 public:
  Regions() = default;
  /// Of this process. `on_stack`: an address on the stack that is the same call's in the other process.
  explicit Regions(std::uintptr_t on_stack);

  void pack(Packer& to) const;
  [[nodiscard]] static Regions unpacked(Unpacker& from);

  /// What an address of these is in the others; itself if it is in none.
  [[nodiscard]] std::uintptr_t moved(std::uintptr_t address, const Regions& others) const noexcept;

 private:
  struct Region {
    std::string name;
    std::uintptr_t begin = 0, end = 0;
    std::uintptr_t point = 0;
  };
  std::vector<Region> regions_;
};

}  // namespace lockstep::check
