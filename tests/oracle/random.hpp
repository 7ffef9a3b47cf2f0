// tests/oracle/random.hpp: random programs, each a function of its seed alone, on every compiler and library.
//
// A program is drafted, and drafted again while brute force would look at too many candidates. Uniformly random programs
// hardly ever need the finer parts of an axiom. So what tells models apart is chosen first: three programs in four are a
// cycle of threads, each ending where the next one begins; and each location has a palette of orders, as variables of real
// programs do, so that enough of one kind stand together for synchronization and SC to matter.
//
// Each choice is made in a statement or a braced list of its own: C++ orders these, and so a seed means one program.
//
// Checked by: Random.* in parts_test.cpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "program.hpp"

namespace oracle {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  // The distributions of <random> differ between libraries; the bias of % is nothing here.
  int below(int bound) { return static_cast<int>(engine_() % static_cast<unsigned>(bound)); }
  bool chance(int percent) { return below(100) < percent; }

  // An index, as likely as its weight.
  template <std::size_t N>
  int weighted(const std::array<int, N>& weights) {
    int left = 0;
    for (const int weight : weights) left += weight;
    left = below(left);
    int index = 0;
    while (left >= weights[index]) left -= weights[index++];
    return index;
  }

 private:
  std::mt19937_64 engine_;
};

// An access that is to be: where, and whether it shall write.
struct Site {
  int location;
  bool writes;
};

class Draft {
 public:
  explicit Draft(Dice& dice)
      : dice_(dice),
        threads_(2 + dice.weighted<3>({30, 50, 20})),
        locations_(1 + dice.weighted<3>({6, 44, 50})),
        fences_(30 * dice.below(3)) {
    for (Palette& palette : palette_) palette = palettes[dice.weighted<6>({15, 13, 22, 10, 5, 35})];
    if (dice.chance(20)) palette_.fill(palette_[0]);
  }

  Program program() {
    Program result;
    std::vector<std::vector<Site>> sites = dice_.chance(75) ? cycle() : anything();
    for (const std::vector<Site>& of_thread : sites) result.threads.push_back(thread(of_thread));
    return result;
  }

 private:
  using Palette =
      std::array<int, 6>;  // weights of relaxed, consume, acquire, release, acq_rel, seq_cst
  static constexpr std::array<Palette, 6> palettes{{{1, 1, 1, 1, 1, 1},
                                                    {1, 0, 0, 0, 0, 0},
                                                    {1, 1, 5, 5, 5, 0},
                                                    {1, 0, 1, 1, 1, 1},
                                                    {6, 0, 1, 1, 1, 6},
                                                    {0, 0, 0, 0, 0, 1}}};

  std::vector<std::vector<Site>> anything() {
    std::vector<std::vector<Site>> result(threads_);
    for (std::vector<Site>& sites : result) {
      for (int left = 1 + dice_.below(6 - threads_); left > 0; --left) {
        sites.push_back({dice_.below(locations_), dice_.chance(50)});
      }
    }
    return result;
  }

  // Each thread ends where the next one begins, and one of the two writes there: SB, MP, IRIW, Z6 and so on.
  std::vector<std::vector<Site>> cycle() {
    std::vector<std::vector<Site>> result(threads_);
    const int start = dice_.below(locations_);
    int meeting = start;
    for (int t = 0; t < threads_; ++t) {
      result[t].push_back({meeting, dice_.chance(50)});
      if (t > 0 && !result[t - 1].back().writes) result[t].front().writes = true;
      const int here = meeting;
      if (dice_.chance(75)) meeting = (meeting + 1) % locations_;
      if (t + 1 == threads_) meeting = start;
      const bool one_access = meeting == here && dice_.chance(60);
      if (!one_access) result[t].push_back({meeting, dice_.chance(50)});
    }
    if (!result[0].front().writes) result.back().back().writes = true;
    for (std::vector<Site>& sites : result) {
      if (dice_.chance(50)) lengthen(sites);
    }
    return result;
  }

  // One access more, half of the time to where the one before it goes, which release sequences and coherence need.
  void lengthen(std::vector<Site>& sites) {
    const auto before = sites.begin() + dice_.below(static_cast<int>(sites.size()));
    Site more{before->location, dice_.chance(50)};
    if (dice_.chance(50)) more.location = dice_.below(locations_);
    sites.insert(before + 1, more);
  }

  Thread thread(const std::vector<Site>& sites) {
    Thread result;
    registers_ = 0;
    for (const Site& site : sites) {
      if (!result.empty() && dice_.chance(fences_)) result.push_back(fence());
      if (registers_ > 0 && dice_.chance(6)) result.push_back(condition());
      result.push_back(access(site));
    }
    return result;
  }

  Instruction access(const Site& site) {
    constexpr std::array writers{Op::store, Op::fetch_add, Op::exchange, Op::cas};
    constexpr std::array readers{Op::load, Op::cas};
    Instruction i;
    i.op = site.writes ? writers[dice_.weighted<4>({76, 9, 6, 9})]
                       : readers[dice_.weighted<2>({90, 10})];
    i.location = site.location;
    if (writes(i.op)) i.operand = value(i.op);
    if (i.op == Op::cas) i.expected = dice_.below(3);
    if (reads(i.op)) i.reg = registers_++;
    give_orders(i);
    return i;
  }

  Instruction fence() {
    constexpr std::array kinds{Order::seq_cst, Order::acq_rel, Order::release, Order::acquire};
    Instruction i;
    i.op = Op::fence;
    i.order = kinds[dice_.weighted<4>({50, 20, 15, 15})];
    return i;
  }

  // Passes over the access that comes next.
  Instruction condition() {
    Instruction i;
    i.op = Op::skip_if;
    i.reg = dice_.below(registers_);
    i.expected = dice_.below(3);
    i.skip = 1;
    return i;
  }

  // A fetch_add adds a constant: one that adds what it read before doubles, and there would be too many values to guess.
  Value value(Op op) {
    if (op != Op::fetch_add && registers_ > 0 && dice_.chance(25)) {
      return {.reg = dice_.below(registers_), .constant = dice_.below(2)};
    }
    return {.reg = -1, .constant = 1 + dice_.below(2)};
  }

  void give_orders(Instruction& i) {
    do {
      i.order = order(i.location);
      if (i.op == Op::cas) i.failure = order(i.location);
    } while (!legal(i));
  }

  // The palette's; now and then any, for some palettes have no legal one.
  Order order(int location) {
    return static_cast<Order>(dice_.chance(5) ? dice_.below(6)
                                              : dice_.weighted(palette_[location]));
  }

  Dice& dice_;
  int threads_, locations_;
  std::array<Palette, max_locations> palette_;
  int fences_;         // how many in a hundred gaps hold a fence
  int registers_ = 0;  // those the thread has so far
};

// What brute force would have to look at, roughly.
struct Effort {
  double guesses = 1;     // of the values of all reads
  double candidates = 1;  // pairs of an rf and a co, if nothing is skipped and nothing fails
};

inline Effort effort(const Program& program) {
  std::vector<Instruction> all;
  for (const Thread& thread : program.threads) all.insert(all.end(), thread.begin(), thread.end());
  const auto grows = [](const Instruction& i) {
    return i.op == Op::fetch_add || i.operand.reg >= 0;
  };
  const auto growing = static_cast<int>(std::count_if(all.begin(), all.end(), grows));
  Effort result;
  std::array<int, max_locations> writers{}, values{1, 1, 1};
  for (const Instruction& i : all) {
    if (!writes(i.op)) continue;
    result.candidates *= ++writers[i.location];
    values[i.location] += grows(i) ? 1 + growing : 1;
  }
  for (const Instruction& i : all) {
    if (!reads(i.op)) continue;
    result.candidates *= 1 + writers[i.location] - (writes(i.op) ? 1 : 0);
    result.guesses *= values[i.location];
  }
  return result;
}

// Chosen by `oracle 20000 1 rc11`: about half a millisecond a program.
inline bool small(const Program& program) {
  const Effort needed = effort(program);
  return needed.guesses <= 200'000 && needed.candidates <= 20'000;
}

inline Program random_program(std::uint64_t seed) {
  Dice dice(seed);
  Program program;
  do {
    program = Draft(dice).program();
  } while (!small(program));
  program.name = "random-" + std::to_string(seed);
  return program;
}

}  // namespace oracle
