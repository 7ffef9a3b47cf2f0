#include "checker/runtime/shrinking.hpp"

#include <algorithm>
#include <utility>

#include "checker/explore/guided_walk.hpp"
#include "checker/explore/random_walk.hpp"
#include "checker/explore/replay.hpp"

namespace lockstep::check {

Shrinking::Shrinking(const Options& options, const Model& model, Execution& execution,
                     std::set<std::uintptr_t> calls)
    : options_(options),
      model_(model),
      execution_(execution),
      calls_(std::move(calls)),
      budget_(options.shrinking),
      wrong_(execution.wrong()),
      what_(execution.what()) {}

Shrinking::Length Shrinking::length_of(const std::vector<TokenStep>& steps) {
  Length length{steps.size(), 0};
  for (std::size_t i = 1; i < steps.size(); ++i) {
    if (steps[i].thread != steps[i - 1].thread) ++length.switches;
  }
  return length;
}

bool Shrinking::is_wrong_likewise(Strategy& strategy) {
  constexpr std::uint64_t accesses_for_event = 150;
  if (budget_ > 0) --budget_;
  const Ending ending = execution_.run(strategy);
  work_left_ -= std::min(
      work_left_, execution_.plain_accesses() + accesses_for_event * strategy.graph().size());
  if (ending != Ending::wrong) return false;
  const bool is_there = calls_.empty() || calls_.contains(execution_.failed_call());
  return execution_.wrong() == wrong_ && execution_.what() == what_ && is_there;
}

/// Takes the execution, its events in a better order, if it is better than the best one so far.
bool Shrinking::consider(const Graph& graph) {
  for (const bool is_by_thread : {true, false}) {
    std::vector<TokenStep> steps =
        steps_in_few_turns(graph, is_by_thread ? execution_.failed_thread() : max_threads);
    if (!(length_of(steps) < length_of(steps_)) && !is_by_thread) continue;
    Replay walk(model_, {model_.name(), std::move(steps)});
    if (!is_wrong_likewise(walk)) continue;
    steps = steps_of(walk.graph());
    if (!(length_of(steps) < length_of(steps_))) continue;
    steps_ = std::move(steps);
    return true;
  }
  return false;
}

void Shrinking::walk() {
  const std::uint64_t walks = options_.shrinking / 4;
  const Manner manner{Manner::Turns::keeping, Manner::Sights::newest, true, 3};
  RandomWalk walk(model_, walks, 1, options_.spurious_failures, manner);
  do {
    if (walks == 0 || !has_budget()) return;
    if (!is_wrong_likewise(walk)) continue;
    const Graph graph = walk.graph();
    consider(graph);
  } while (walk.end_run());
}

bool Shrinking::leave_out(std::size_t begin, std::size_t count) {
  std::vector<TokenStep> kept = steps_;
  const auto first = kept.begin() + static_cast<std::ptrdiff_t>(begin);
  kept.erase(first, first + static_cast<std::ptrdiff_t>(std::min(count, kept.size() - begin)));
  GuidedWalk walk(model_, steps_, std::move(kept), options_.spurious_failures);
  if (!is_wrong_likewise(walk)) return false;
  return consider(walk.graph());
}

bool Shrinking::leave_some_out() {
  bool is_better = false;
  for (std::size_t count = (steps_.size() + 1) / 2; count > 0; count /= 2) {
    for (std::size_t end = steps_.size(); end > 0 && has_budget();) {
      const std::size_t begin = end - std::min(end, count);
      is_better = leave_out(begin, count) || is_better;
      end = std::min(begin, steps_.size());
    }
  }
  return is_better;
}

std::string Shrinking::shortest(const std::string& token, const Graph& graph) {
  if (!has_budget()) return token;
  steps_ = decode(token).steps;
  consider(graph);
  walk();
  while (has_budget() && leave_some_out()) {
  }
  return encode({model_.name(), steps_});
}

}  // namespace lockstep::check
