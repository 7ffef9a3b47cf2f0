// checker/explore/sleepers.hpp: the threads that sleep on one object, in the order of their coming, as
// the value of an atomic location.
//
// So the queue is part of the graph: to go to sleep, to wake and to leave are read-modify-writes, whose
// order is the order in which the system's callers hold the lock of the queue, and nothing else.
//
// From the lowest bits: 6 bits a sleeper, its number plus 1; before a sleeper that only wakes with
// one of some bits in common wake (FUTEX_WAIT_BITSET), 6 bits of `masked` and 32 of the mask.
#pragma once

#include <cstddef>
#include <cstdint>

#include "checker/graph/event.hpp"

namespace lockstep::check::sleepers {

inline constexpr std::uint32_t any = ~std::uint32_t{0};  // the mask that everything matches

struct Sleeper {
  std::size_t thread = 0;
  std::uint32_t mask = any;
};

namespace detail {
inline constexpr unsigned bits = 6, mask_bits = 32;
inline constexpr std::uint64_t masked = max_threads + 1;
}  // namespace detail

/// Takes the first sleeper from a queue that is not empty.
inline Sleeper take(Value& queue) noexcept {
  Sleeper first;
  constexpr Value one = (Value{1} << detail::bits) - 1;
  if ((queue & one) == detail::masked) {
    queue >>= detail::bits;
    first.mask = static_cast<std::uint32_t>(queue);
    queue >>= detail::mask_bits;
  }
  first.thread = static_cast<std::size_t>(queue & one) - 1;
  queue >>= detail::bits;
  return first;
}

/// The queue with one more; if there is no room, as it was.
[[nodiscard]] inline Value with(Value queue, Sleeper last) noexcept {
  Value entry = last.thread + 1;
  unsigned width = detail::bits;
  if (last.mask != any) {
    entry = entry << (detail::bits + detail::mask_bits) | Value{last.mask} << detail::bits |
            detail::masked;
    width += detail::bits + detail::mask_bits;
  }
  unsigned used = 0;
  for (Value left = queue; left != 0;)
    used += take(left).mask == any ? detail::bits : 2 * detail::bits + detail::mask_bits;
  return used + width > 8 * sizeof(Value) ? queue : queue | entry << used;
}

/// The sleepers for which `stays(sleeper)`, in their order.
template <class Stays>
[[nodiscard]] Value only(Value queue, Stays stays) {
  Value kept = 0;
  while (queue != 0) {
    if (const Sleeper sleeper = take(queue); stays(sleeper)) kept = with(kept, sleeper);
  }
  return kept;
}

[[nodiscard]] inline std::size_t count(Value queue) noexcept {
  std::size_t n = 0;
  for (; queue != 0; ++n) take(queue);
  return n;
}

[[nodiscard]] inline bool contains(Value queue, std::size_t thread) noexcept {
  while (queue != 0) {
    if (take(queue).thread == thread) return true;
  }
  return false;
}

/// Without the first `n` that match.
[[nodiscard]] inline Value without_first(Value queue, std::uint64_t n, std::uint32_t mask) {
  return only(queue, [&](Sleeper sleeper) {
    if ((sleeper.mask & mask) == 0 || n == 0) return true;
    --n;
    return false;
  });
}

[[nodiscard]] inline Value without(Value queue, std::size_t thread) {
  return only(queue, [&](Sleeper sleeper) { return sleeper.thread != thread; });
}

/// One queue behind the other.
[[nodiscard]] inline Value joined(Value queue, Value behind) noexcept {
  while (behind != 0) queue = with(queue, take(behind));
  return queue;
}

}  // namespace lockstep::check::sleepers
