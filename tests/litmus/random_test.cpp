// tests/litmus/random_test.cpp: random programs, run as real C++ by the checker and enumerated by the
// oracle: as many executions, with the same outcomes, as often each?
//
// The whole way is tested: hooks, turns, the search, the model. LOCKSTEP_ORACLE_PROGRAMS=100000 in the
// environment asks for more programs than CI has time for.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "../oracle/enumerate.hpp"
#include "../oracle/for_random_programs.hpp"
#include "lockstep/check.hpp"

namespace {

namespace check = lockstep::check;
using oracle::Instruction;
using oracle::Op;
using oracle::Registers;

using Memory = std::array<std::atomic<int>, oracle::max_locations>;

std::memory_order order_of(oracle::Order order) {
  constexpr std::memory_order orders[] = {std::memory_order_relaxed, std::memory_order_consume,
                                          std::memory_order_acquire, std::memory_order_release,
                                          std::memory_order_acq_rel, std::memory_order_seq_cst};
  return orders[static_cast<std::size_t>(order)];
}

/// Does an instruction; says how many of the next ones to pass over.
int perform(const Instruction& i, Memory& memory, Registers& registers) {
  std::atomic<int>& location = memory[static_cast<std::size_t>(i.location)];
  const std::memory_order order = order_of(i.order);
  const int operand = oracle::evaluate(i.operand, registers);
  int& seen = registers[static_cast<std::size_t>(i.reg)];
  switch (i.op) {
    case Op::load:
      seen = location.load(order);
      break;
    case Op::store:
      location.store(operand, order);
      break;
    case Op::fetch_add:
      seen = location.fetch_add(operand, order);
      break;
    case Op::exchange:
      seen = location.exchange(operand, order);
      break;
    case Op::cas: {
      int expected = i.expected;
      location.compare_exchange_strong(expected, operand, order, order_of(i.failure));
      seen = expected;
      break;
    }
    case Op::fence:
      std::atomic_thread_fence(order);
      break;
    case Op::skip_if:
      return seen == i.expected ? i.skip : 0;
  }
  return 0;
}

std::string to_text(const oracle::Outcome& outcome) {
  std::string text;
  for (const Registers& registers : outcome.registers) {
    for (const int value : registers) text += std::to_string(value) + ' ';
    text += "| ";
  }
  for (const int value : outcome.memory) text += std::to_string(value) + ' ';
  return text;
}

/// One execution.
void run(const oracle::Program& program) {
  Memory memory{};
  oracle::Outcome outcome;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    threads.emplace_back([&, t] {
      const oracle::Thread& instructions = program.threads[t];
      for (std::size_t i = 0; i < instructions.size(); ++i) {
        i += static_cast<std::size_t>(perform(instructions[i], memory, outcome.registers[t]));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t l = 0; l < memory.size(); ++l) {
    outcome.memory[l] = memory[l].load(std::memory_order_relaxed);
  }
  check::outcome(to_text(outcome));
}

struct Case {
  check::MemoryModel explored;
  oracle::Model enumerated;
};

class RandomProgram : public testing::TestWithParam<Case> {};

TEST_P(RandomProgram, HasTheExecutionsThatBruteForceFinds) {
  const char* const wanted = std::getenv("LOCKSTEP_ORACLE_PROGRAMS");
  const std::uint64_t programs = wanted == nullptr ? 2'000 : std::stoull(wanted);
  check::Options options;
  options.model = GetParam().explored;
  options.refuse_duplicates = true;
  oracle::for_random_programs(1, programs, [&](const oracle::Program& program) {
    std::map<std::string, std::uint64_t> outcomes;
    oracle::for_each_execution(program, GetParam().enumerated,
                               [&](const oracle::Execution& x) { ++outcomes[to_text(x.outcome)]; });
    const check::Result result = check::explore([&] { run(program); }, options);
    EXPECT_TRUE(result.passed()) << result;
    EXPECT_EQ(result.blocked, 0u);
    EXPECT_EQ(result.outcomes, outcomes);
  });
}

INSTANTIATE_TEST_SUITE_P(EachModel, RandomProgram,
                         testing::Values(Case{check::MemoryModel::rc11, oracle::models[0]},
                                         Case{check::MemoryModel::sc, oracle::models[1]},
                                         Case{check::MemoryModel::tso, oracle::models[2]}),
                         [](const auto& info) { return std::string(info.param.enumerated.name); });

}  // namespace
