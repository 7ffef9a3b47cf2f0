// checker/machine/arena.hpp: where the modelled threads keep their stacks, thread-locals and heaps.
//
// A range of addresses that is the same in each process and each execution, with a slot for each
// thread, so that an address is a function of a thread and of what it did before.
#pragma once

#include <cstddef>
#include <cstdint>

#include "checker/graph/event.hpp"

namespace lockstep::check::arena {

inline constexpr std::uintptr_t base = 0x1000'0000'0000;
inline constexpr std::size_t slot_size = std::size_t{8} << 30;
inline constexpr std::uintptr_t limit = base + max_threads * slot_size;

inline constexpr std::size_t page = 4096;

// In each slot, with inaccessible pages before each part:
inline constexpr std::size_t guard = std::size_t{64} << 10;
inline constexpr std::size_t stack_size = std::size_t{16} << 20;  // of the modelled thread
inline constexpr std::size_t hook_stack_size = std::size_t{1} << 20;
inline constexpr std::size_t home_size = std::size_t{8}
                                         << 20;  // thread-locals, and the stack of their owner
inline constexpr std::size_t stack_at = guard;
inline constexpr std::size_t hook_stack_at = stack_at + stack_size + guard;
inline constexpr std::size_t home_at = hook_stack_at + hook_stack_size + guard;
inline constexpr std::size_t heap_at = home_at + home_size + guard;
inline constexpr std::size_t heap_size = slot_size - heap_at - guard;

[[nodiscard]] constexpr bool contains(std::uintptr_t address) noexcept {
  return address - base < limit - base;
}
[[nodiscard]] constexpr std::size_t slot_of(std::uintptr_t address) noexcept {
  return (address - base) / slot_size;
}
[[nodiscard]] constexpr std::uintptr_t slot(std::size_t n) noexcept { return base + n * slot_size; }
[[nodiscard]] constexpr std::uintptr_t stack(std::size_t n) noexcept { return slot(n) + stack_at; }
[[nodiscard]] constexpr std::uintptr_t hook_stack(std::size_t n) noexcept {
  return slot(n) + hook_stack_at;
}
[[nodiscard]] constexpr std::uintptr_t home(std::size_t n) noexcept { return slot(n) + home_at; }
[[nodiscard]] constexpr std::uintptr_t heap(std::size_t n) noexcept { return slot(n) + heap_at; }

/// How far from the end or the beginning of a part of its slot a thread begins. Were it the same for each thread, what more
/// than eight of them use most would be at the same places of the processor's first cache, which has eight of each.
[[nodiscard]] constexpr std::size_t shift(std::size_t n) noexcept {
  constexpr std::size_t line = 64;
  return n * page + n * 11 * line % page;
}
[[nodiscard]] constexpr std::uintptr_t stack_top(std::size_t n) noexcept {
  return stack(n) + stack_size - shift(n);
}
[[nodiscard]] constexpr std::uintptr_t hook_stack_top(std::size_t n) noexcept {
  return hook_stack(n) + hook_stack_size - shift(n);
}

[[nodiscard]] constexpr std::uintptr_t home_top(std::size_t n) noexcept {
  return home(n) + home_size - shift(n);
}
[[nodiscard]] constexpr std::uintptr_t heap_begin(std::size_t n) noexcept {
  return heap(n) + shift(n);
}

[[nodiscard]] constexpr bool is_stack(std::uintptr_t address) noexcept {
  return contains(address) && (address - base) % slot_size - stack_at < stack_size;
}
[[nodiscard]] constexpr bool is_heap(std::uintptr_t address) noexcept {
  return contains(address) && (address - base) % slot_size - heap_at < heap_size;
}

/// Reserves the addresses. Throws std::runtime_error if something else is there.
void reserve();

/// Makes a slot usable.
void open(std::size_t slot);

/// Gives back to the system what was there, and before it in its page.
void forget(std::uintptr_t address, std::size_t size) noexcept;

}  // namespace lockstep::check::arena
