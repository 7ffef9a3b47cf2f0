// tests/structures/dekker.hpp: mutual exclusion of two threads with loads, stores and fences.
//
// The algorithm is Dekker's (Dijkstra, EWD 123, 1965). The orders are those of Anthony Williams,
// "Implementing Dekker's algorithm with fences" (2010): all accesses are relaxed.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

#include "orders.hpp"

namespace structures {

struct DekkerFences {
  static constexpr auto announce = seq_cst,  // between one's own flag and the look at the other's
      announce_again = seq_cst,              // the same, after giving way
      enter = acquire, leave = release;      // around what is done inside
};

template <class Fences = DekkerFences>
class Dekker {
 public:
  void lock(int me) {
    const int other = 1 - me;
    wants(me).store(true, relaxed);
    fence<Fences::announce>();
    while (wants(other).load(relaxed)) {
      if (turn_.load(relaxed) != me) give_way(me);
    }
    fence<Fences::enter>();
  }

  void unlock(int me) {
    turn_.store(1 - me, relaxed);
    fence<Fences::leave>();
    wants(me).store(false, relaxed);
  }

 private:
  void give_way(int me) {
    wants(me).store(false, relaxed);
    while (turn_.load(relaxed) != me) {
    }
    wants(me).store(true, relaxed);
    fence<Fences::announce_again>();
  }

  std::atomic<bool>& wants(int who) { return wants_[static_cast<std::size_t>(who)]; }

  std::array<std::atomic<bool>, 2> wants_{};
  std::atomic<int> turn_{0};
};

}  // namespace structures
