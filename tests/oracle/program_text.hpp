// tests/oracle/program_text.hpp: programs to text and back; the language is shown in program.hpp.
//
// parse(to_string(program)) == program for every legal program. parse throws std::invalid_argument, with what it wanted and
// the text that it found, on anything else, also on orders that C++ does not allow.
//
// Checked by: Text.* in parts_test.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include "program.hpp"

namespace oracle {

inline constexpr std::array<std::string_view, 6> order_names{"relaxed", "consume", "acquire",
                                                             "release", "acq_rel", "seq_cst"};
inline constexpr std::string_view location_names = "xyz";

// --- To text -------------------------------------------------------------------------------------

inline std::string to_string(Order order) {
  return std::string(order_names[static_cast<std::size_t>(order)]);
}

inline std::string to_string(const Value& value) {
  const std::string constant = std::to_string(value.constant);
  if (value.reg < 0) return constant;
  const std::string reg = "r" + std::to_string(value.reg);
  return value.constant == 0 ? reg : reg + " + " + constant;
}

inline std::string to_string(const Instruction& i) {
  const std::string location(1, location_names[i.location]),
      order = to_string(i.order), operand = to_string(i.operand), reg = "r" + std::to_string(i.reg),
      expected = std::to_string(i.expected);
  switch (i.op) {
    case Op::load:
      return reg + " = " + location + ".load(" + order + ")";
    case Op::store:
      return location + ".store(" + operand + ", " + order + ")";
    case Op::fetch_add:
      return reg + " = " + location + ".fetch_add(" + operand + ", " + order + ")";
    case Op::exchange:
      return reg + " = " + location + ".exchange(" + operand + ", " + order + ")";
    case Op::cas:
      return reg + " = " + location + ".cas(" + expected + ", " + operand + ", " + order + ", " +
             to_string(i.failure) + ")";
    case Op::fence:
      return "fence(" + order + ")";
    case Op::skip_if:
      return "if (" + reg + " == " + expected + ") skip " + std::to_string(i.skip);
  }
  throw std::logic_error("oracle bug: an instruction of no kind");
}

inline std::string to_string(const Program& program) {
  std::string text = program.name.empty() ? "" : "litmus " + program.name + "\n";
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    text += "P" + std::to_string(t) + ": ";
    for (std::size_t i = 0; i < program.threads[t].size(); ++i) {
      text += (i == 0 ? "" : "; ") + to_string(program.threads[t][i]);
    }
    text += "\n";
  }
  return text;
}

// The registers that the program writes, and its locations: "0:r0=1 1:r0=0 x=1 y=1".
inline std::string to_string(const Program& program, const Outcome& outcome) {
  std::string text;
  std::array<bool, max_locations> used{};
  for (std::size_t t = 0; t < program.threads.size(); ++t) {
    for (const Instruction& i : program.threads[t]) {
      if (is_access(i.op)) used[i.location] = true;
      if (!reads(i.op)) continue;
      text += std::to_string(t) + ":r" + std::to_string(i.reg) + "=" +
              std::to_string(outcome.registers[t][i.reg]) + " ";
    }
  }
  for (int l = 0; l < max_locations; ++l) {
    if (used[l]) text += location_names[l] + ("=" + std::to_string(outcome.memory[l])) + " ";
  }
  return text;
}

// --- From text -----------------------------------------------------------------------------------

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  Program program() {
    Program result;
    if (accept("litmus")) result.name = word();
    while (accept("P")) {
      if (number() != static_cast<int>(result.threads.size())) fail("the threads in order");
      expect(":");
      result.threads.push_back(thread());
    }
    if (!rest_.empty() || result.threads.empty()) fail("a thread, P0: ...");
    if (result.threads.size() > max_threads) fail("at most 4 threads");
    return result;
  }

 private:
  Thread thread() {
    Thread result;
    do {
      result.push_back(instruction());
      if (!legal(result.back())) fail("an order that C++ allows before");
    } while (accept(";"));
    for (std::size_t i = 0; i < result.size(); ++i) {
      const auto left = static_cast<int>(result.size() - i) - 1;
      if (result[i].skip < 0 || result[i].skip > left) fail("all that is skipped before");
    }
    return result;
  }

  Instruction instruction() {
    Instruction i;
    if (accept("fence")) {
      i.op = Op::fence;
      expect("(");
      i.order = order();
      expect(")");
    } else if (accept("if")) {
      condition(i);
    } else {
      access(i);
    }
    return i;
  }

  void condition(Instruction& i) {
    i.op = Op::skip_if;
    expect("(");
    i.reg = reg();
    expect("==");
    i.expected = number();
    expect(")");
    expect("skip");
    i.skip = number();
  }

  void access(Instruction& i) {
    const bool receives = rest_.starts_with("r");
    if (receives) i.reg = reg();
    if (receives) expect("=");
    i.location = location();
    expect(".");
    i.op = operation();
    if (receives != reads(i.op)) fail("a register before all that reads, and only that, before");
    expect("(");
    if (i.op == Op::cas) i.expected = argument(&Parser::number);
    if (writes(i.op)) i.operand = argument(&Parser::value);
    if (i.op == Op::cas) i.order = argument(&Parser::order);
    (i.op == Op::cas ? i.failure : i.order) = order();
    expect(")");
  }

  // One of several: what `read` reads, and the comma after it.
  template <typename T>
  T argument(T (Parser::*read)()) {
    const T result = (this->*read)();
    expect(",");
    return result;
  }

  Op operation() {
    if (accept("load")) return Op::load;
    if (accept("store")) return Op::store;
    if (accept("fetch_add")) return Op::fetch_add;
    if (accept("exchange")) return Op::exchange;
    if (accept("cas")) return Op::cas;
    fail("an operation");
  }

  Value value() {
    if (!rest_.starts_with("r")) return {.reg = -1, .constant = number()};
    const int source = reg();
    return {.reg = source, .constant = accept("+") ? number() : 0};
  }

  Order order() {
    for (std::size_t i = 0; i < order_names.size(); ++i) {
      if (accept(order_names[i])) return static_cast<Order>(i);
    }
    fail("a memory order");
  }

  int location() {
    for (int l = 0; l < max_locations; ++l) {
      if (accept(location_names.substr(l, 1))) return l;
    }
    fail("a location");
  }

  int reg() {
    expect("r");
    const int result = number();
    if (result < 0 || result >= max_registers) fail("a register r0 to r7");
    return result;
  }

  int number() {
    int result = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), result);
    if (error != std::errc()) fail("a number");
    drop(static_cast<std::size_t>(end - rest_.data()));
    return result;
  }

  std::string word() {
    const std::size_t length = std::min(rest_.find_first_of(" \t\n;:,)"), rest_.size());
    std::string result(rest_.substr(0, length));
    drop(length);
    return result;
  }

  bool accept(std::string_view token) {
    drop(0);
    if (!rest_.starts_with(token)) return false;
    drop(token.size());
    return true;
  }

  void expect(std::string_view token) {
    if (!accept(token)) fail(token);
  }

  // Drops so much, and then blanks and comments.
  void drop(std::size_t length) {
    rest_.remove_prefix(length);
    while (!rest_.empty() &&
           (std::isspace(static_cast<unsigned char>(rest_[0])) || rest_[0] == '#')) {
      rest_.remove_prefix(rest_[0] == '#' ? std::min(rest_.find('\n'), rest_.size()) : 1);
    }
  }

  [[noreturn]] void fail(std::string_view wanted) const {
    throw std::invalid_argument("litmus: expected " + std::string(wanted) + " at \"" +
                                std::string(rest_.substr(0, 40)) + "\"");
  }

  std::string_view rest_;
};

inline Program parse(std::string_view text) { return Parser(text).program(); }

}  // namespace oracle
