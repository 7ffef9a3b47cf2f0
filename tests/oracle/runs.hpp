// tests/oracle/runs.hpp: what one thread can do by itself: its runs, one for each guess of the values that it reads.
//
// The guesses miss nothing: with po | rf acyclic each value written depends on earlier writes only, and no chain of these has
// an instruction twice, for there are no loops; so as many rounds of "run all threads on all values known" as the
// program has writing instructions know all values. A guess too many finds no write to read from.
//
// Checked by: SameAsTheMachine in oracle_test.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "program.hpp"

namespace oracle {

struct Event {
  enum class Kind { read, write, fence };
  Kind kind = Kind::write;
  Order order = Order::relaxed;
  int location = -1;
  int value = 0;
  bool locked = false;         // of a read-modify-write or a compare-exchange
  bool second_half = false;    // the write of a read-modify-write: the event before is its read
  int thread = -1, index = 0;  // the index-th event of its thread; -1 made the initial writes
};

using Values = std::array<std::set<int>, max_locations>;

struct Run {
  std::vector<Event> events;
  Registers registers{};
  std::uint64_t reads_from = 0, writes = 0;  // fingerprints of the values read and written
};

// A bit for a value at a location. Some share one, so that the bits of a read in those of the writes is necessary for the
// read to see one of them; which write it sees is asked with the values themselves.
constexpr std::uint64_t fingerprint(int location, int value) {
  return std::uint64_t{1} << (static_cast<unsigned>(value * max_locations + location) % 64);
}

// Appends the events of one instruction that saw, if it reads, the value `seen`.
inline void perform(const Instruction& i, int seen, Run& run) {
  if (i.op == Op::fence) run.events.push_back({.kind = Event::Kind::fence, .order = i.order});
  if (reads(i.op)) {
    run.events.push_back({.kind = Event::Kind::read,
                          .order = fails(i, seen) ? i.failure : i.order,
                          .location = i.location,
                          .value = seen,
                          .locked = writes(i.op)});
  }
  if (writes(i.op) && !fails(i, seen)) {
    run.events.push_back({.kind = Event::Kind::write,
                          .order = i.order,
                          .location = i.location,
                          .value = written(i, seen, run.registers),
                          .locked = reads(i.op),
                          .second_half = reads(i.op)});
  }
  if (reads(i.op)) run.registers[i.reg] = seen;
}

// Appends to `runs` each way to go on with `run` at instruction `at`.
inline void follow(const Thread& thread, const Values& values, std::size_t at, const Run& run,
                   std::vector<Run>& runs) {
  if (at >= thread.size()) {
    runs.push_back(run);
    for (const Event& e : run.events) {
      if (e.kind == Event::Kind::read) runs.back().reads_from |= fingerprint(e.location, e.value);
      if (e.kind == Event::Kind::write) runs.back().writes |= fingerprint(e.location, e.value);
    }
    return;
  }
  const Instruction& next = thread[at];
  if (next.op == Op::skip_if) {
    const int skipped = run.registers[next.reg] == next.expected ? next.skip : 0;
    return follow(thread, values, at + 1 + skipped, run, runs);
  }
  const std::set<int> unseen{0};
  for (const int seen : reads(next.op) ? values[next.location] : unseen) {
    Run longer = run;
    perform(next, seen, longer);
    follow(thread, values, at + 1, longer, runs);
  }
}

inline std::vector<Run> runs_of(const Thread& thread, const Values& values) {
  std::vector<Run> runs;
  follow(thread, values, 0, Run{}, runs);
  return runs;
}

inline Values possible_values(const Program& program) {
  std::ptrdiff_t rounds = 0;
  for (const Thread& thread : program.threads) {
    rounds += std::count_if(thread.begin(), thread.end(), [](auto& i) { return writes(i.op); });
  }
  Values values;
  values.fill({0});
  for (; rounds > 0; --rounds) {
    Values more = values;
    for (const Thread& thread : program.threads) {
      for (const Run& run : runs_of(thread, values)) {
        for (const Event& e : run.events) {
          if (e.kind == Event::Kind::write) more[e.location].insert(e.value);
        }
      }
    }
    if (std::exchange(values, more) == more) break;
  }
  return values;
}

}  // namespace oracle
