// tests/oracle/random_spins.hpp: random programs with loops that wait, and two witnesses for them that
// share nothing with the checker: the litmus program in which each loop is done once, for brute force;
// and a machine that interleaves the threads.
//
// Checked by: spin_test.cpp, which asks that such programs complete, and livelock, often enough.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <tuple>
#include <vector>

#include "enumerate.hpp"
#include "program.hpp"
#include "random.hpp"
#include "spin_run.hpp"

namespace spin {

/// Location 0 is a lock, 0 or 1; location 1 counts, and says whose turn it is; location 2 counts tickets.
inline Step random_step(oracle::Dice& dice) {
  constexpr std::array<Do, 13> any{
      Do::lock,        Do::lock,      Do::lock_weakly,    Do::test_and_lock, Do::unlock,
      Do::unlock,      Do::await,     Do::fetch_add,      Do::fetch_add,     Do::load,
      Do::lock_unless, Do::take_turn, Do::unlock_exchange};
  Step step{any[static_cast<std::size_t>(dice.below(static_cast<int>(any.size())))]};
  const bool counts =
      step.what == Do::await || step.what == Do::fetch_add || step.what == Do::take_turn;
  if (counts) step.location = 1;
  if (step.what == Do::fetch_add) step.value = 1;
  if (step.what == Do::await || step.what == Do::lock_unless) {
    step.value = static_cast<check::Value>(1 + dice.below(2));
  }
  return step;
}

inline std::vector<Thread> random_threads(std::uint64_t seed) {
  oracle::Dice dice(seed);
  std::vector<Thread> threads(static_cast<std::size_t>(2 + dice.below(2)));
  for (Thread& thread : threads) {
    for (int left = 1 + dice.below(3); left > 0; --left) thread.push_back(random_step(dice));
  }
  return threads;
}

// --- Each loop once ------------------------------------------------------------------------------

/// The instructions of one step; its registers are 2n and 2n + 1.
inline oracle::Thread unrolled(const Step& step, int n) {
  using oracle::Op;
  using oracle::Order;
  const auto instruction = [&](Op op, Order order, int value = 0) {
    oracle::Instruction i;
    i.op = op;
    i.order = order;
    i.location = static_cast<int>(step.location);
    i.reg = 2 * n;
    i.operand.constant = value;
    return i;
  };
  const auto value = static_cast<int>(step.value);
  switch (step.what) {
    case Do::store:
    case Do::unlock:
      return {instruction(Op::store, Order::release, value)};
    case Do::unlock_exchange:
      return {instruction(Op::exchange, Order::acq_rel, 0)};
    case Do::fetch_add:
      return {instruction(Op::fetch_add, Order::acq_rel, value)};
    case Do::load:
    case Do::await:
      return {instruction(Op::load, Order::acquire)};
    case Do::lock:
      return {instruction(Op::exchange, Order::acq_rel, 1)};
    case Do::lock_weakly:
      return {instruction(Op::cas, Order::acquire, 1)};
    case Do::test_and_lock: {
      oracle::Instruction test = instruction(Op::load, Order::acquire);
      test.reg = 2 * n + 1;
      return {test, instruction(Op::exchange, Order::acq_rel, 1)};
    }
    case Do::lock_unless: {
      oracle::Instruction skip = instruction(Op::skip_if, Order::relaxed);
      skip.skip = 2;
      oracle::Instruction load = instruction(Op::load, Order::acquire);
      load.location = 1;
      load.reg = 2 * n + 1;
      oracle::Instruction leave = instruction(Op::skip_if, Order::relaxed);
      leave.expected = 1;
      leave.skip = 100;
      return {instruction(Op::exchange, Order::acq_rel, 1), skip, load, leave};
    }
    case Do::take_turn: {
      oracle::Instruction take = instruction(Op::fetch_add, Order::acq_rel, 1);
      take.location = static_cast<int>(step.tickets);
      oracle::Instruction test = instruction(Op::load, Order::acquire);
      test.reg = 2 * n + 1;
      return {take, test};
    }
  }
  return {};
}

inline oracle::Program unrolled(const std::vector<Thread>& threads) {
  oracle::Program program;
  for (const Thread& thread : threads) {
    oracle::Thread instructions;
    for (std::size_t n = 0; n < thread.size(); ++n) {
      const oracle::Thread more = unrolled(thread[n], static_cast<int>(n));
      instructions.insert(instructions.end(), more.begin(), more.end());
    }
    program.threads.push_back(instructions);
  }
  return program;
}

/// Did each loop of the thread succeed the first time?
inline bool succeeds(const Thread& thread, const oracle::Registers& registers) {
  for (std::size_t n = 0; n < thread.size(); ++n) {
    const int seen = registers[2 * n], second = registers[2 * n + 1];
    const auto value = static_cast<int>(thread[n].value);
    const Do what = thread[n].what;
    if (what == Do::await && seen != value) return false;
    if ((what == Do::lock || what == Do::lock_weakly) && seen != 0) return false;
    if (what == Do::take_turn && seen != second) return false;
    if (what == Do::test_and_lock && seen + second != 0) return false;
    if (what == Do::lock_unless && seen == 1) return second == value;
  }
  return true;
}

inline int complete_by_brute_force(const std::vector<Thread>& threads, const oracle::Model& model) {
  int complete = 0;
  oracle::for_each_execution(unrolled(threads), model, [&](const oracle::Execution& x) {
    bool all = true;
    for (std::size_t t = 0; t < threads.size(); ++t) {
      all = all && succeeds(threads[t], x.outcome.registers[t]);
    }
    complete += all ? 1 : 0;
  });
  return complete;
}

// --- A machine -----------------------------------------------------------------------------------

/// Interleaves the threads in every way; a loop that fails changes nothing.
class Interleaving {
 public:
  explicit Interleaving(const std::vector<Thread>& threads) : threads_(threads) {
    explore({{0, 0, 0}, std::vector<Place>(threads.size())});
  }
  [[nodiscard]] bool can_complete() const { return can_complete_; }
  [[nodiscard]] bool can_livelock() const { return can_livelock_; }

 private:
  struct Place {
    std::size_t next = 0;
    bool has_tested = false;  // of test_and_lock, lock_unless and take_turn: the first half
    int ticket = 0;
    auto operator<=>(const Place&) const = default;
  };
  struct State {
    std::array<int, 3> memory;
    std::vector<Place> places;
    auto operator<=>(const State&) const = default;
  };

  void explore(const State& state) {
    if (!seen_.insert(state).second) return;
    bool is_complete = true, is_stuck = true;
    for (std::size_t t = 0; t < threads_.size(); ++t) {
      if (state.places[t].next >= threads_[t].size()) continue;
      is_complete = false;
      State after = state;
      perform(threads_[t][state.places[t].next], after.memory, after.places[t], threads_[t].size());
      is_stuck = is_stuck && is_idle(state, t);
      explore(after);
    }
    can_complete_ = can_complete_ || is_complete;
    can_livelock_ = can_livelock_ || (!is_complete && is_stuck);
  }

  /// Would an iteration by itself bring the thread back to where it is?
  [[nodiscard]] bool is_idle(const State& state, std::size_t t) const {
    State after = state;
    for (int i = 0; i < 2; ++i) {
      perform(threads_[t][after.places[t].next], after.memory, after.places[t], threads_[t].size());
      if (after == state) return true;
      if (after.places[t].next != state.places[t].next) return false;
    }
    return false;
  }

  static void perform(const Step& step, std::array<int, 3>& memory, Place& place, std::size_t end) {
    int& cell = memory[step.location];
    const auto value = static_cast<int>(step.value);
    const auto done = [&] { place = {place.next + 1, false, 0}; };
    switch (step.what) {
      case Do::store:
      case Do::unlock:
        cell = value;
        return done();
      case Do::unlock_exchange:
        cell = 0;
        return done();
      case Do::fetch_add:
        cell += value;
        return done();
      case Do::load:
        return done();
      case Do::await:
        return cell == value ? done() : void();
      case Do::lock:
      case Do::lock_weakly:
        if (cell == 0) done();
        cell = 1;
        return;
      case Do::test_and_lock:
        if (!place.has_tested) {
          place.has_tested = cell != 1;
        } else {
          place.has_tested = false;
          if (cell == 0) done();
          cell = 1;
        }
        return;
      case Do::lock_unless:
        if (place.has_tested) {
          place.has_tested = false;
          if (memory[step.other] == value) place.next = end;
        } else if (cell == 0) {
          cell = 1;
          done();
        } else {
          place.has_tested = true;
        }
        return;
      case Do::take_turn:
        if (!place.has_tested) {
          place.has_tested = true;
          place.ticket = memory[step.tickets]++;
        } else if (cell == place.ticket) {
          done();
        }
        return;
    }
  }

  const std::vector<Thread>& threads_;
  std::set<State> seen_;
  bool can_complete_ = false, can_livelock_ = false;
};

}  // namespace spin
