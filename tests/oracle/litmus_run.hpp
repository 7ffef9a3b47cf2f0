// tests/oracle/litmus_run.hpp: a program of the litmus language, run by the checker's search.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "checker/explore/search.hpp"
#include "enumerate.hpp"
#include "program.hpp"

namespace oracle {

namespace check = lockstep::check;

inline check::Order order_of(Order order) {
  switch (order) {
    case Order::relaxed:
      return check::Order::relaxed;
    case Order::consume:
    case Order::acquire:
      return check::Order::acquire;
    case Order::release:
      return check::Order::release;
    case Order::acq_rel:
      return check::Order::acq_rel;
    case Order::seq_cst:
      return check::Order::seq_cst;
  }
  return check::Order::seq_cst;
}

/// One run of all threads, which ask the search what they see.
class LitmusRun {
 public:
  LitmusRun(const Program& program, check::Search& search)
      : program_(program), search_(search), next_(program.threads.size()) {}

  /// Runs every thread to its end: first as the graph has it, then the first that is not at its end.
  Outcome run() {
    search_.begin_run();
    for (std::size_t t = 0; search_.is_replaying(); t = (t + 1) % next_.size()) {
      skip_what_is_not_seen(t);
      while (search_.can_step(t)) step(t);
    }
    for (std::size_t t = 0; t < next_.size(); ++t) {
      while (!at_end(t)) step(t);
    }
    for (int l = 0; l < max_locations; ++l) {
      const auto& co = search_.current().co(static_cast<check::Location>(l));
      if (!co.empty()) outcome_.memory[l] = to_int(search_.current()[co.back()].value);
    }
    return outcome_;
  }

 private:
  [[nodiscard]] bool at_end(std::size_t t) const { return next_[t] >= program_.threads[t].size(); }
  static int to_int(check::Value value) {
    return static_cast<int>(static_cast<std::int64_t>(value));
  }
  static check::Value to_value(int value) {
    return static_cast<check::Value>(static_cast<std::int64_t>(value));
  }

  /// Conditionals are the thread's own business: no event.
  void skip_what_is_not_seen(std::size_t t) {
    while (!at_end(t) && program_.threads[t][next_[t]].op == Op::skip_if) step(t);
  }

  void step(std::size_t t) {
    const Instruction& i = program_.threads[t][next_[t]++];
    Registers& registers = outcome_.registers[t];
    const auto location = static_cast<check::Location>(i.location);
    switch (i.op) {
      case Op::load:
        registers[i.reg] = to_int(search_.load(t, location, order_of(i.order)));
        break;
      case Op::store:
        search_.store(t, location, order_of(i.order), to_value(evaluate(i.operand, registers)));
        break;
      case Op::fetch_add:
      case Op::exchange:
      case Op::cas:
        registers[i.reg] = to_int(search_.read_modify_write(t, location, update(i, registers)));
        break;
      case Op::fence:
        search_.fence(t, order_of(i.order));
        break;
      case Op::skip_if:
        if (registers[i.reg] == i.expected) next_[t] += static_cast<std::size_t>(i.skip);
        break;
    }
    skip_what_is_not_seen(t);
  }

  static check::Update update(const Instruction& i, const Registers& registers) {
    check::Update update;
    update.order = order_of(i.order);
    update.failure = order_of(i.failure);
    update.written = [&i, &registers](check::Value seen) {
      return to_value(written(i, to_int(seen), registers));
    };
    if (i.op == Op::cas) update.expected = to_value(i.expected);
    return update;
  }

  const Program& program_;
  check::Search& search_;
  std::vector<std::size_t> next_;  // instruction of each thread
  Outcome outcome_;
};

/// The graph as text: what each read sees, and co.
inline std::string fingerprint_of(const check::Graph& graph) {
  std::string text;
  const auto add = [&](check::EventId id) {
    text += std::to_string(id.thread) + '.' + std::to_string(id.index) + ' ';
  };
  for (std::size_t t = 0; t < graph.threads(); ++t) {
    for (const check::Event& event : graph.thread(t)) {
      if (event.kind == check::Kind::read) add(event.rf);
    }
    text += '|';
  }
  for (check::Location l = 0; l < static_cast<check::Location>(max_locations); ++l) {
    for (const check::EventId write : graph.co(l)) add(write);
    text += '|';
  }
  return text;
}

struct Searched {
  Enumeration all;
  std::uint64_t different_graphs = 0;
};

inline Searched search(const Program& program, const check::Model& model) {
  check::Search search(model);
  Searched result;
  std::set<std::string> seen;
  do {
    result.all.outcomes.insert(LitmusRun(program, search).run());
    ++result.all.graphs;
    seen.insert(fingerprint_of(search.current()));
  } while (search.end_run());
  result.different_graphs = seen.size();
  return result;
}

}  // namespace oracle
