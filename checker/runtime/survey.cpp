#include "checker/runtime/survey.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>

#include "checker/explore/random_walk.hpp"
#include "checker/explore/search.hpp"
#include "checker/explore/token.hpp"

namespace lockstep::check {

void Survey::run() {
  for (go_through(); team_.is_renewed(); go_through()) {
    team_.begin_anew();
    result_ = Result{};
    result_.model = options_.model;
    fingerprints_.clear();
    execution_.add_limits(team_.limits());
  }
  execution_.add_limits(team_.limits());
  if (result_.wrong != Wrong::nothing) return;
  if (result_.bound.empty() && options_.random_walks != 0) result_.bound = "random walks";
  if (result_.cut != 0 && !team_.is_stopped()) result_.bound = "max_events";
}

void Survey::go_through() {
  if (options_.random_walks != 0) {
    walk();
  } else {
    search_or_work();
  }
}

void Survey::walk() {
  RandomWalk walk(model_, options_.random_walks, options_.seed, options_.spurious_failures);
  for (bool is_more = true; is_more && !is_over(); is_more = walk.end_run()) {
    step(walk);
    tell_progress(nullptr);
  }
  if (team_.is_renewed()) static_cast<void>(team_.wait(result_, [] {}));
}

/// A worker never returns from here.
void Survey::search_or_work() {
  try {
    search();
  } catch (...) {
    if (team_.is_worker()) _exit(EXIT_FAILURE);  // so that its parent meets the same
    throw;
  }
  if (!team_.is_worker()) return;
  team_.note_limits(execution_.limited().bits());
  result_.time += processor_time() - time_before_;
  team_.report(result_);
}

/// What this process searches, in turn: the whole tree or the part that it was given, less what it gives to
/// workers, and what it has to do for those that died.
void Survey::search() {
  Search search(model_, options_.spurious_failures);
  search.keep_states(keeping_asked_for());
  if (options_.jobs > 1) search.share_thread_numbers();
  std::optional<Search::Part> left;
  bool is_more = true;
  do {
    if (left) is_more = search.take(*left);
    while (is_more && !is_over()) {
      step(search);
      is_more = search.end_run();
      tell_progress(is_more ? &search : nullptr);
      if (is_more && team_.wants_work()) is_more = share(search);
    }
    left = team_.wait(result_, [this] { tell_progress(nullptr); });
  } while (left);
}

/// Gives a part to a worker, if there is one to spare. Returns in both processes: is there more to do?
bool Survey::share(Search& search) {
  team_.collect(result_);
  const std::optional<Search::Part> part = search.give();
  if (!part || !team_.begin_worker(*part)) return true;
  result_ = Result{};
  result_.model = options_.model;
  time_before_ = processor_time();
  return search.take(*part);
}

void Survey::step(Strategy& strategy) {
  const Ending ending = execution_.run(strategy);
  if (ending == Ending::renewed) return renew();
  if (options_.refuse_duplicates && ending != Ending::wrong) strategy.add_what_waits();
  count(ending, strategy.graph());
  if (ending == Ending::wrong) {
    note_wrong(strategy.graph());
  } else {
    look_at_bounds();
  }
}

void Survey::renew() {
  team_.note_limits(execution_.limited().bits());
  team_.renew();
}

/// Is an execution wrong, or a bound met, here or in another process?
bool Survey::is_over() const {
  return result_.wrong != Wrong::nothing || !result_.bound.empty() || team_.is_stopped();
}

void Survey::count(Ending ending, const Graph& graph) {
  result_.longest = std::max(result_.longest, graph.size());
  if (ending == Ending::complete) {
    ++result_.executions;
    if (!execution_.outcome().empty()) ++result_.outcomes[execution_.outcome()];
  } else if (ending == Ending::blocked) {
    ++result_.blocked;
  } else if (ending == Ending::cut) {
    ++result_.cut;
  }
  if (is_counted(ending)) team_.note_run();
  const bool is_execution = ending != Ending::wrong && ending != Ending::impossible;
  if (options_.refuse_duplicates && options_.random_walks == 0 && is_execution &&
      !fingerprints_.insert(fingerprint_of(graph)).second) {
    std::fprintf(stderr, "checker bug: an execution graph was visited twice (execution %llu)\n",
                 static_cast<unsigned long long>(fingerprints_.size()));
    std::abort();
  }
}

void Survey::look_at_bounds() {
  if (options_.max_executions != 0 && team_.runs() >= options_.max_executions) {
    result_.bound = "max_executions";
  }
  constexpr std::uint64_t seldom = 64;  // asking for the time costs as much as a short execution
  if (options_.time_limit.count() != 0 && ++since_asked_ >= seldom) {
    since_asked_ = 0;
    team_.note_time(processor_time() - time_before_);
    if (team_.time() >= options_.time_limit) result_.bound = "time_limit";
  }
  if (!result_.bound.empty()) team_.stop();
}

/// `search`: what this process is about to go on with, or null.
void Survey::tell_progress(const Search* search) {
  if (!options_.on_progress || team_.is_worker()) return;
  constexpr std::chrono::milliseconds often{250};
  const auto now = std::chrono::steady_clock::now();
  if (now - last_told_ < often) return;
  last_told_ = now;
  options_.on_progress({team_.runs(), elapsed<std::chrono::microseconds>(), estimate(search)});
}

double Survey::estimate(const Search* search) {
  if (options_.random_walks != 0) return static_cast<double>(options_.random_walks);
  const std::vector<const Search::Part*> parts = team_.parts();
  const std::size_t all = parts.size() + (search == nullptr ? 0 : 1);
  if (all == 0) return estimator_.estimate();
  const auto pick = [&](std::mt19937_64& random, double& branches) {
    branches *= static_cast<double>(all);
    const std::size_t picked = random() % all;
    if (picked == parts.size()) return search->pick(random, branches);
    return Search::pick_of(*parts[picked], random, branches);
  };
  estimator_.probe(elapsed<std::chrono::nanoseconds>(), team_.own_runs(), pick);
  if (estimator_.is_renewed()) renew();
  return estimator_.estimate();
}

void Survey::note_wrong(const Graph& graph) {
  result_.wrong = execution_.wrong();
  result_.report = execution_.what();
  result_.token = encode(graph, model_.name());
  team_.stop();
}

std::chrono::microseconds Survey::processor_time() noexcept {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::duration_cast<std::chrono::microseconds>(
                                                std::chrono::nanoseconds(now.tv_nsec));
}

std::chrono::microseconds Survey::time() const {
  return result_.time + processor_time() - time_before_;
}

}  // namespace lockstep::check
