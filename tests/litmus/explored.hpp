// tests/litmus/explored.hpp: a litmus test explored by the checker, and the same enumerated by the oracle.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../oracle/enumerate.hpp"
#include "../oracle/litmus.hpp"
#include "../oracle/program_text.hpp"
#include "litmus.hpp"
#include "lockstep/check.hpp"

namespace litmus {

/// How many executions have each outcome.
using Outcomes = std::map<std::string, std::uint64_t>;

/// A permutation of the threads' numbers.
using Order = std::vector<std::size_t>;

/// "0,0 1,0 | 1 1 0": the registers of each thread, and the memory.
inline std::string to_text(const oracle::Outcome& outcome, std::size_t threads) {
  std::string text;
  for (std::size_t t = 0; t < threads; ++t) {
    const auto& registers = outcome.registers[t];
    text += std::to_string(registers[0]) + "," + std::to_string(registers[1]) + " ";
  }
  text += "|";
  for (const int value : outcome.memory) text += " " + std::to_string(value);
  return text;
}

/// One execution: the threads created in this order, and how it came out.
inline std::string run(const Litmus& test, const Order& creation) {
  Memory memory;
  std::vector<P> views(test.bodies.size(), P(memory));
  std::vector<std::thread> threads;
  for (const std::size_t t : creation) threads.emplace_back(test.bodies[t], std::ref(views[t]));
  for (std::thread& thread : threads) thread.join();

  std::string text;
  for (const P& p : views) text += std::to_string(p.r0) + "," + std::to_string(p.r1) + " ";
  text += "|";
  for (const auto* location : {&memory.x, &memory.y, &memory.z}) {
    text += " " + std::to_string(location->load(std::memory_order_relaxed));
  }
  return text;
}

inline lockstep::check::Result explored(const Litmus& test, lockstep::check::MemoryModel model,
                                        const Order& creation) {
  lockstep::check::Options options;
  options.model = model;
  options.refuse_duplicates = true;
  return lockstep::check::explore([&] { lockstep::check::outcome(run(test, creation)); }, options);
}

/// Every order of so many threads.
inline std::vector<Order> orders_of(std::size_t threads) {
  std::vector<Order> orders;
  Order order(threads);
  std::iota(order.begin(), order.end(), std::size_t{0});
  do {
    orders.push_back(order);
  } while (std::next_permutation(order.begin(), order.end()));
  return orders;
}

inline oracle::Program program_of(const Litmus& test) {
  if (!test.text.empty()) return oracle::parse(test.text);
  std::string name = test.name;  // what is MP/relaxed here is MP+relaxed there
  std::replace(name.begin(), name.end(), '/', '+');
  for (const oracle::Litmus& other : oracle::all_litmus()) {
    if (other.name == name) return other.program;
  }
  throw std::invalid_argument("the oracle has no " + name);
}

inline Outcomes enumerated(const Litmus& test, const oracle::Model& model) {
  const oracle::Program program = program_of(test);
  Outcomes outcomes;
  oracle::for_each_execution(program, model, [&](const oracle::Execution& x) {
    if (test.ended && !test.ended(x.outcome)) return;
    ++outcomes[to_text(x.outcome, program.threads.size())];
  });
  return outcomes;
}

}  // namespace litmus
