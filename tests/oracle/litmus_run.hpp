// tests/oracle/litmus_run.hpp: a program of the litmus language, run by a strategy of the
// checker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "checker/explore/fingerprint.hpp"
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

/// How the threads of a program are run. None of it changes how many graphs it has.
struct Manner {
  bool in_a_chain = false;  // each thread is created by the one before, instead of all by the first
  bool is_joined = false;   // the first joins the others, and reads all locations
  bool weak = false;        // compare-exchanges may fail; this does change it
  /// Of each thread, if it is identical to some before it: the number, from 1, of the last of them; else 0.
  /// None are if it is empty. The search then has one of all permutations, so this changes it too.
  std::vector<std::size_t> like{};
};

/// One run of all threads, which ask the strategy what they see. The threads of the program are
/// created by the strategy's thread 0; they are its threads 1, 2, ...
class LitmusRun {
 public:
  LitmusRun(const Program& program, check::Strategy& strategy, Manner manner = {})
      : program_(program), strategy_(strategy), manner_(manner), next_(program.threads.size()) {}

  Outcome run() {
    strategy_.begin_run();
    std::size_t running = 0;
    while (const check::ThreadSet able = able_now()) {
      running = strategy_.choose_thread(able, running);
      if (running == 0) {
        step_first();
      } else {
        step(running - 1);
      }
    }
    for (int l = 0; l < max_locations; ++l) {
      const auto& co = strategy_.graph().co(static_cast<check::Location>(l));
      if (!co.empty()) outcome_.memory[l] = to_int(strategy_.graph()[co.back()].value);
    }
    return outcome_;
  }

 private:
  [[nodiscard]] bool at_end(std::size_t t) const { return next_[t] >= program_.threads[t].size(); }
  static int to_int(check::Value value) {
    return static_cast<int>(static_cast<std::uint32_t>(value));
  }
  static check::Value to_value(int value) { return static_cast<std::uint32_t>(value); }

  [[nodiscard]] check::ThreadSet able_now() const {
    const bool all_ended = others_ == 0 && created_ == next_.size();
    const bool can_first = !first_ended_ && (is_creating() || !manner_.is_joined || all_ended);
    return others_ | (can_first ? 1U : 0U);
  }
  [[nodiscard]] bool is_creating() const {
    return created_ < (manner_.in_a_chain ? 1 : next_.size());
  }

  /// Thread 0 creates, and may join, the others.
  void step_first() {
    if (is_creating()) return create(0);
    if (manner_.is_joined && joined_ < next_.size()) {
      strategy_.join(0, ++joined_);
    } else if (manner_.is_joined && read_ < max_locations) {
      strategy_.load(0, static_cast<check::Location>(read_++), check::Order::relaxed);
    } else {
      strategy_.end(0);
      first_ended_ = true;
    }
  }

  void create(std::size_t creator) {
    const std::size_t like = manner_.like.empty() ? 0 : manner_.like[created_];
    others_ |= check::ThreadSet{1} << strategy_.create(creator, like);
    ++created_;
  }

  /// Conditionals are the thread's own business: no event.
  void skip_what_is_not_seen(std::size_t t) {
    while (!at_end(t) && program_.threads[t][next_[t]].op == Op::skip_if) perform(t);
  }

  void step(std::size_t t) {
    if (manner_.in_a_chain && created_ == t + 1 && created_ < next_.size()) return create(t + 1);
    skip_what_is_not_seen(t);
    if (!at_end(t)) return perform(t);
    strategy_.end(t + 1);
    others_ &= ~(check::ThreadSet{2} << t);
  }

  void perform(std::size_t t) {
    const Instruction& i = program_.threads[t][next_[t]++];
    Registers& registers = outcome_.registers[t];
    const auto location = static_cast<check::Location>(i.location);
    switch (i.op) {
      case Op::load:
        registers[i.reg] = to_int(strategy_.load(t + 1, location, order_of(i.order)).value);
        break;
      case Op::store:
        strategy_.store(t + 1, location, order_of(i.order),
                        to_value(evaluate(i.operand, registers)));
        break;
      case Op::fetch_add:
      case Op::exchange:
      case Op::cas:
        registers[i.reg] =
            to_int(strategy_.read_modify_write(t + 1, location, update(i, registers)).value);
        break;
      case Op::fence:
        strategy_.fence(t + 1, order_of(i.order));
        break;
      case Op::skip_if:
        if (registers[i.reg] == i.expected) next_[t] += static_cast<std::size_t>(i.skip);
        break;
    }
  }

  [[nodiscard]] check::Update update(const Instruction& i, const Registers& registers) const {
    check::Update update;
    update.operation = i.op == Op::fetch_add  ? check::Operation::add
                       : i.op == Op::exchange ? check::Operation::exchange
                                              : check::Operation::compare_exchange;
    update.order = order_of(i.order);
    update.failure = order_of(i.failure);
    update.may_fail = manner_.weak;
    update.size = sizeof(int);
    update.operand = to_value(evaluate(i.operand, registers));
    update.expected = to_value(i.expected);
    return update;
  }

  const Program& program_;
  check::Strategy& strategy_;
  const Manner manner_;
  std::vector<std::size_t> next_;  // instruction of each thread
  check::ThreadSet others_ = 0;    // that have not ended; without thread 0
  std::size_t created_ = 0, joined_ = 0;
  int read_ = 0;
  bool first_ended_ = false;
  Outcome outcome_;
};

struct Searched {
  Enumeration all;
  std::uint64_t different_graphs = 0;
};

inline Searched search(const Program& program, const check::Model& model, Manner manner = {},
                       unsigned spurious_failures = 0) {
  check::Search search(model, spurious_failures);
  Searched result;
  std::set<check::Fingerprint> seen;
  do {
    result.all.outcomes.insert(LitmusRun(program, search, manner).run());
    ++result.all.graphs;
    seen.insert(fingerprint_of(search.graph()));
  } while (search.end_run());
  result.different_graphs = seen.size();
  return result;
}

}  // namespace oracle
