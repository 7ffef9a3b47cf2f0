// tests/oracle/orbits.hpp: execution graphs up to permutation of identical threads, whoever made them: brute force or
// the checker. And random programs that have such threads.
//
// A graph is written down as numbers, under each permutation; the least is the same for all graphs of an orbit.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include "checker/graph/graph.hpp"
#include "enumerate.hpp"
#include "random.hpp"

namespace oracle {

/// Which threads are identical: of each, the number of its group.
using Groups = std::vector<int>;
using Permutation = std::vector<std::size_t>;  // of each thread, whose place it takes

/// Of each thread the number, from 1, of the last identical one before it; 0 if there is none (Manner::like).
inline std::vector<std::size_t> like_of(const Groups& groups) {
  std::vector<std::size_t> like(groups.size());
  for (std::size_t t = 0; t < groups.size(); ++t) {
    for (std::size_t elder = 0; elder < t; ++elder) {
      if (groups[elder] == groups[t]) like[t] = elder + 1;
    }
  }
  return like;
}

/// All that put each thread in the place of an identical one.
inline std::vector<Permutation> permutations_of(const Groups& groups) {
  std::vector<Permutation> all;
  Permutation next(groups.size());
  std::iota(next.begin(), next.end(), std::size_t{0});
  do {
    bool is_within = true;
    for (std::size_t t = 0; t < groups.size(); ++t) {
      is_within = is_within && groups[t] == groups[next[t]];
    }
    if (is_within) all.push_back(next);
  } while (std::next_permutation(next.begin(), next.end()));
  return all;
}

/// What tells one graph of a program from another.
struct Shape {
  static constexpr std::size_t nobody = 99;  // made the initial writes
  struct Event {
    std::size_t thread = nobody, index = 0;
  };
  struct Step {
    int kind;
    Event sees;
  };
  std::vector<std::vector<Step>> threads;
  std::vector<std::vector<Event>> co;

  using Form = std::vector<std::size_t>;
  [[nodiscard]] Form under(const Permutation& permutation) const {
    Form form;
    const auto put = [&](const Event& event) {
      form.push_back(event.thread == nobody ? nobody : permutation[event.thread]);
      form.push_back(event.index);
    };
    std::vector<std::size_t> whose(threads.size());
    for (std::size_t t = 0; t < threads.size(); ++t) whose[permutation[t]] = t;
    for (const std::size_t t : whose) {
      form.push_back(threads[t].size());
      for (const Step& step : threads[t]) {
        form.push_back(static_cast<std::size_t>(step.kind));
        put(step.sees);
      }
    }
    for (const std::vector<Event>& writes : co) {
      form.push_back(writes.size());
      for (const Event& write : writes) put(write);
    }
    return form;
  }
  [[nodiscard]] Form canonical(const std::vector<Permutation>& permutations) const {
    Form least = under(permutations.front());
    for (const Permutation& permutation : permutations) least = std::min(least, under(permutation));
    return least;
  }
};

inline Shape shape_of(const Execution& x, std::size_t threads) {
  Shape shape;
  shape.threads.resize(threads);
  const auto name = [&](int number) {
    const Event& event = x.events[static_cast<std::size_t>(number)];
    if (event.thread < 0) return Shape::Event{};
    return Shape::Event{static_cast<std::size_t>(event.thread),
                        static_cast<std::size_t>(event.index)};
  };
  for (int number = 0; number < static_cast<int>(x.events.size()); ++number) {
    const Event& event = x.events[static_cast<std::size_t>(number)];
    if (event.thread < 0) continue;
    Shape::Step step{event.kind == Event::Kind::read    ? 1
                     : event.kind == Event::Kind::write ? 2
                                                        : 3,
                     {}};
    for (int write = 0; write < static_cast<int>(x.events.size()); ++write) {
      if (x.graph.rf.contains(write, number)) step.sees = name(write);
    }
    shape.threads[static_cast<std::size_t>(event.thread)].push_back(step);
  }
  for (const std::vector<int>& writes : x.co) {
    shape.co.emplace_back();
    for (std::size_t i = 1; i < writes.size(); ++i) shape.co.back().push_back(name(writes[i]));
  }
  return shape;
}

/// The program's threads are the checker's 1, 2, ...
inline Shape shape_of(const lockstep::check::Graph& graph, std::size_t threads) {
  using lockstep::check::Kind;
  Shape shape;
  shape.threads.resize(threads);
  const auto name = [](lockstep::check::EventId id) {
    if (id.is_initial()) return Shape::Event{};
    return Shape::Event{id.thread - 1u, id.index};
  };
  for (std::size_t t = 0; t < threads; ++t) {
    for (const lockstep::check::Event& event : graph.thread(t + 1)) {
      Shape::Step step{event.kind == Kind::read ? 1 : event.kind == Kind::write ? 2 : 3, {}};
      if (event.kind == Kind::end) continue;
      if (event.kind == Kind::read) step.sees = name(event.rf);
      if (event.spurious) step.kind = 4;
      if (event.parked) step.kind = 5;
      shape.threads[t].push_back(step);
    }
  }
  for (int location = 0; location < max_locations; ++location) {
    shape.co.emplace_back();
    for (const auto write : graph.co(static_cast<lockstep::check::Location>(location))) {
      shape.co.back().push_back(name(write));
    }
  }
  return shape;
}

// --- Random programs -----------------------------------------------------------------------------

struct Symmetric {
  Program program;
  Groups groups;
  std::vector<std::size_t> like;  // Manner
};

/// In each group all threads are the same; threads of groups stand in any order.
inline Symmetric random_symmetric(std::uint64_t seed) {
  constexpr std::array<std::array<int, max_threads>, 7> patterns{{{0, 0, -1, -1},
                                                                  {0, 0, 1, -1},
                                                                  {0, 0, 0, -1},
                                                                  {0, 0, 1, 1},
                                                                  {0, 0, 0, 1},
                                                                  {0, 0, 1, 2},
                                                                  {0, 0, 0, 0}}};
  Dice dice(seed);
  Symmetric made;
  do {
    const Program draft = Draft(dice).program();
    made = {};
    for (const int group :
         patterns[static_cast<std::size_t>(dice.weighted<7>({1, 4, 4, 4, 4, 4, 3}))]) {
      if (group >= 0) made.groups.push_back(group);
    }
    for (std::size_t i = made.groups.size(); i > 1; --i) {
      std::swap(made.groups[i - 1],
                made.groups[static_cast<std::size_t>(dice.below(static_cast<int>(i)))]);
    }
    for (const int group : made.groups) {
      made.program.threads.push_back(
          draft.threads[static_cast<std::size_t>(group) % draft.threads.size()]);
    }
  } while (!small(made.program));
  made.like = like_of(made.groups);
  made.program.name = "symmetric-" + std::to_string(seed);
  return made;
}

}  // namespace oracle
