// tests/litmus/updates.hpp: read-modify-writes and compare-exchanges.
//
// {rc11, sc, tso}. Where a comment does not derive the counts, tests/oracle/litmus.hpp does, under
// the same name.
#pragma once

#include <vector>

#include "litmus.hpp"

namespace litmus {

inline void add_one(P& p) { p.r0 = p.x.fetch_add(1, relaxed); }

// clang-format off
inline const std::vector<Litmus> updates{
    // --- Read-modify-writes ------------------------------------------------------------------------

    // N of them: a graph is a permutation.
    {"FADD2", {2, 2, 2},
     {add_one, add_one}},
    {"FADD3", {6, 6, 6},
     {[](P& p) { p.r0 = p.x.fetch_add(1, relaxed); },
      [](P& p) { p.r0 = p.x.fetch_add(1, acq_rel); },
      [](P& p) { p.r0 = p.x.fetch_add(1, seq_cst); }}},
    {"FADD4", {24, 24, 24},
     {add_one, add_one, add_one, add_one}},
    {"FADD5", {120, 120, 120}, std::vector<Body>(5, add_one)},
    {"FADD6", {720, 720, 720}, std::vector<Body>(6, add_one)},
    {"XCHG3", {6, 6, 6},
     {[](P& p) { p.r0 = p.x.exchange(1, relaxed); },
      [](P& p) { p.r0 = p.x.exchange(2, acq_rel); },
      [](P& p) { p.r0 = p.x.exchange(3, seq_cst); }},
     "P0: r0 = x.exchange(1, relaxed) P1: r0 = x.exchange(2, acq_rel) P2: r0 = x.exchange(3, seq_cst)"},

    // Two in each of two threads: 4! / (2! 2!).
    {"FADD2x2", {6, 6, 6},
     {[](P& p) { p.r0 = p.x.fetch_add(1, relaxed); p.r1 = p.x.fetch_add(1, relaxed); },
      [](P& p) { p.r0 = p.x.fetch_add(1, relaxed); p.r1 = p.x.fetch_add(1, relaxed); }}},

    // An exchange and a store: either order.
    {"XCHG+W", {2, 2, 2},
     {[](P& p) { p.r0 = p.x.exchange(1, relaxed); },
      [](P& p) { p.x.store(2, relaxed); }}},

    // Its read half acquires, its write half releases, each only if the order says so.
    {"MP+rel+rmw.acq", {3, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); },
      [](P& p) { p.r0 = p.y.fetch_add(1, acquire); p.r1 = p.x.load(relaxed); }}},
    {"MP+rel+rmw.rel", {4, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); },
      [](P& p) { p.r0 = p.y.fetch_add(1, release); p.r1 = p.x.load(relaxed); }}},
    {"MP+rmw.rel+acq", {3, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); p.r0 = p.y.fetch_add(1, release); },
      [](P& p) { p.r0 = p.y.load(acquire); p.r1 = p.x.load(relaxed); }}},
    {"MP+rmw.acq+acq", {4, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); p.r0 = p.y.fetch_add(1, acquire); },
      [](P& p) { p.r0 = p.y.load(acquire); p.r1 = p.x.load(relaxed); }}},

    // --- Compare-exchange --------------------------------------------------------------------------

    // One wins. The others fail, having seen its 1.
    {"CAS2", {2, 2, 2},
     {[](P& p) { p.r0 = cas<relaxed, relaxed>(p.x, 0, 1); },
      [](P& p) { p.r0 = cas<relaxed, relaxed>(p.x, 0, 1); }}},
    {"CAS3", {3, 3, 3},
     {[](P& p) { p.r0 = cas<acq_rel, acquire>(p.x, 0, 1); },
      [](P& p) { p.r0 = cas<acq_rel, acquire>(p.x, 0, 1); },
      [](P& p) { p.r0 = cas<acq_rel, acquire>(p.x, 0, 1); }}},

    // The first always wins; the second does if it sees that.
    {"CAS-chain", {2, 2, 2},
     {[](P& p) { p.r0 = cas<relaxed, relaxed>(p.x, 0, 1); },
      [](P& p) { p.r0 = cas<relaxed, relaxed>(p.x, 1, 2); }}},

    // It sees 0, 1 or 2. If 1, it succeeds, and stands between the other two.
    {"CAS+FADD", {3, 3, 3},
     {[](P& p) { p.r0 = p.x.fetch_add(1, relaxed); p.r1 = p.x.fetch_add(1, relaxed); },
      [](P& p) { p.r0 = cas<acq_rel, acquire>(p.x, 1, 5); }},
     "P0: r0 = x.fetch_add(1, relaxed); r1 = x.fetch_add(1, relaxed) P1: r0 = x.cas(1, 5, acq_rel, acquire)"},

    // A failure is a read, of any of three writes: what it saw need not be the newest.
    {"CAS-stale", {3, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); p.x.store(2, relaxed); },
      [](P& p) { p.r0 = cas<relaxed, relaxed>(p.x, 9, 3); }},
     "P0: x.store(1, relaxed); x.store(2, relaxed) P1: r0 = x.cas(9, 3, relaxed, relaxed)"},

    // A failed one has the failure order, even if that is the stronger.
    {"CAS-failure-acq", {3, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); },
      [](P& p) { p.r0 = cas<relaxed, acquire>(p.y, 0, 2); p.r1 = p.x.load(relaxed); }}},
    {"CAS-failure-rlx", {4, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); },
      [](P& p) { p.r0 = cas<acq_rel, relaxed>(p.y, 0, 2); p.r1 = p.x.load(relaxed); }}},

    // One that succeeds has the success order.
    {"CAS-success-acq", {3, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); },
      [](P& p) { p.r0 = cas<acquire, relaxed>(p.y, 1, 2); p.r1 = p.x.load(relaxed); }}},
    {"CAS-success-rlx", {4, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); },
      [](P& p) { p.r0 = cas<relaxed, acquire>(p.y, 1, 2); p.r1 = p.x.load(relaxed); }}},

    // A failed one writes nothing, and so releases nothing.
    {"CAS-failure-writes-nothing", {2, 2, 2},
     {[](P& p) { p.x.store(1, relaxed); p.r0 = cas<seq_cst, seq_cst>(p.y, 5, 1); },
      [](P& p) { p.r0 = p.y.load(acquire); p.r1 = p.x.load(relaxed); }}},

    // A failed one is an SC event if its failure order is seq_cst.
    {"SB+cas-failure-sc", {3, 3, 3},
     {[](P& p) { p.x.store(1, seq_cst); p.r0 = cas<relaxed, seq_cst>(p.y, 5, 6); },
      [](P& p) { p.y.store(1, seq_cst); p.r0 = cas<relaxed, seq_cst>(p.x, 5, 6); }}},
    {"SB+cas-failure-rlx", {4, 3, 3},
     {[](P& p) { p.x.store(1, seq_cst); p.r0 = cas<seq_cst, relaxed>(p.y, 5, 6); },
      [](P& p) { p.y.store(1, seq_cst); p.r0 = cas<seq_cst, relaxed>(p.x, 5, 6); }}},
};
// clang-format on

}  // namespace litmus
