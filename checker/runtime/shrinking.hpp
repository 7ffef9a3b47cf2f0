// checker/runtime/shrinking.hpp: from an execution that is wrong to a shorter one with the same error.
//
// Wanted are few events, and of executions with as many, few changes from one thread to another. Tried, until nothing helps any
// more or the budget is spent:
//   - executions that change threads seldom, at random (the same in each exploration);
//   - the events of the best so far in another order: first what the failing thread depends on, each thread for as long as
//     it can go on;
//   - the best so far with some of its steps left out, first half of them, then a quarter, ... ("delta debugging":
//     Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 2002).
// What comes out is the token of an execution that was run and is wrong in the same way at the same place. It is found again: nothing
// here depends on the time or on chance, but for an end by Ctrl-C.
// Checked by: tests/checker/shrinking_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "checker/explore/token.hpp"
#include "checker/model/model.hpp"
#include "checker/runtime/execution.hpp"
#include "checker/runtime/interrupt.hpp"
#include "lockstep/check.hpp"

namespace lockstep::check {

class Shrinking {
 public:
  /// Of executions that are wrong in the way of the last. `calls`: where, as return addresses; none: anywhere.
  Shrinking(const Options& options, const Model& model, Execution& execution,
            std::set<std::uintptr_t> calls);

  /// The token of the best execution, or that of the last. `graph`: of the last.
  [[nodiscard]] std::string shortest(const std::string& token, const Graph& graph);

 private:
  struct Length {
    std::size_t events = 0, switches = 0;
    friend auto operator<=>(const Length&, const Length&) = default;
  };

  [[nodiscard]] bool has_budget() const noexcept {
    return budget_ > 0 && work_left_ > 0 && !InterruptHandler::is_interrupted();
  }
  [[nodiscard]] bool is_wrong_likewise(Strategy& strategy);
  bool consider(const Graph& graph);
  void walk();
  [[nodiscard]] bool leave_out(std::size_t begin, std::size_t count);
  [[nodiscard]] bool leave_some_out();
  [[nodiscard]] static Length length_of(const std::vector<TokenStep>& steps);

  const Options& options_;
  const Model& model_;
  Execution& execution_;
  const std::set<std::uintptr_t> calls_;
  std::uint64_t budget_;  // executions
  /// Plain accesses of them all together, an event counted as 150: about half a second.
  std::uint64_t work_left_ = 50'000'000;
  const Wrong wrong_;
  const std::string what_;
  std::vector<TokenStep> steps_;  // of the best
};

}  // namespace lockstep::check
