// tests/oracle/operational.hpp: what a program can do, found by running it on an abstract machine. No axioms here: this
// is the witness for those of sc and tso, and for the enumeration that rc11 shares with them.
//
//   sc   a step is one instruction of one thread, on one memory.
//   tso  (Owens, Sarkar, Sewell: "A Better x86 Memory Model: x86-TSO", 2009) a store goes to the end of its thread's
//        buffer, and from the buffer's head to memory in some later step; a load sees its own thread's last buffered store
//        to its location, else memory; what is locked, and an mfence, wait until the buffer is empty.
//
// The memory of each location is the list of all writes to it, its last element the current one: that is co. With what
// each read saw it makes two final states differ exactly if their graphs do, so final states are counted as graphs.
//
// Checked by: SameAsTheMachine in oracle_test.cpp, against enumerate.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <set>
#include <vector>

#include "enumerate.hpp"
#include "program.hpp"

namespace oracle {

class Machine {
 public:
  Machine(const Program& program, bool has_buffers)
      : program_(program), has_buffers_(has_buffers) {}

  Enumeration run() {
    State start;
    start.cores.resize(program_.threads.size());
    for (int l = 0; l < max_locations; ++l) start.memory[l].push_back({.location = l});
    explore(start);
    return found_;
  }

 private:
  struct Write {
    int location = 0, value = 0;
    int thread = -1;     // -1: initial
    std::size_t at = 0;  // the instruction that made it
    auto operator<=>(const Write&) const = default;
  };

  struct Core {
    std::size_t at = 0;  // the next instruction
    Registers registers{};
    std::vector<Write> seen;    // by each read so far
    std::vector<Write> buffer;  // the oldest first
    bool at_mfence = false;     // that of a seq_cst store
    auto operator<=>(const Core&) const = default;
  };

  struct State {
    std::vector<Core> cores;
    std::array<std::vector<Write>, max_locations> memory;
    auto operator<=>(const State&) const = default;
  };

  void explore(const State& state) {
    if (!visited_.insert(state).second) return;
    std::vector<State> next;
    for (std::size_t t = 0; t < state.cores.size(); ++t) {
      if (!state.cores[t].buffer.empty()) next.push_back(after_flush(state, t));
      if (can_step(state.cores[t], t)) next.push_back(after_step(state, t));
    }
    for (const State& after : next) explore(after);
    if (next.empty()) finish(state);
  }

  bool can_step(const Core& core, std::size_t t) const {
    if (core.at == program_.threads[t].size()) return false;
    const Instruction& next = program_.threads[t][core.at];
    const bool mfence = next.op == Op::fence && next.order == Order::seq_cst;
    const bool waits = core.at_mfence || mfence || read_modify_writes(next.op);
    return core.buffer.empty() || !waits;
  }

  State after_flush(State state, std::size_t t) const {
    std::vector<Write>& buffer = state.cores[t].buffer;
    state.memory[buffer.front().location].push_back(buffer.front());
    buffer.erase(buffer.begin());
    return state;
  }

  State after_step(State state, std::size_t t) const {
    Core& core = state.cores[t];
    const std::size_t at = core.at++;
    const Instruction& i = program_.threads[t][at];
    core.at_mfence = has_buffers_ && i.op == Op::store && i.order == Order::seq_cst;
    if (i.op == Op::skip_if && core.registers[i.reg] == i.expected) core.at += i.skip;
    if (!is_access(i.op)) return state;
    const Write seen = visible(state, t, i.location);
    const Write made{i.location, written(i, seen.value, core.registers), static_cast<int>(t), at};
    if (reads(i.op)) core.registers[i.reg] = seen.value;
    if (reads(i.op)) core.seen.push_back(seen);
    if (!writes(i.op) || fails(i, seen.value)) return state;
    (has_buffers_ && i.op == Op::store ? core.buffer : state.memory[i.location]).push_back(made);
    return state;
  }

  static Write visible(const State& state, std::size_t t, int location) {
    const std::vector<Write>& buffer = state.cores[t].buffer;
    for (auto write = buffer.rbegin(); write != buffer.rend(); ++write) {
      if (write->location == location) return *write;
    }
    return state.memory[location].back();
  }

  void finish(const State& state) {
    Outcome outcome;
    for (std::size_t t = 0; t < state.cores.size(); ++t) {
      outcome.registers[t] = state.cores[t].registers;
    }
    for (int l = 0; l < max_locations; ++l) outcome.memory[l] = state.memory[l].back().value;
    ++found_.graphs;
    found_.outcomes.insert(outcome);
  }

  const Program& program_;
  bool has_buffers_;
  std::set<State> visited_;
  Enumeration found_;
};

}  // namespace oracle
