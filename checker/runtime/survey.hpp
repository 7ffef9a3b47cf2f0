// checker/runtime/survey.hpp: goes through the executions, all of them or some at random, and counts them: until
// there are no more, one is wrong, or a bound is met.
//
// With Options::jobs other processes help (team.hpp). Each has a survey of its own from where it was forked;
// what it found is added to that of its parent, and only the first process returns.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "checker/explore/fingerprint.hpp"
#include "checker/model/model.hpp"
#include "checker/runtime/estimator.hpp"
#include "checker/runtime/execution.hpp"
#include "checker/runtime/saved.hpp"
#include "checker/runtime/team.hpp"
#include "lockstep/check.hpp"

namespace lockstep::check {

class Survey {
 public:
  /// Counts in `result`. An execution that is wrong is noted there, with its token, but not described.
  Survey(const Options& options, const Model& model, Execution& execution, Result& result)
      : options_(options),
        model_(model),
        execution_(execution),
        result_(result),
        estimator_(execution, model, options.spurious_failures),
        team_(options.random_walks == 0 && options.replay.empty() ? options.jobs : 1) {}

  void run();
  /// What is left to do, if run() has met a bound on the way.
  [[nodiscard]] const std::optional<Saved>& saved() const noexcept { return saved_; }
  /// Before run(): goes on with that.
  void resume(const Resumed& resumed);
  void count(Ending ending, const Graph& graph);

  /// Of all processes, since the beginning.
  [[nodiscard]] std::chrono::microseconds time() const;
  template <class Duration>
  [[nodiscard]] Duration elapsed() const {
    return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began_ +
                                                elapsed_before_);
  }
  /// About how many executions there are, as far as that is known; 0 if it is not.
  [[nodiscard]] double estimated() const noexcept { return estimator_.estimate(); }

 private:
  void go_through();
  void walk();
  void search_or_work();
  void search();
  [[nodiscard]] bool share(Search& search);
  void note_rest(std::vector<Search::Part>& rest, Search& search);
  void step(Strategy& strategy);
  [[nodiscard]] bool is_over() const;
  void renew();
  void note_wrong(const Graph& graph);
  void look_at_bounds();
  void look_for_interrupt();
  void tell_progress(Search* search, bool is_to_run = false);
  [[nodiscard]] double estimate(Search& search, bool is_to_run);
  [[nodiscard]] static std::chrono::microseconds processor_time() noexcept;

  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  const Options& options_;
  const Model& model_;
  Execution& execution_;
  Result& result_;
  Estimator estimator_;
  Team team_;
  std::chrono::microseconds time_before_ = processor_time();  // of this process
  std::chrono::steady_clock::time_point last_told_ = began_;
  std::uint64_t since_asked_ = 0;  // for the time
  std::set<Fingerprint> fingerprints_;
  const Resumed* resumed_ = nullptr;  // until its parts are taken
  std::chrono::microseconds elapsed_before_{0};
  std::uint64_t runs_before_ = 0;
  std::optional<Saved> saved_;
};

}  // namespace lockstep::check
