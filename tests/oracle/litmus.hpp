// tests/oracle/litmus.hpp: the classic litmus tests under their published names, with how many graphs each has.
//
// Every count is derived here, by hand, in the comment above it, and not copied from a run.
//
//   shapes       relaxed accesses only; each is taken in five styles, and the counts of all are known from four:
//                  relaxed          as written
//                  release_acquire  release stores, acquire loads
//                  acq_rel_fences   relaxed, with such a fence between any two instructions
//                  seq_cst          all accesses
//                  sc_fences        relaxed, with such a fence between any two instructions
//   particulars  orders, release sequences, read-modify-writes, compare-exchanges, as written
//
// The shapes named Co- count the same in every model. Each other has one weak outcome, and the rest of its candidates are
// in every model: the argument says how many candidates there are, and which models forbid the weak one. The two strong
// styles restore sc, under every model.
//
// Checked by: Litmus/Classic.* in oracle_test.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "program.hpp"
#include "program_text.hpp"

namespace oracle {

struct Counts {
  std::uint64_t rc11 = 0, sc = 0, tso = 0;
  bool operator==(const Counts&) const = default;
};

struct Litmus {
  std::string name;
  Program program;
  Counts expected;
};

// --- Styles --------------------------------------------------------------------------------------

struct Style {
  std::string name;
  Order load = Order::relaxed, store = Order::relaxed;
  Order between = Order::relaxed;  // a fence between any two instructions, unless relaxed
};

inline const std::array<Style, 5> styles{
    {{"relaxed"},
     {"release_acquire", Order::acquire, Order::release},
     {"acq_rel_fences", Order::relaxed, Order::relaxed, Order::acq_rel},
     {"seq_cst", Order::seq_cst, Order::seq_cst},
     {"sc_fences", Order::relaxed, Order::relaxed, Order::seq_cst}}};

inline Thread fenced(const Thread& thread, Order order) {
  Instruction fence;
  fence.op = Op::fence;
  fence.order = order;
  Thread result;
  for (const Instruction& i : thread) {
    if (!result.empty()) result.push_back(fence);
    result.push_back(i);
  }
  return result;
}

inline Thread styled(Thread thread, const Style& style) {
  for (Instruction& i : thread) i.order = i.op == Op::load ? style.load : style.store;
  return style.between == Order::relaxed ? thread : fenced(thread, style.between);
}

// --- Shapes --------------------------------------------------------------------------------------

struct Shape {
  const char* text;
  std::uint64_t sc, tso, relaxed, release_acquire;  // the last two: of rc11
};

inline const std::vector<Shape> shapes{
    // Two reads of one thread: 2 x 2 choices, less the one that sees the new value and then the old.
    {"litmus CoRR P0: x.store(1, relaxed) P1: r0 = x.load(relaxed); r1 = x.load(relaxed)", 3, 3, 3,
     3},

    // Two writes of one thread: co follows po.
    {"litmus CoWW P0: x.store(1, relaxed); x.store(2, relaxed)", 1, 1, 1, 1},

    // The read sees 0, and co is either; or it sees 2, which is then before 1. Never its own later write.
    {"litmus CoRW P0: r0 = x.load(relaxed); x.store(1, relaxed) P1: x.store(2, relaxed)", 3, 3, 3,
     3},

    // The read sees 1, and co is either; or it sees 2, which is then after 1. Never 0.
    {"litmus CoWR P0: x.store(1, relaxed); r0 = x.load(relaxed) P1: x.store(2, relaxed)", 3, 3, 3,
     3},

    // Two readers, each of 3 writes (0, and 1, 2 in co order) twice and not backwards: 6 ways each, under 2 co.
    {"litmus CoRR2 P0: x.store(1, relaxed) P1: x.store(2, relaxed)"
     " P2: r0 = x.load(relaxed); r1 = x.load(relaxed)"
     " P3: r0 = x.load(relaxed); r1 = x.load(relaxed)",
     72, 72, 72, 72},

    // 2 x 2 rf. Weak: 1, then 0. Needs W-W or R-R out of order; release and acquire order them.
    {"litmus MP P0: x.store(1, relaxed); y.store(1, relaxed)"
     " P1: r0 = y.load(relaxed); r1 = x.load(relaxed)",
     3, 3, 4, 3},

    // 2 x 2 rf. Weak: both 0. Needs W-R out of order, which a buffer does and release and acquire do not prevent.
    {"litmus SB P0: x.store(1, relaxed); r0 = y.load(relaxed)"
     " P1: y.store(1, relaxed); r0 = x.load(relaxed)",
     3, 4, 4, 4},

    // 2 x 2 rf. Weak: both 1, a cycle of po and rf: NoThinAir, in every model.
    {"litmus LB P0: r0 = x.load(relaxed); y.store(1, relaxed)"
     " P1: r0 = y.load(relaxed); x.store(1, relaxed)",
     3, 3, 3, 3},

    // 2 rf x 2 co. Weak: r0 = 1 and x = 2 last. Needs W-W or R-W out of order; with release and acquire, x = 2 happens before
    // x = 1, so co must agree.
    {"litmus S P0: x.store(2, relaxed); y.store(1, relaxed)"
     " P1: r0 = y.load(relaxed); x.store(1, relaxed)",
     3, 3, 4, 3},

    // 2 co x 2 rf. Weak: y = 2 last and r0 = 0. The W-R of P1 suffices; co synchronizes nothing.
    {"litmus R P0: x.store(1, relaxed); y.store(1, relaxed)"
     " P1: y.store(2, relaxed); r0 = x.load(relaxed)",
     3, 4, 4, 4},

    // 2 x 2 co. Weak: both first writes last. Needs W-W out of order; co synchronizes nothing.
    {"litmus 2+2W P0: x.store(1, relaxed); y.store(2, relaxed)"
     " P1: y.store(1, relaxed); x.store(2, relaxed)",
     3, 3, 4, 4},

    // 2 x 2 x 2 rf. Weak: 1, 1, 0. Needs R-W or R-R out of order; happens-before goes through P1 from P0's write, which P1
    // saw, to P2's read.
    {"litmus WRC P0: x.store(1, relaxed)"
     " P1: r0 = x.load(relaxed); y.store(1, relaxed)"
     " P2: r0 = y.load(relaxed); r1 = x.load(relaxed)",
     7, 7, 8, 7},

    // 2 x 2 x 2 rf. Weak: 1, 1, 0. MP by way of a third thread.
    {"litmus ISA2 P0: x.store(1, relaxed); y.store(1, relaxed)"
     " P1: r0 = y.load(relaxed); z.store(1, relaxed)"
     " P2: r0 = z.load(relaxed); r1 = x.load(relaxed)",
     7, 7, 8, 7},

    // 2 x 2 x 2 rf. Weak: 1, 0, 0. The W-R of P2 suffices.
    {"litmus RWC P0: x.store(1, relaxed)"
     " P1: r0 = x.load(relaxed); r1 = y.load(relaxed)"
     " P2: y.store(1, relaxed); r0 = x.load(relaxed)",
     7, 8, 8, 8},

    // 2^4 rf. Weak: 1, 0 and 1, 0, the two writes seen in two orders. x86 keeps R-R, and has one memory; in rc11 nothing but
    // SC relates the two readers.
    {"litmus IRIW P0: x.store(1, relaxed) P1: y.store(1, relaxed)"
     " P2: r0 = x.load(relaxed); r1 = y.load(relaxed)"
     " P3: r0 = y.load(relaxed); r1 = x.load(relaxed)",
     15, 15, 16, 16},

    // 2 x 2 x 2 rf. Weak: 1, 0, 0. The W-R of P2 suffices.
    {"litmus W+RWC P0: x.store(1, relaxed); y.store(1, relaxed)"
     " P1: r0 = y.load(relaxed); r1 = z.load(relaxed)"
     " P2: z.store(1, relaxed); r0 = x.load(relaxed)",
     7, 8, 8, 8},

    // Z6: three threads, 2 x 2 x 2 choices of rf and co, one of them weak. tso permits it exactly if a thread of the cycle
    // goes from a write to a read (0, 4, 5). rc11 forbids it with release and acquire exactly if two of the three links are
    // rf (2): co and fr synchronize nothing.

    // Weak: r0 = 1, z = 2 last, P2 reads 0.
    {"litmus Z6.0 P0: x.store(1, relaxed); y.store(1, relaxed)"
     " P1: r0 = y.load(relaxed); z.store(1, relaxed)"
     " P2: z.store(2, relaxed); r0 = x.load(relaxed)",
     7, 8, 8, 8},

    // Weak: y = 2 last, P2 reads 1, x = 1 last.
    {"litmus Z6.1 P0: x.store(1, relaxed); y.store(1, relaxed)"
     " P1: y.store(2, relaxed); z.store(1, relaxed)"
     " P2: r0 = z.load(relaxed); x.store(2, relaxed)",
     7, 7, 8, 8},

    // Weak: P1 and P2 read 1, x = 1 last.
    {"litmus Z6.2 P0: x.store(1, relaxed); y.store(1, relaxed)"
     " P1: r0 = y.load(relaxed); z.store(1, relaxed)"
     " P2: r0 = z.load(relaxed); x.store(2, relaxed)",
     7, 7, 8, 7},

    // Weak: y = 2 last, P2 reads 1, 0.
    {"litmus Z6.3 P0: x.store(1, relaxed); y.store(1, relaxed)"
     " P1: y.store(2, relaxed); z.store(1, relaxed)"
     " P2: r0 = z.load(relaxed); r1 = x.load(relaxed)",
     7, 7, 8, 8},

    // Weak: y = 2 last, P1 reads 0, P2 reads 0.
    {"litmus Z6.4 P0: x.store(1, relaxed); y.store(1, relaxed)"
     " P1: y.store(2, relaxed); r0 = z.load(relaxed)"
     " P2: z.store(1, relaxed); r0 = x.load(relaxed)",
     7, 8, 8, 8},

    // Weak: y = 2 last, z = 2 last, P2 reads 0.
    {"litmus Z6.5 P0: x.store(1, relaxed); y.store(1, relaxed)"
     " P1: y.store(2, relaxed); z.store(1, relaxed)"
     " P2: z.store(2, relaxed); r0 = x.load(relaxed)",
     7, 8, 8, 8},

    // SB of three: 2 x 2 x 2 rf. Weak: all 0.
    {"litmus 3.SB P0: x.store(1, relaxed); r0 = y.load(relaxed)"
     " P1: y.store(1, relaxed); r0 = z.load(relaxed)"
     " P2: z.store(1, relaxed); r0 = x.load(relaxed)",
     7, 8, 8, 8},

    // LB of three: 2 x 2 x 2 rf. Weak: all 1, a cycle of po and rf.
    {"litmus 3.LB P0: r0 = x.load(relaxed); y.store(1, relaxed)"
     " P1: r0 = y.load(relaxed); z.store(1, relaxed)"
     " P2: r0 = z.load(relaxed); x.store(1, relaxed)",
     7, 7, 7, 7},

    // 2+2W of three: 2 x 2 x 2 co. Weak: all first writes last.
    {"litmus 3.2W P0: x.store(1, relaxed); y.store(2, relaxed)"
     " P1: y.store(1, relaxed); z.store(2, relaxed)"
     " P2: z.store(1, relaxed); x.store(2, relaxed)",
     7, 7, 8, 8},
};

inline Counts expected(const Shape& shape, const Style& style) {
  const bool strong = style.store == Order::seq_cst || style.between == Order::seq_cst;
  if (strong) return {shape.sc, shape.sc, shape.sc};
  const bool relaxed = style.store == Order::relaxed && style.between == Order::relaxed;
  return {relaxed ? shape.relaxed : shape.release_acquire, shape.sc, shape.tso};
}

// --- Particulars ---------------------------------------------------------------------------------

struct Particular {
  const char* text;
  Counts expected;
};

inline const std::vector<Particular> particulars{
    // Half of a pair orders nothing: as relaxed.
    {"litmus MP+rel+rlx P0: x.store(1, relaxed); y.store(1, release)"
     " P1: r0 = y.load(relaxed); r1 = x.load(relaxed)",
     {4, 3, 3}},
    {"litmus MP+rlx+acq P0: x.store(1, relaxed); y.store(1, relaxed)"
     " P1: r0 = y.load(acquire); r1 = x.load(relaxed)",
     {4, 3, 3}},

    // A fence makes a pair with an access of the other kind, from its own side of the access; consume is acquire.
    {"litmus MP+fence.rel+acq P0: x.store(1, relaxed); fence(release); y.store(1, relaxed)"
     " P1: r0 = y.load(consume); r1 = x.load(relaxed)",
     {3, 3, 3}},
    {"litmus MP+rel+fence.acq P0: x.store(1, relaxed); y.store(1, release)"
     " P1: r0 = y.load(relaxed); fence(acquire); r1 = x.load(relaxed)",
     {3, 3, 3}},

    // The fences the wrong way round: as relaxed.
    {"litmus MP+fence.acq+fence.rel P0: x.store(1, relaxed); fence(acquire); y.store(1, relaxed)"
     " P1: r0 = y.load(relaxed); fence(release); r1 = x.load(relaxed)",
     {4, 3, 3}},

    // The second read is made only after a 1: 0; or 1 and then 0 or 1, of which release and acquire leave 1.
    {"litmus MP+if+rlx P0: x.store(1, relaxed); y.store(1, relaxed)"
     " P1: r0 = y.load(relaxed); if (r0 == 0) skip 1; r1 = x.load(relaxed)",
     {3, 2, 2}},
    {"litmus MP+if+ra P0: x.store(1, relaxed); y.store(1, release)"
     " P1: r0 = y.load(acquire); if (r0 == 0) skip 1; r1 = x.load(relaxed)",
     {2, 2, 2}},

    // Both write the value that is already there. All reads see 0, but from 2 x 2 writes less the thin-air cycle.
    {"litmus LB+datas P0: r0 = x.load(relaxed); y.store(r0, relaxed)"
     " P1: r0 = y.load(relaxed); x.store(r0, relaxed)",
     {3, 3, 3}},

    // One of the two threads fenced is not enough; nor are SC writes with relaxed reads, or the other way round. The mfence
    // of the SC writes is enough on x86.
    {"litmus SB+fence.sc+po P0: x.store(1, relaxed); fence(seq_cst); r0 = y.load(relaxed)"
     " P1: y.store(1, relaxed); r0 = x.load(relaxed)",
     {4, 3, 4}},
    {"litmus SB+sc.rlx P0: x.store(1, seq_cst); r0 = y.load(relaxed)"
     " P1: y.store(1, seq_cst); r0 = x.load(relaxed)",
     {4, 3, 3}},
    {"litmus SB+rlx.sc P0: x.store(1, relaxed); r0 = y.load(seq_cst)"
     " P1: y.store(1, relaxed); r0 = x.load(seq_cst)",
     {4, 3, 4}},

    // An SC fence against SC accesses restores SC (psc_base has fences at either end).
    {"litmus SB+fence.sc+sc P0: x.store(1, relaxed); fence(seq_cst); r0 = y.load(relaxed)"
     " P1: y.store(1, seq_cst); r0 = x.load(seq_cst)",
     {3, 3, 3}},

    // A locked instruction is enough on x86, even one that fails and so writes nothing. C++ gives a read after it no order with
    // what is before.
    {"litmus SB+rmws P0: r0 = x.exchange(1, acq_rel); r1 = y.load(relaxed)"
     " P1: r0 = y.exchange(1, acq_rel); r1 = x.load(relaxed)",
     {4, 3, 3}},
    {"litmus SB+failed-cas P0: x.store(1, relaxed); r0 = z.cas(5, 6, relaxed, relaxed);"
     " r1 = y.load(relaxed)"
     " P1: y.store(1, relaxed); r0 = z.cas(5, 6, relaxed, relaxed); r1 = x.load(relaxed)",
     {4, 3, 3}},

    // IRIW of which only the writes and the second reads are SC: 2^4. An SC write is alone in its thread, so no po≠loc leaves
    // it, and no scb leads from it to another SC event: rc11 allows all. x86 keeps R-R.
    {"litmus IRIW-acq-sc P0: x.store(1, seq_cst) P1: y.store(1, seq_cst)"
     " P2: r0 = x.load(acquire); r1 = y.load(seq_cst)"
     " P3: r0 = y.load(acquire); r1 = x.load(seq_cst)",
     {16, 15, 15}},

    // W+RWC whose middle is release and acquire, and all else SC: P0's first write reaches P1's last read by
    // po≠loc ; hb ; po≠loc, and the weak outcome is a cycle of psc.
    {"litmus W+RWC+sc+ra P0: x.store(1, seq_cst); y.store(1, release)"
     " P1: r0 = y.load(acquire); r1 = z.load(seq_cst)"
     " P2: z.store(1, seq_cst); r0 = x.load(seq_cst)",
     {7, 7, 7}},

    // The same again with P0 at x only, where nothing but the fence is po≠loc from its SC write. r0, r1 and P2's read see 3, 2
    // and 3 writes: 18. rc11 forbids (2, 0, 0); but (2, 0, 1), whose last fr leads to no SC event, and (1, 0, 0) it allows.
    // sc, tso: with r1 = 0, P2 reads after P1 and nothing older: no (1, 0, 0), (2, 0, 0), (2, 0, 1).
    {"litmus W+RWC+fence-is-elsewhere P0: x.store(1, seq_cst); fence(release); x.store(2, relaxed)"
     " P1: r0 = x.load(relaxed); fence(acquire); r1 = z.load(seq_cst)"
     " P2: z.store(1, seq_cst); r0 = x.load(seq_cst)",
     {17, 15, 15}},

    // Writes W to y by P0, U by the fetch_add, V by P2. Each of their 3! co orders is one rf of U, who sees the one before.
    // P1's load sees U or later: U W V 3, U V W 3, W U V 2, V U W 2, W V U 1, V W U 1: 12. P2 sees x = 0 or 1: 24.
    // rc11 allows all: from W to U there is hb, but to leave W for an SC event it must end in po≠loc, and P1 stays at y.
    // sc, tso: with x = 0 P2 is all before P0, so V before W: U V W 3, V U W 2, V W U 1: 6; with x = 1, all 12: 18.
    {"litmus Z6.U P0: x.store(1, seq_cst); y.store(1, release)"
     " P1: r0 = y.fetch_add(1, seq_cst); r1 = y.load(relaxed)"
     " P2: y.store(3, seq_cst); r0 = x.load(seq_cst)",
     {24, 18, 18}},

    // --- Release sequences -----------------------------------------------------------------------

    // Writes W of P0, U of the fetch_add. If U sees 0: P2 reads y from 0 or U, and then x freely, 2 x 2, or from W and then
    // x = 1: 5. If U sees W: from 0, x free: 2; from W, 1; from U, which continues W's release sequence, 1: 4.
    {"litmus MP+relseq-rmw P0: x.store(1, relaxed); y.store(1, release)"
     " P1: r0 = y.fetch_add(1, relaxed)"
     " P2: r0 = y.load(acquire); r1 = x.load(relaxed)",
     {9, 9, 9}},
    {"litmus MP+relseq-rmw+fences P0: x.store(1, relaxed); fence(release); y.store(1, relaxed)"
     " P1: r0 = y.fetch_add(1, relaxed)"
     " P2: r0 = y.load(relaxed); fence(acquire); r1 = x.load(relaxed)",
     {9, 9, 9}},

    // All relaxed: U in 2 places, y from 3 writes, x from 2. sc, tso: as above.
    {"litmus MP+relseq-rmw+rlx P0: x.store(1, relaxed); y.store(1, relaxed)"
     " P1: r0 = y.fetch_add(1, relaxed)"
     " P2: r0 = y.load(relaxed); r1 = x.load(relaxed)",
     {12, 9, 9}},

    // C++20: a plain store of the same thread does not continue the sequence. y from 0, x free: 2; from the release, 1; from
    // the later store, 2. sc, tso: 2 + 1 + 1.
    {"litmus MP+relseq-po P0: x.store(1, relaxed); y.store(1, release); y.store(2, relaxed)"
     " P1: r0 = y.load(acquire); r1 = x.load(relaxed)",
     {5, 4, 4}},

    // Nor does another thread's: for each of 2 co, 2 + 1 + 2. sc, tso: if it is co-after the release it shows x = 1: 4 + 5.
    {"litmus MP+relseq-other P0: x.store(1, relaxed); y.store(1, release)"
     " P1: y.store(2, relaxed)"
     " P2: r0 = y.load(acquire); r1 = x.load(relaxed)",
     {10, 9, 9}},

    // --- Read-modify-writes ----------------------------------------------------------------------

    // N fetch_adds: each sees the one co-before it, so a graph is a permutation.
    {"litmus FADD2 P0: r0 = x.fetch_add(1, relaxed) P1: r0 = x.fetch_add(1, relaxed)", {2, 2, 2}},
    {"litmus FADD3 P0: r0 = x.fetch_add(1, relaxed) P1: r0 = x.fetch_add(1, acq_rel)"
     " P2: r0 = x.fetch_add(1, seq_cst)",
     {6, 6, 6}},
    {"litmus FADD4 P0: r0 = x.fetch_add(1, relaxed) P1: r0 = x.fetch_add(1, relaxed)"
     " P2: r0 = x.fetch_add(1, relaxed) P3: r0 = x.fetch_add(1, relaxed)",
     {24, 24, 24}},

    // Two in each of two threads: permutations that keep po, 4! / (2! 2!).
    {"litmus FADD2x2 P0: r0 = x.fetch_add(1, relaxed); r1 = x.fetch_add(1, relaxed)"
     " P1: r0 = x.fetch_add(1, relaxed); r1 = x.fetch_add(1, relaxed)",
     {6, 6, 6}},

    // co is either, and the exchange sees the write before its own.
    {"litmus XCHG+W P0: r0 = x.exchange(1, relaxed) P1: x.store(2, relaxed)", {2, 2, 2}},

    // The read half acquires, the write half releases; each does it only with the order that says so. The second thread sees
    // 0, x free: 2; or 1 and then x = 1, or, unsynchronized, x free.
    {"litmus MP+rel+rmw.acq P0: x.store(1, relaxed); y.store(1, release)"
     " P1: r0 = y.fetch_add(1, acquire); r1 = x.load(relaxed)",
     {3, 3, 3}},
    {"litmus MP+rel+rmw.rel P0: x.store(1, relaxed); y.store(1, release)"
     " P1: r0 = y.fetch_add(1, release); r1 = x.load(relaxed)",
     {4, 3, 3}},
    {"litmus MP+rmw.rel+acq P0: x.store(1, relaxed); r0 = y.fetch_add(1, release)"
     " P1: r0 = y.load(acquire); r1 = x.load(relaxed)",
     {3, 3, 3}},
    {"litmus MP+rmw.acq+acq P0: x.store(1, relaxed); r0 = y.fetch_add(1, acquire)"
     " P1: r0 = y.load(acquire); r1 = x.load(relaxed)",
     {4, 3, 3}},

    // Both halves of an SC read-modify-write are SC events: SB.
    {"litmus SB+rmws.sc P0: r0 = x.exchange(1, seq_cst); r1 = y.load(seq_cst)"
     " P1: r0 = y.exchange(1, seq_cst); r1 = x.load(seq_cst)",
     {3, 3, 3}},

    // --- Compare-exchange ------------------------------------------------------------------------

    // One of N wins, seeing 0; the others see its 1 and fail.
    {"litmus CAS2 P0: r0 = x.cas(0, 1, relaxed, relaxed) P1: r0 = x.cas(0, 1, relaxed, relaxed)",
     {2, 2, 2}},
    {"litmus CAS3 P0: r0 = x.cas(0, 1, acq_rel, acquire) P1: r0 = x.cas(0, 1, acq_rel, acquire)"
     " P2: r0 = x.cas(0, 1, acq_rel, acquire)",
     {3, 3, 3}},

    // The first must see 0, for a 2 comes only after its 1. The second sees 0 and fails, or 1 and succeeds.
    {"litmus CAS-chain P0: r0 = x.cas(0, 1, relaxed, relaxed) P1: r0 = x.cas(1, 2, relaxed, "
     "relaxed)",
     {2, 2, 2}},

    // It sees 0, succeeds, and x is free: 2; or sees 1 and fails: with the failure order acquire x = 1, else x is free.
    {"litmus CAS-failure-acq P0: x.store(1, relaxed); y.store(1, release)"
     " P1: r0 = y.cas(0, 2, relaxed, acquire); r1 = x.load(relaxed)",
     {3, 3, 3}},
    {"litmus CAS-failure-rlx P0: x.store(1, relaxed); y.store(1, release)"
     " P1: r0 = y.cas(0, 2, acq_rel, relaxed); r1 = x.load(relaxed)",
     {4, 3, 3}},

    // The same where seeing 1 succeeds: the success order counts. It sees 0, fails, x free: 2; or 1: x = 1, or x free.
    {"litmus CAS-success-acq P0: x.store(1, relaxed); y.store(1, release)"
     " P1: r0 = y.cas(1, 2, acquire, relaxed); r1 = x.load(relaxed)",
     {3, 3, 3}},
    {"litmus CAS-success-rlx P0: x.store(1, relaxed); y.store(1, release)"
     " P1: r0 = y.cas(1, 2, relaxed, acquire); r1 = x.load(relaxed)",
     {4, 3, 3}},

    // A failed one releases nothing: P1 can see only 0 in y, and x is free.
    {"litmus CAS-failure-writes-nothing P0: x.store(1, relaxed); r0 = y.cas(5, 1, seq_cst, seq_cst)"
     " P1: r0 = y.load(acquire); r1 = x.load(relaxed)",
     {2, 2, 2}},

    // SB whose reads are failing compare-exchanges with SC failure: 3. With relaxed failure they are no SC events: 4.
    {"litmus SB+cas-failure-sc P0: x.store(1, seq_cst); r0 = y.cas(5, 6, relaxed, seq_cst)"
     " P1: y.store(1, seq_cst); r0 = x.cas(5, 6, relaxed, seq_cst)",
     {3, 3, 3}},
    {"litmus SB+cas-failure-rlx P0: x.store(1, seq_cst); r0 = y.cas(5, 6, seq_cst, relaxed)"
     " P1: y.store(1, seq_cst); r0 = x.cas(5, 6, seq_cst, relaxed)",
     {4, 3, 3}},
};

// --- All of them ---------------------------------------------------------------------------------

inline std::vector<Litmus> all_litmus() {
  std::vector<Litmus> result;
  for (const Shape& shape : shapes) {
    const Program base = parse(shape.text);
    for (const Style& style : styles) {
      Program program{base.name + "+" + style.name, {}};
      for (const Thread& thread : base.threads) program.threads.push_back(styled(thread, style));
      result.push_back({program.name, program, expected(shape, style)});
    }
  }
  for (const Particular& test : particulars) {
    const Program program = parse(test.text);
    result.push_back({program.name, program, test.expected});
  }
  return result;
}

}  // namespace oracle
