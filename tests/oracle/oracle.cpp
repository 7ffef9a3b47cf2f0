// tests/oracle/oracle.cpp: the enumerator on the command line.
//
//   oracle N SEED MODEL     the N random programs of seeds SEED, SEED + 1, ...: how many graphs in all, how long
//   oracle print SEED       the random program of that seed, as text
//   oracle MODEL < program  the graphs and outcomes of one program; MODEL is rc11, sc or tso
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "enumerate.hpp"
#include "program_text.hpp"
#include "random.hpp"

namespace oracle {
namespace {

Model model_named(std::string_view name) {
  for (const Model& model : models) {
    if (model.name == name) return model;
  }
  throw std::invalid_argument("no model " + std::string(name) + "; there are rc11, sc, tso");
}

void count_random(std::uint64_t programs, std::uint64_t seed, const Model& model) {
  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t graphs = 0;
  for (std::uint64_t i = 0; i < programs; ++i) {
    graphs += enumerate(random_program(seed + i), model).graphs;
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  std::cout << "programs: " << programs << ", graphs: " << graphs << ", seconds: " << taken.count()
            << "\n";
}

std::string name(const Event& event) {
  if (event.thread < 0) return "init";
  return "P" + std::to_string(event.thread) + "." + std::to_string(event.index);
}

// Each read with what it saw, then each location's writes in order; P1.0 is the first event of P1.
void print(const Execution& x) {
  for (std::size_t write = 0; write < x.events.size(); ++write) {
    for_each(x.graph.rf.rows[write], [&](int read) {
      std::cout << name(x.events[write]) << "->" << name(x.events[read]) << " ";
    });
  }
  for (int l = 0; l < max_locations; ++l) {
    if (x.co[l].size() < 2) continue;
    std::cout << " " << location_names[l] << ":";
    for (const int write : x.co[l]) std::cout << " " << name(x.events[write]);
  }
  std::cout << "\n";
}

void enumerate_input(const Model& model) {
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  const Program program = parse(text);
  std::cout << to_string(program);
  for_each_execution(program, model, print);
  const Enumeration all = enumerate(program, model);
  for (const Outcome& outcome : all.outcomes) std::cout << to_string(program, outcome) << "\n";
  std::cout << "graphs: " << all.graphs << ", outcomes: " << all.outcomes.size() << "\n";
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.size() == 3) {
    count_random(std::stoull(arguments[0]), std::stoull(arguments[1]), model_named(arguments[2]));
  } else if (arguments.size() == 2 && arguments[0] == "print") {
    std::cout << to_string(random_program(std::stoull(arguments[1])));
  } else if (arguments.size() == 1) {
    enumerate_input(model_named(arguments[0]));
  } else {
    std::cerr << "oracle N SEED MODEL | oracle print SEED | oracle MODEL < program\n";
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace oracle

int main(int argc, char** argv) {
  try {
    return oracle::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "oracle: " << error.what() << "\n";
    return 2;
  }
}
