// checker/runtime/estimator.hpp: about how many executions an exploration will have.
//
// Knuth, "Estimating the Efficiency of Backtrack Programs" (1975). A probe goes down the tree of what is still to
// be searched at random: at each fork each branch is as likely. When it is at a leaf, an execution, the product of
// the numbers of branches on its way is, on average over all probes, the number of leaves. With those that were
// counted before, it is an estimate of all; the mean is shown. Probes begin at what is left, and not at the root,
// so that the estimate gets better as the search goes on.
//
// What it is not: safe. Few of the branches hold most of the tree (a revisit that throws much away, beside the one
// graph that is left without it), so most probes say far too little, and one in many far too much: of the orders of
// nine increments, 362,880, it says a third or less. Branches picked by how much they throw away were tried, and are
// no better on random programs.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>

#include "checker/explore/search.hpp"
#include "checker/runtime/execution.hpp"

namespace lockstep::check {

class Estimator {
 public:
  Estimator(Execution& execution, const Model& model, unsigned spurious_failures)
      : execution_(execution), search_(model, spurious_failures) {}

  /// What is to be probed: a part picked at random, `branches` multiplied by how many there were.
  using Pick = std::function<Search::Part(std::mt19937_64& random, double& branches)>;
  /// Probes, if that has taken less than a hundredth of this time, since this process began to explore. `done`: executions that are not
  /// below what can be picked. `numbers`: of the search that what is picked is of. Not during a run.
  void probe(std::chrono::nanoseconds elapsed, std::uint64_t done, const ThreadNumbers& numbers,
             const Pick& pick);

  /// Did one of the probes find that the exploration has to begin anew?
  [[nodiscard]] bool is_renewed() const noexcept { return is_renewed_; }
  /// 0: unknown.
  [[nodiscard]] double estimate() const noexcept { return count_ == 0 ? 0 : sum_ / count_; }

 private:
  [[nodiscard]] double leaves(const Pick& pick);

  Execution& execution_;
  Search search_;
  std::mt19937_64 random_{1};
  std::chrono::nanoseconds spent_{0};
  double count_ = 0;  // of probes
  double sum_ = 0;
  bool is_renewed_ = false;
};

}  // namespace lockstep::check
