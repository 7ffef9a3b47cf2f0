// tests/litmus/litmus.hpp: a litmus test as a real C++ program.
//
// A Litmus is a few functions, one for each thread, over three shared atomics and two registers of
// its own: its argument, `P`. What is left in the registers and the atomics is its outcome.
//
// Most are templates over a Style, which says the order of every store and of every load, and which
// fence stands between any two accesses of a thread; so each shape is written once and taken in
// five ways.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "../oracle/program.hpp"

namespace litmus {

/// What the threads share.
struct Memory {
  std::atomic<int> x{0}, y{0}, z{0};
};

/// What a thread sees of the world.
struct P {
  explicit P(Memory& memory) : x(memory.x), y(memory.y), z(memory.z) {}

  std::atomic<int>&x, &y, &z;
  int r0 = 0, r1 = 0;
};

using Body = void (*)(P&);

/// How many complete executions there are.
struct Counts {
  std::uint64_t rc11 = 0, sc = 0, tso = 0;
};

struct Litmus {
  std::string name;
  Counts expected;
  std::vector<Body> bodies;
  /// The same in the oracle's language (tests/oracle/program.hpp), if the oracle has no test of this name.
  std::string text = "";
  /// The oracle has no loops: it runs each once, and this says whether all of them ended at once.
  bool (*ended)(const oracle::Outcome&) = nullptr;

  /// With more threads than the oracle takes, there are only the counts.
  [[nodiscard]] bool is_beyond_the_oracle() const { return bodies.size() > oracle::max_threads; }
};

// --- What the programs are written with ----------------------------------------------------------

inline constexpr auto relaxed = std::memory_order_relaxed, consume = std::memory_order_consume,
                      acquire = std::memory_order_acquire, release = std::memory_order_release,
                      acq_rel = std::memory_order_acq_rel, seq_cst = std::memory_order_seq_cst;

template <std::memory_order order>
void fence() {
  std::atomic_thread_fence(order);
}

/// What it sees, which if `expected` it has replaced.
template <std::memory_order success, std::memory_order failure>
int cas(std::atomic<int>& location, int expected, int desired) {
  location.compare_exchange_strong(expected, desired, success, failure);
  return expected;
}

// --- Styles --------------------------------------------------------------------------------------

struct Relaxed {
  static constexpr auto name = "relaxed";
  static constexpr auto load = std::memory_order_relaxed, store = std::memory_order_relaxed,
                        fences = std::memory_order_relaxed;
  static void between() {}
};

struct ReleaseAcquire : Relaxed {
  static constexpr auto name = "release_acquire";
  static constexpr auto load = std::memory_order_acquire, store = std::memory_order_release;
};

struct AcqRelFences : Relaxed {
  static constexpr auto name = "acq_rel_fences";
  static constexpr auto fences = std::memory_order_acq_rel;
  static void between() { std::atomic_thread_fence(fences); }
};

struct SeqCst : Relaxed {
  static constexpr auto name = "seq_cst";
  static constexpr auto load = std::memory_order_seq_cst, store = std::memory_order_seq_cst;
};

struct ScFences : Relaxed {
  static constexpr auto name = "sc_fences";
  static constexpr auto fences = std::memory_order_seq_cst;
  static void between() { std::atomic_thread_fence(fences); }
};

}  // namespace litmus
