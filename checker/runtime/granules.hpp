// checker/runtime/granules.hpp: memory by the 8 bytes, as shadow.hpp has a cell for each.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace lockstep::check {

[[nodiscard]] inline void* pointer(std::uintptr_t address) noexcept {
  return reinterpret_cast<void*>(address);
}

/// Which of the 8 bytes around `address` an object of this size covers, from there on.
[[nodiscard]] inline std::uint8_t bytes_of(std::uintptr_t address, std::size_t size) noexcept {
  const std::size_t offset = address & 7;
  const std::size_t covered = std::min(size, 8 - offset);
  return static_cast<std::uint8_t>(((1U << covered) - 1) << offset);
}

[[nodiscard]] inline std::size_t count_of(std::uint8_t bytes) noexcept {
  return static_cast<std::size_t>(std::popcount(bytes));
}

/// Calls visit(address, bytes) for each 8 bytes that a range has a part of.
template <class Visit>
void for_each_granule(std::uintptr_t address, std::size_t size, Visit visit) {
  const std::uintptr_t end = address + size;
  while (address < end) {
    visit(address, bytes_of(address, end - address));
    address = (address | 7) + 1;
  }
}

}  // namespace lockstep::check
