// tests/oracle/program.hpp: the litmus language. A program is plain data: 2 to 4 threads, each a list of instructions over
// its own registers r0 to r7 and the shared locations x, y, z. Everything begins as 0.
//
// The same as text, which is how litmus tests are written and how a failing random program is reported:
//
//   litmus MP                                            # an optional name; comments run to the end of the line
//   P0: x.store(1, relaxed); y.store(r0 + 1, release)    # a value is a constant, a register, or a register + constant
//   P1: r0 = y.load(acquire); if (r0 == 0) skip 1; r1 = x.load(relaxed)
//   P2: r0 = x.fetch_add(1, acq_rel); r1 = x.exchange(2, relaxed)
//   P3: r0 = x.cas(0, 1, acq_rel, relaxed); fence(seq_cst)
//
// cas is compare_exchange_strong: expected, desired, the order on success and on failure; its register receives what it
// read. Failure may be stronger than success, as C++17 has it. A skip passes over that many of the next instructions.
//
// Text: program_text.hpp.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace oracle {

inline constexpr int max_threads = 4;
inline constexpr int max_locations = 3;
inline constexpr int max_registers = 8;

enum class Order { relaxed, consume, acquire, release, acq_rel, seq_cst };
enum class Op { load, store, fetch_add, exchange, cas, fence, skip_if };

using Registers = std::array<int, max_registers>;

struct Value {
  int reg = -1;  // added to the constant, if not negative
  int constant = 0;
  bool operator==(const Value&) const = default;
};

struct Instruction {
  Op op = Op::load;
  int location = 0;
  int reg = 0;       // what receives the value read; of skip_if: what is tested
  Value operand;     // what is stored, added, or desired
  int expected = 0;  // of cas and skip_if
  int skip = 0;      // of skip_if: how many instructions to pass over
  Order order = Order::relaxed;
  Order failure = Order::relaxed;  // of cas
  bool operator==(const Instruction&) const = default;
};

using Thread = std::vector<Instruction>;

struct Program {
  std::string name;
  std::vector<Thread> threads;
  bool operator==(const Program&) const = default;
};

// What a program leaves behind. Threads and locations that it does not have stay 0.
struct Outcome {
  std::array<Registers, max_threads> registers{};
  std::array<int, max_locations> memory{};  // the co-last value of each location
  auto operator<=>(const Outcome&) const = default;
};

constexpr bool reads(Op op) { return op != Op::store && op != Op::fence && op != Op::skip_if; }
constexpr bool writes(Op op) { return op != Op::load && op != Op::fence && op != Op::skip_if; }
constexpr bool read_modify_writes(Op op) { return reads(op) && writes(op); }
constexpr bool is_access(Op op) { return reads(op) || writes(op); }

// Consume is acquire here, as in every compiler.
constexpr bool acquires(Order order) { return order != Order::relaxed && order != Order::release; }
constexpr bool releases(Order order) { return order >= Order::release; }

constexpr bool legal_for_load(Order order) {
  return order != Order::release && order != Order::acq_rel;
}

constexpr bool legal_for_store(Order order) {
  return order == Order::relaxed || order == Order::release || order == Order::seq_cst;
}

constexpr bool legal(const Instruction& i) {
  if (i.op == Op::load) return legal_for_load(i.order);
  if (i.op == Op::store) return legal_for_store(i.order);
  if (i.op == Op::cas) return legal_for_load(i.failure);
  return i.op != Op::fence || i.order != Order::relaxed;
}

constexpr int evaluate(const Value& value, const Registers& registers) {
  return value.constant + (value.reg < 0 ? 0 : registers[value.reg]);
}

// What a read-modify-write that saw `seen`, or a store, writes.
constexpr int written(const Instruction& i, int seen, const Registers& registers) {
  const int operand = evaluate(i.operand, registers);
  return i.op == Op::fetch_add ? seen + operand : operand;
}

constexpr bool fails(const Instruction& i, int seen) {
  return i.op == Op::cas && seen != i.expected;
}

}  // namespace oracle
