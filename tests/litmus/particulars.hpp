// tests/litmus/particulars.hpp: orders that are not the same all over, and release sequences.
//
// {rc11, sc, tso}. Where a comment does not derive the counts, tests/oracle/litmus.hpp does, under
// the same name.
#pragma once

#include <vector>

#include "litmus.hpp"

namespace litmus {

// clang-format off
inline const std::vector<Litmus> particulars{
    // --- Coherence within a thread -----------------------------------------------------------------

    // It sees 0, which its own later write cannot replace.
    {"CoRW1", {1, 1, 1},
     {[](P& p) { p.r0 = p.x.load(relaxed); p.x.store(1, relaxed); }},
     "P0: r0 = x.load(relaxed); x.store(1, relaxed)"},

    // It sees its own write.
    {"CoWR0", {1, 1, 1},
     {[](P& p) { p.x.store(1, relaxed); p.r0 = p.x.load(relaxed); }},
     "P0: x.store(1, relaxed); r0 = x.load(relaxed)"},

    // It sees 0, and co is either; or 1, and then its own write is after that.
    {"CoRW2", {3, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); },
      [](P& p) { p.r0 = p.x.load(relaxed); p.x.store(2, relaxed); }},
     "P0: x.store(1, relaxed) P1: r0 = x.load(relaxed); x.store(2, relaxed)"},

    // --- Orders ------------------------------------------------------------------------------------

    // Half of a pair orders nothing.
    {"MP+rel+rlx", {4, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); },
      [](P& p) { p.r0 = p.y.load(relaxed); p.r1 = p.x.load(relaxed); }}},
    {"MP+rlx+acq", {4, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, relaxed); },
      [](P& p) { p.r0 = p.y.load(acquire); p.r1 = p.x.load(relaxed); }}},

    // A fence on either side makes a pair with an access on the other. Consume is acquire.
    {"MP+fence.rel+acq", {3, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); fence<release>(); p.y.store(1, relaxed); },
      [](P& p) { p.r0 = p.y.load(consume); p.r1 = p.x.load(relaxed); }}},
    {"MP+rel+fence.acq", {3, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); },
      [](P& p) { p.r0 = p.y.load(relaxed); fence<acquire>(); p.r1 = p.x.load(relaxed); }}},

    // The fences the wrong way round.
    {"MP+fence.acq+fence.rel", {4, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); fence<acquire>(); p.y.store(1, relaxed); },
      [](P& p) { p.r0 = p.y.load(relaxed); fence<release>(); p.r1 = p.x.load(relaxed); }}},

    // The second read is made only after a 1.
    {"MP+if+rlx", {3, 2, 2},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, relaxed); },
      [](P& p) { p.r0 = p.y.load(relaxed); if (p.r0 != 0) p.r1 = p.x.load(relaxed); }}},
    {"MP+if+ra", {2, 2, 2},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); },
      [](P& p) { p.r0 = p.y.load(acquire); if (p.r0 != 0) p.r1 = p.x.load(relaxed); }}},

    // All values are 0 everywhere, and yet there are three graphs.
    {"LB+datas", {3, 3, 3},
     {[](P& p) { p.r0 = p.x.load(relaxed); p.y.store(p.r0, relaxed); },
      [](P& p) { p.r0 = p.y.load(relaxed); p.x.store(p.r0, relaxed); }}},

    // --- Sequential consistency --------------------------------------------------------------------

    // Half of it is not enough; except that on x86 the writes' mfences are.
    {"SB+fence.sc+po", {4, 3, 4},
     {[](P& p) { p.x.store(1, relaxed); fence<seq_cst>(); p.r0 = p.y.load(relaxed); },
      [](P& p) { p.y.store(1, relaxed); p.r0 = p.x.load(relaxed); }}},
    {"SB+sc.rlx", {4, 3, 3},
     {[](P& p) { p.x.store(1, seq_cst); p.r0 = p.y.load(relaxed); },
      [](P& p) { p.y.store(1, seq_cst); p.r0 = p.x.load(relaxed); }}},
    {"SB+rlx.sc", {4, 3, 4},
     {[](P& p) { p.x.store(1, relaxed); p.r0 = p.y.load(seq_cst); },
      [](P& p) { p.y.store(1, relaxed); p.r0 = p.x.load(seq_cst); }}},

    // A fence against accesses is.
    {"SB+fence.sc+sc", {3, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); fence<seq_cst>(); p.r0 = p.y.load(relaxed); },
      [](P& p) { p.y.store(1, seq_cst); p.r0 = p.x.load(seq_cst); }}},

    // A locked instruction is enough on x86, also one that fails. It is not in C++, unless it is seq_cst.
    {"SB+rmws", {4, 3, 3},
     {[](P& p) { p.r0 = p.x.exchange(1, acq_rel); p.r1 = p.y.load(relaxed); },
      [](P& p) { p.r0 = p.y.exchange(1, acq_rel); p.r1 = p.x.load(relaxed); }}},
    {"SB+failed-cas", {4, 3, 3},
     {[](P& p) { p.x.store(1, relaxed); p.r0 = cas<relaxed, relaxed>(p.z, 5, 6); p.r1 = p.y.load(relaxed); },
      [](P& p) { p.y.store(1, relaxed); p.r0 = cas<relaxed, relaxed>(p.z, 5, 6); p.r1 = p.x.load(relaxed); }}},
    {"SB+rmws.sc", {3, 3, 3},
     {[](P& p) { p.r0 = p.x.exchange(1, seq_cst); p.r1 = p.y.load(seq_cst); },
      [](P& p) { p.r0 = p.y.exchange(1, seq_cst); p.r1 = p.x.load(seq_cst); }}},

    // Seq_cst is for what is seq_cst only.
    {"IRIW-acq-sc", {16, 15, 15},
     {[](P& p) { p.x.store(1, seq_cst); },
      [](P& p) { p.y.store(1, seq_cst); },
      [](P& p) { p.r0 = p.x.load(acquire); p.r1 = p.y.load(seq_cst); },
      [](P& p) { p.r0 = p.y.load(acquire); p.r1 = p.x.load(seq_cst); }}},

    // hb between two accesses elsewhere is enough (scb)...
    {"W+RWC+sc+ra", {7, 7, 7},
     {[](P& p) { p.x.store(1, seq_cst); p.y.store(1, release); },
      [](P& p) { p.r0 = p.y.load(acquire); p.r1 = p.z.load(seq_cst); },
      [](P& p) { p.z.store(1, seq_cst); p.r0 = p.x.load(seq_cst); }}},

    // ... but a fence counts as elsewhere, a later access to the same location does not: (1, 0, 0) stays.
    {"W+RWC+fence-is-elsewhere", {17, 15, 15},
     {[](P& p) { p.x.store(1, seq_cst); fence<release>(); p.x.store(2, relaxed); },
      [](P& p) { p.r0 = p.x.load(relaxed); fence<acquire>(); p.r1 = p.z.load(seq_cst); },
      [](P& p) { p.z.store(1, seq_cst); p.r0 = p.x.load(seq_cst); }}},

    // Lahav et al., section 1. Tools which split a read-modify-write in two for psc count 22:
    // CHECKER.md, section 3.
    {"Z6.U", {24, 18, 18},
     {[](P& p) { p.x.store(1, seq_cst); p.y.store(1, release); },
      [](P& p) { p.r0 = p.y.fetch_add(1, seq_cst); p.r1 = p.y.load(relaxed); },
      [](P& p) { p.y.store(3, seq_cst); p.r0 = p.x.load(seq_cst); }}},

    // --- Release sequences, as C++20 has them ------------------------------------------------------

    // A read-modify-write of another thread continues one, whatever its order.
    {"MP+relseq-rmw", {9, 9, 9},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); },
      [](P& p) { p.r0 = p.y.fetch_add(1, relaxed); },
      [](P& p) { p.r0 = p.y.load(acquire); p.r1 = p.x.load(relaxed); }}},
    {"MP+relseq-rmw+fences", {9, 9, 9},
     {[](P& p) { p.x.store(1, relaxed); fence<release>(); p.y.store(1, relaxed); },
      [](P& p) { p.r0 = p.y.fetch_add(1, relaxed); },
      [](P& p) { p.r0 = p.y.load(relaxed); fence<acquire>(); p.r1 = p.x.load(relaxed); }}},
    {"MP+relseq-rmw+rlx", {12, 9, 9},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, relaxed); },
      [](P& p) { p.r0 = p.y.fetch_add(1, relaxed); },
      [](P& p) { p.r0 = p.y.load(relaxed); p.r1 = p.x.load(relaxed); }}},

    // A plain store does not: neither of the same thread (until C++17 it did) ...
    {"MP+relseq-po", {5, 4, 4},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); p.y.store(2, relaxed); },
      [](P& p) { p.r0 = p.y.load(acquire); p.r1 = p.x.load(relaxed); }}},

    // ... nor of another.
    {"MP+relseq-other", {10, 9, 9},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); },
      [](P& p) { p.y.store(2, relaxed); },
      [](P& p) { p.r0 = p.y.load(acquire); p.r1 = p.x.load(relaxed); }}},

    // And a read-modify-write continues nothing across such a store. y from 0: x free, 2; the
    // release: 1; store or read-modify-write: x free, 2 each. sc, tso: 2 + 1 + 1 + 1.
    {"MP+relseq-broken", {7, 5, 5},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); p.y.store(2, relaxed);
                  p.r0 = p.y.fetch_add(1, relaxed); },
      [](P& p) { p.r0 = p.y.load(acquire); p.r1 = p.x.load(relaxed); }},
     "P0: x.store(1, relaxed); y.store(1, release); y.store(2, relaxed); r0 = y.fetch_add(1, relaxed)"
     " P1: r0 = y.load(acquire); r1 = x.load(relaxed)"},
};
// clang-format on

}  // namespace litmus
