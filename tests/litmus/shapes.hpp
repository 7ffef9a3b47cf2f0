// tests/litmus/shapes.hpp: the classics, each in five styles, under their published names.
//
// herd's catalogue has the names (Alglave, Maranget, Tautschnig, "Herding Cats", TOPLAS 2014). Z6
// is a family there, and here Z6.0 to Z6.5.
//
// Four counts say all: {sc, tso, relaxed, release_acquire}, the last two of rc11. Under sc the
// style does not matter. Under tso and rc11 the two strong styles, seq_cst and sc_fences, leave
// what sc leaves. In these shapes, fences of acquire and release order do as much as such accesses.
// tests/oracle/litmus.hpp derives each number.
#pragma once

#include <vector>

#include "litmus.hpp"

namespace litmus {

struct Shape {
  const char* name;
  struct {
    std::uint64_t sc, tso, relaxed, release_acquire;
  } executions;
  std::vector<Body> bodies;
};

// clang-format off
/// S is the Style.
template <class S>
std::vector<Shape> shapes() {
  return {
    // --- Coherence: one location. Nothing here depends on the style or the model ----------------

    // The new value and then the old: never.
    {"CoRR", {3, 3, 3, 3},
     {[](P& p) { p.x.store(1, S::store); },
      [](P& p) { p.r0 = p.x.load(S::load); S::between(); p.r1 = p.x.load(S::load); }}},

    // Two readers agree on the order of two writes. 2 orders, and each reader 6 ways through each.
    {"CoRR2", {72, 72, 72, 72},
     {[](P& p) { p.x.store(1, S::store); },
      [](P& p) { p.x.store(2, S::store); },
      [](P& p) { p.r0 = p.x.load(S::load); S::between(); p.r1 = p.x.load(S::load); },
      [](P& p) { p.r0 = p.x.load(S::load); S::between(); p.r1 = p.x.load(S::load); }}},

    // One order.
    {"CoWW", {1, 1, 1, 1},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.x.store(2, S::store); }}},

    // A thread does not see its own later write, nor one that is after it.
    {"CoRW", {3, 3, 3, 3},
     {[](P& p) { p.r0 = p.x.load(S::load); S::between(); p.x.store(1, S::store); },
      [](P& p) { p.x.store(2, S::store); }}},

    // A thread does not see what is before its own earlier write.
    {"CoWR", {3, 3, 3, 3},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.r0 = p.x.load(S::load); },
      [](P& p) { p.x.store(2, S::store); }}},

    // --- Two threads ---------------------------------------------------------------------------

    // Message passing. Weak: the flag, but not the message.
    {"MP", {3, 3, 4, 3},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.r0 = p.y.load(S::load); S::between(); p.r1 = p.x.load(S::load); }}},

    // Store buffering. Weak: both read 0. Release and acquire do not help.
    {"SB", {3, 4, 4, 4},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.r0 = p.y.load(S::load); },
      [](P& p) { p.y.store(1, S::store); S::between(); p.r0 = p.x.load(S::load); }}},

    // Load buffering. Weak: both read 1, which no model here allows (po and rf make a cycle).
    {"LB", {3, 3, 3, 3},
     {[](P& p) { p.r0 = p.x.load(S::load); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.r0 = p.y.load(S::load); S::between(); p.x.store(1, S::store); }}},

    // Weak: the first write is last, although the second was seen before the other wrote.
    {"S", {3, 3, 4, 3},
     {[](P& p) { p.x.store(2, S::store); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.r0 = p.y.load(S::load); S::between(); p.x.store(1, S::store); }}},

    // Weak: P1 writes y last, and does not see x.
    {"R", {3, 4, 4, 4},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.y.store(2, S::store); S::between(); p.r0 = p.x.load(S::load); }}},

    // Weak: both first writes are last.
    {"2+2W", {3, 3, 4, 4},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.y.store(2, S::store); },
      [](P& p) { p.y.store(1, S::store); S::between(); p.x.store(2, S::store); }}},

    // --- Three and four threads ----------------------------------------------------------------

    // Write-to-read causality. Weak: 1, 1, 0.
    {"WRC", {7, 7, 8, 7},
     {[](P& p) { p.x.store(1, S::store); },
      [](P& p) { p.r0 = p.x.load(S::load); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.r0 = p.y.load(S::load); S::between(); p.r1 = p.x.load(S::load); }}},

    // Message passing by way of a third. Weak: 1, 1, 0.
    {"ISA2", {7, 7, 8, 7},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.r0 = p.y.load(S::load); S::between(); p.z.store(1, S::store); },
      [](P& p) { p.r0 = p.z.load(S::load); S::between(); p.r1 = p.x.load(S::load); }}},

    // Read-to-write causality. Weak: 1, 0, 0.
    {"RWC", {7, 8, 8, 8},
     {[](P& p) { p.x.store(1, S::store); },
      [](P& p) { p.r0 = p.x.load(S::load); S::between(); p.r1 = p.y.load(S::load); },
      [](P& p) { p.y.store(1, S::store); S::between(); p.r0 = p.x.load(S::load); }}},

    // Weak: 1, 0, 0.
    {"W+RWC", {7, 8, 8, 8},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.r0 = p.y.load(S::load); S::between(); p.r1 = p.z.load(S::load); },
      [](P& p) { p.z.store(1, S::store); S::between(); p.r0 = p.x.load(S::load); }}},

    // Independent reads of independent writes. Weak: the readers disagree on which came first.
    {"IRIW", {15, 15, 16, 16},
     {[](P& p) { p.x.store(1, S::store); },
      [](P& p) { p.y.store(1, S::store); },
      [](P& p) { p.r0 = p.x.load(S::load); S::between(); p.r1 = p.y.load(S::load); },
      [](P& p) { p.r0 = p.y.load(S::load); S::between(); p.r1 = p.x.load(S::load); }}},

    // Weak: r0 = 1, z = 2 last, P2 reads 0.
    {"Z6.0", {7, 8, 8, 8},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.r0 = p.y.load(S::load); S::between(); p.z.store(1, S::store); },
      [](P& p) { p.z.store(2, S::store); S::between(); p.r0 = p.x.load(S::load); }}},

    // Weak: y = 2 last, P2 reads 1, x = 1 last.
    {"Z6.1", {7, 7, 8, 8},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.y.store(2, S::store); S::between(); p.z.store(1, S::store); },
      [](P& p) { p.r0 = p.z.load(S::load); S::between(); p.x.store(2, S::store); }}},

    // Weak: P1 and P2 read 1, x = 1 last.
    {"Z6.2", {7, 7, 8, 7},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.r0 = p.y.load(S::load); S::between(); p.z.store(1, S::store); },
      [](P& p) { p.r0 = p.z.load(S::load); S::between(); p.x.store(2, S::store); }}},

    // Weak: y = 2 last, P2 reads 1, 0.
    {"Z6.3", {7, 7, 8, 8},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.y.store(2, S::store); S::between(); p.z.store(1, S::store); },
      [](P& p) { p.r0 = p.z.load(S::load); S::between(); p.r1 = p.x.load(S::load); }}},

    // Weak: y = 2 last, P1 and P2 read 0.
    {"Z6.4", {7, 8, 8, 8},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.y.store(2, S::store); S::between(); p.r0 = p.z.load(S::load); },
      [](P& p) { p.z.store(1, S::store); S::between(); p.r0 = p.x.load(S::load); }}},

    // Weak: y = 2 and z = 2 last, P2 reads 0.
    {"Z6.5", {7, 8, 8, 8},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.y.store(2, S::store); S::between(); p.z.store(1, S::store); },
      [](P& p) { p.z.store(2, S::store); S::between(); p.r0 = p.x.load(S::load); }}},

    // Weak: all read 0.
    {"3.SB", {7, 8, 8, 8},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.r0 = p.y.load(S::load); },
      [](P& p) { p.y.store(1, S::store); S::between(); p.r0 = p.z.load(S::load); },
      [](P& p) { p.z.store(1, S::store); S::between(); p.r0 = p.x.load(S::load); }}},

    // Weak: all read 1: never.
    {"3.LB", {7, 7, 7, 7},
     {[](P& p) { p.r0 = p.x.load(S::load); S::between(); p.y.store(1, S::store); },
      [](P& p) { p.r0 = p.y.load(S::load); S::between(); p.z.store(1, S::store); },
      [](P& p) { p.r0 = p.z.load(S::load); S::between(); p.x.store(1, S::store); }}},

    // Weak: all first writes are last.
    {"3.2W", {7, 7, 8, 8},
     {[](P& p) { p.x.store(1, S::store); S::between(); p.y.store(2, S::store); },
      [](P& p) { p.y.store(1, S::store); S::between(); p.z.store(2, S::store); },
      [](P& p) { p.z.store(1, S::store); S::between(); p.x.store(2, S::store); }}},
  };
}
// clang-format on

inline Counts counts(const Shape& shape, bool strong, bool relaxed) {
  const auto& n = shape.executions;
  if (strong) return {n.sc, n.sc, n.sc};
  return {relaxed ? n.relaxed : n.release_acquire, n.sc, n.tso};
}

template <class S>
void add_in_style(std::vector<Litmus>& tests) {
  constexpr bool strong =
      S::store == std::memory_order_seq_cst || S::fences == std::memory_order_seq_cst;
  constexpr bool relaxed =
      S::store == std::memory_order_relaxed && S::fences == std::memory_order_relaxed;
  for (const Shape& shape : shapes<S>()) {
    tests.push_back(
        {std::string(shape.name) + "/" + S::name, counts(shape, strong, relaxed), shape.bodies});
  }
}

inline std::vector<Litmus> shapes_in_all_styles() {
  std::vector<Litmus> tests;
  add_in_style<Relaxed>(tests);
  add_in_style<ReleaseAcquire>(tests);
  add_in_style<AcqRelFences>(tests);
  add_in_style<SeqCst>(tests);
  add_in_style<ScFences>(tests);
  return tests;
}

}  // namespace litmus
