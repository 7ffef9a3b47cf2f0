// tests/litmus/awaits.hpp: loops that only read, until they see what they wait for.
//
// What such a loop saw before it ended is no part of an execution: each counts as a single read. An
// execution in which it has not ended is not complete. So the oracle, which has no loops, is given
// a read instead of each, and the graphs in which some of them sees the wrong thing are left out
// (`ended`).
//
// {rc11, sc, tso}
#pragma once

#include <atomic>
#include <vector>

#include "litmus.hpp"

namespace litmus {

/// Waits until it is not 0, and says what it is. Not inline: what it saw would else be in a
/// register that is kept during the call, and has something else in it in the first round, which
/// would then count as a round of its own.
template <std::memory_order order>
[[gnu::noinline]] int await(const std::atomic<int>& location) {
  int seen = 0;
  do {
    seen = location.load(order);
  } while (seen == 0);
  return seen;
}

template <std::memory_order order>
void await_two(const std::atomic<int>& location) {
  while (location.load(order) != 2) {
  }
}

template <std::memory_order success>
void take(std::atomic<int>& lock) {
  while (cas<success, relaxed>(lock, 0, 1) != 0) {
  }
}

using oracle::Outcome;

// clang-format off
inline const std::vector<Litmus> awaits{
    // Message passing: one execution, if the message must be seen.
    {"MP+await/release_acquire", {1, 1, 1},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, release); },
      [](P& p) { p.r0 = await<acquire>(p.y); p.r1 = p.x.load(relaxed); }},
     "P0: x.store(1, relaxed); y.store(1, release) P1: r0 = y.load(acquire); r1 = x.load(relaxed)",
     [](const Outcome& o) { return o.registers[1][0] == 1; }},
    {"MP+await/seq_cst", {1, 1, 1},
     {[](P& p) { p.x.store(1, seq_cst); p.y.store(1, seq_cst); },
      [](P& p) { p.r0 = await<seq_cst>(p.y); p.r1 = p.x.load(seq_cst); }},
     "P0: x.store(1, seq_cst); y.store(1, seq_cst) P1: r0 = y.load(seq_cst); r1 = x.load(seq_cst)",
     [](const Outcome& o) { return o.registers[1][0] == 1; }},

    // The acquire fence after a loop is cheaper than an acquire in it, and as good.
    {"MP+await/fences", {1, 1, 1},
     {[](P& p) { p.x.store(1, relaxed); fence<release>(); p.y.store(1, relaxed); },
      [](P& p) { p.r0 = await<relaxed>(p.y); fence<acquire>(); p.r1 = p.x.load(relaxed); }},
     "P0: x.store(1, relaxed); fence(release); y.store(1, relaxed)"
     " P1: r0 = y.load(relaxed); fence(acquire); r1 = x.load(relaxed)",
     [](const Outcome& o) { return o.registers[1][0] == 1; }},

    // To have waited orders nothing by itself: x from either write.
    {"MP+await/relaxed", {2, 1, 1},
     {[](P& p) { p.x.store(1, relaxed); p.y.store(1, relaxed); },
      [](P& p) { p.r0 = await<relaxed>(p.y); p.r1 = p.x.load(relaxed); }},
     "P0: x.store(1, relaxed); y.store(1, relaxed) P1: r0 = y.load(relaxed); r1 = x.load(relaxed)",
     [](const Outcome& o) { return o.registers[1][0] == 1; }},

    // There and back.
    {"Ping-pong", {1, 1, 1},
     {[](P& p) { p.x.store(1, release); p.r0 = await<acquire>(p.y); },
      [](P& p) { p.r0 = await<acquire>(p.x); p.y.store(1, release); }},
     "P0: x.store(1, release); r0 = y.load(acquire) P1: r0 = x.load(acquire); y.store(1, release)",
     [](const Outcome& o) { return o.registers[0][0] == 1 && o.registers[1][0] == 1; }},

    // By way of a third thread.
    {"WRC+awaits/release_acquire", {1, 1, 1},
     {[](P& p) { p.x.store(1, release); },
      [](P& p) { p.r0 = await<acquire>(p.x); p.y.store(1, release); },
      [](P& p) { p.r0 = await<acquire>(p.y); p.r1 = p.x.load(relaxed); }},
     "P0: x.store(1, release) P1: r0 = x.load(acquire); y.store(1, release)"
     " P2: r0 = y.load(acquire); r1 = x.load(relaxed)",
     [](const Outcome& o) { return o.registers[1][0] == 1 && o.registers[2][0] == 1; }},
    {"WRC+awaits/relaxed", {2, 1, 1},
     {[](P& p) { p.x.store(1, relaxed); },
      [](P& p) { p.r0 = await<relaxed>(p.x); p.y.store(1, relaxed); },
      [](P& p) { p.r0 = await<relaxed>(p.y); p.r1 = p.x.load(relaxed); }},
     "P0: x.store(1, relaxed) P1: r0 = x.load(relaxed); y.store(1, relaxed)"
     " P2: r0 = y.load(relaxed); r1 = x.load(relaxed)",
     [](const Outcome& o) { return o.registers[1][0] == 1 && o.registers[2][0] == 1; }},

    // It may see either write; what was there on the way to 2 does not count.
    {"Await-any", {2, 2, 2},
     {[](P& p) { p.x.store(1, relaxed); p.x.store(2, relaxed); },
      [](P& p) { p.r0 = await<relaxed>(p.x); }},
     "P0: x.store(1, relaxed); x.store(2, relaxed) P1: r0 = x.load(relaxed)",
     [](const Outcome& o) { return o.registers[1][0] != 0; }},
    {"Await-two", {1, 1, 1},
     {[](P& p) { p.x.store(1, relaxed); p.x.store(2, relaxed); },
      [](P& p) { await_two<relaxed>(p.x); p.r0 = 2; }},
     "P0: x.store(1, relaxed); x.store(2, relaxed) P1: r0 = x.load(relaxed)",
     [](const Outcome& o) { return o.registers[1][0] == 2; }},

    // Either co, either write.
    {"Await+2W", {4, 4, 4},
     {[](P& p) { p.x.store(1, relaxed); },
      [](P& p) { p.x.store(2, relaxed); },
      [](P& p) { p.r0 = await<relaxed>(p.x); }},
     "P0: x.store(1, relaxed) P1: x.store(2, relaxed) P2: r0 = x.load(relaxed)",
     [](const Outcome& o) { return o.registers[2][0] != 0; }},

    // Until both have arrived: 2! orders of arrival.
    {"Await+FADD2", {2, 2, 2},
     {[](P& p) { p.r0 = p.x.fetch_add(1, acq_rel); },
      [](P& p) { p.r0 = p.x.fetch_add(1, acq_rel); },
      [](P& p) { await_two<acquire>(p.x); p.r0 = 2; }},
     "P0: r0 = x.fetch_add(1, acq_rel) P1: r0 = x.fetch_add(1, acq_rel) P2: r0 = x.load(acquire)",
     [](const Outcome& o) { return o.registers[2][0] == 2; }},

    // A compare-exchange that fails only reads: a lock. N! orders of N threads.
    {"Lock2", {2, 2, 2},
     {[](P& p) { take<acquire>(p.x); p.x.store(0, release); },
      [](P& p) { take<acquire>(p.x); p.x.store(0, release); }},
     "P0: r0 = x.cas(0, 1, acquire, relaxed); x.store(0, release)"
     " P1: r0 = x.cas(0, 1, acquire, relaxed); x.store(0, release)",
     [](const Outcome& o) { return o.registers[0][0] + o.registers[1][0] == 0; }},
    {"Lock3", {6, 6, 6},
     {[](P& p) { take<acquire>(p.x); p.x.store(0, release); },
      [](P& p) { take<acquire>(p.x); p.x.store(0, release); },
      [](P& p) { take<acquire>(p.x); p.x.store(0, release); }},
     "P0: r0 = x.cas(0, 1, acquire, relaxed); x.store(0, release)"
     " P1: r0 = x.cas(0, 1, acquire, relaxed); x.store(0, release)"
     " P2: r0 = x.cas(0, 1, acquire, relaxed); x.store(0, release)",
     [](const Outcome& o) { return o.registers[0][0] + o.registers[1][0] + o.registers[2][0] == 0; }},
};
// clang-format on

}  // namespace litmus
