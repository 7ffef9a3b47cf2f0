// tests/oracle/enumerate.hpp: every consistent execution of a tiny program, by brute force from the axioms.
//
// Generate and test, in four nested choices:
//   1. a run of each thread (runs.hpp): its events, with the value of each read guessed;
//   2. rf: for each read, a write of the guessed value to its location;      then NoThinAir
//   3. co: for each location, a permutation of its writes, the initial one first;
//   4. ask the model.
// Nothing is pruned but by the axioms, so this is right if the axioms are, and slow.
//
// A graph is the events of each thread, rf and co. No two candidates are the same graph: runs of a thread differ in what
// some read saw, and the rest is chosen once.
//
// Checked by: oracle_test.cpp. It shares nothing with the checker that it is there to check.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <vector>

#include "axioms.hpp"
#include "program.hpp"
#include "runs.hpp"

namespace oracle {

// --- A candidate ---------------------------------------------------------------------------------

struct Execution {
  // The initial writes, then thread by thread. An event's place here is its number.
  std::vector<Event> events;
  Graph graph;
  std::array<std::vector<int>, max_locations> co;  // the writes of each location, in order
  Outcome outcome;
};

// Puts an event into the sets that its kind and order name.
inline void classify(const Event& event, Set self, Graph& g) {
  const bool reads = event.kind == Event::Kind::read, writes = event.kind == Event::Kind::write;
  if (reads) g.reads |= self;
  if (writes) g.writes |= self;
  if (!reads && !writes) g.fences |= self;
  if (!writes && acquires(event.order)) g.acquires |= self;
  if (!reads && releases(event.order)) g.releases |= self;
  if (event.order == Order::seq_cst) g.sc |= self;
  if (event.locked) g.locked |= self;
}

// The new event is po-after what its thread did so far, and after the initial writes.
inline void add_event(Execution& x, const Event& event) {
  if (x.events.size() == max_events) throw std::length_error("oracle: more than 32 events");
  const auto number = static_cast<int>(x.events.size());
  x.events.push_back(event);
  classify(event, singleton(number), x.graph);
  for (int other = 0; other <= number; ++other) {
    const Event& before = x.events[other];
    const bool of_thread = event.thread >= 0 && other != number;
    if (of_thread && (before.thread < 0 || before.thread == event.thread)) {
      x.graph.po.add(other, number);
    }
    if (before.location != event.location || event.location < 0) continue;
    x.graph.same_location.add(other, number);
    x.graph.same_location.add(number, other);
  }
  if (event.second_half) x.graph.rmw.add(number - 1, number);
  if (event.kind == Event::Kind::write) x.co[event.location].push_back(number);
}

// The events of one run of each thread, related by po and rmw alone.
inline Execution lay_out(const std::vector<const Run*>& runs) {
  Execution x;
  for (int l = 0; l < max_locations; ++l) add_event(x, {.location = l});
  for (std::size_t t = 0; t < runs.size(); ++t) {
    for (std::size_t i = 0; i < runs[t]->events.size(); ++i) {
      Event event = runs[t]->events[i];
      event.thread = static_cast<int>(t);
      event.index = static_cast<int>(i);
      add_event(x, event);
    }
    x.outcome.registers[t] = runs[t]->registers;
  }
  return x;
}

// --- 2, 3, 4. rf, co, the model ------------------------------------------------------------------

// Calls visit(const Execution&) with each consistent execution.
template <typename Visit>
class Enumerator {
 public:
  Enumerator(const Program& program, const Model& model, Visit visit)
      : model_(model), visit_(visit) {
    const Values values = possible_values(program);
    for (const Thread& thread : program.threads) runs_.push_back(runs_of(thread, values));
  }

  void run() {
    std::uint64_t initial = 0;
    for (int l = 0; l < max_locations; ++l) initial |= fingerprint(l, 0);
    choose_runs(0, initial);
  }

 private:
  void choose_runs(std::uint64_t reads_from, std::uint64_t writes) {
    if (chosen_.size() == runs_.size()) {
      if ((reads_from & ~writes) != 0) return;  // most guesses end here, and cost little
      x_ = lay_out(chosen_);
      return choose_rf(x_.graph.reads);
    }
    for (const Run& run : runs_[chosen_.size()]) {
      chosen_.push_back(&run);
      choose_runs(reads_from | run.reads_from, writes | run.writes);
      chosen_.pop_back();
    }
  }

  void choose_rf(Set reads) {
    if (reads == 0) {
      if (no_thin_air(x_.graph)) choose_co(0);
      return;
    }
    const int read = std::countr_zero(reads);
    for_each(x_.graph.writes, [&](int write) {
      if (x_.events[write].location != x_.events[read].location) return;
      if (x_.events[write].value != x_.events[read].value) return;
      x_.graph.rf.add(write, read);
      choose_rf(reads & ~singleton(read));
      x_.graph.rf.remove(write, read);
    });
  }

  void choose_co(int location) {
    if (location == max_locations) return ask();
    std::vector<int>& order = x_.co[location];
    std::sort(order.begin(), order.end());  // which puts the initial write first
    do {
      x_.outcome.memory[location] = x_.events[order.back()].value;
      relate_in(order);
      choose_co(location + 1);
    } while (std::next_permutation(order.begin() + 1, order.end()));
  }

  void relate_in(const std::vector<int>& order) {
    Set later = 0;
    for (auto write = order.rbegin(); write != order.rend(); ++write) {
      x_.graph.co.rows[*write] = later;
      later |= singleton(*write);
    }
  }

  void ask() {
    if (model_.consistent(x_.graph)) visit_(x_);
  }

  Model model_;
  Visit visit_;
  std::vector<std::vector<Run>> runs_;  // of each thread
  std::vector<const Run*> chosen_;      // one of each thread so far
  Execution x_;
};

template <typename Visit>
void for_each_execution(const Program& program, const Model& model, Visit visit) {
  Enumerator(program, model, visit).run();
}

struct Enumeration {
  std::uint64_t graphs = 0;
  std::set<Outcome> outcomes;
  bool operator==(const Enumeration&) const = default;
};

inline Enumeration enumerate(const Program& program, const Model& model) {
  Enumeration result;
  for_each_execution(program, model, [&](const Execution& x) {
    ++result.graphs;
    result.outcomes.insert(x.outcome);
  });
  return result;
}

}  // namespace oracle
