// tests/structures/orders.hpp: memory orders by their short names.
#pragma once

#include <atomic>

namespace structures {

inline constexpr auto relaxed = std::memory_order_relaxed, consume = std::memory_order_consume,
                      acquire = std::memory_order_acquire, release = std::memory_order_release,
                      acq_rel = std::memory_order_acq_rel, seq_cst = std::memory_order_seq_cst;

/// A fence; none at all if relaxed.
template <std::memory_order order>
void fence() {
  if constexpr (order != relaxed) std::atomic_thread_fence(order);
}

}  // namespace structures
