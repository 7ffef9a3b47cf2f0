#include "checker/runtime/survey.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iterator>
#include <locale>
#include <optional>
#include <utility>

#include "checker/explore/random_walk.hpp"
#include "checker/explore/search.hpp"
#include "checker/explore/token.hpp"
#include "checker/runtime/interrupt.hpp"

namespace lockstep::check {

void Survey::run() {
  for (go_through(); team_.is_renewed(); go_through()) {
    team_.begin_anew();
    result_ = Result{};
    result_.model = options_.model;
    elapsed_before_ = {};
    runs_before_ = 0;
    saved_.reset();
    fingerprints_.clear();
    execution_.add_limits(team_.limits());
  }
  execution_.add_limits(team_.limits());
  if (saved_) saved_->limits = execution_.limited().bits();
  if (result_.wrong != Wrong::nothing) saved_.reset();
  if (result_.wrong != Wrong::nothing) return;
  if (result_.bound.empty() && options_.random_walks != 0) result_.bound = "random walks";
  if (result_.cut != 0 && !team_.is_stopped()) result_.bound = "max_events";
}

void Survey::resume(const Resumed& resumed) {
  resumed_ = &resumed;
  result_ = resumed.saved().found;
  result_.model = options_.model;
  result_.bound.clear();
  elapsed_before_ = resumed.saved().elapsed;
  runs_before_ = result_.executions + result_.blocked + result_.cut;
  team_.note_limits(resumed.saved().limits);
  execution_.add_limits(resumed.saved().limits);
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
    look_for_interrupt();
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
  team_.report(result_, saved_ ? saved_->rests : std::vector<std::string>());
}

/// What this process searches, in turn: the whole tree or the part that it was given, less what it gives to
/// workers, and what it has to do for those that died.
void Survey::search() {
  Search search(model_, options_.spurious_failures);
  // What changes unseen would be found in runs that go on by what others made of it. Of another locale libstdc++ counts
  // those who use it.
  const bool can_keep = execution_.knows_globals() && std::locale() == std::locale::classic();
  search.keep_states(can_keep ? keeping_asked_for() : Keeping::never);
  if (options_.jobs > 1) search.share_thread_numbers();
  std::optional<Search::Part> left;
  std::vector<Search::Part> rest;
  bool is_more = resumed_ == nullptr;
  if (resumed_ != nullptr) {
    search.thread_numbers().restore(resumed_->saved().thread_numbers);
    for (auto& part : resumed_->parts(execution_.locations(), model_.synchronization())) {
      team_.add(std::move(part));
    }
    resumed_ = nullptr;
  }
  do {
    if (left) is_more = search.take(*left);
    while (is_more && !is_over()) {
      step(search);
      is_more = search.end_run();
      tell_progress(&search, is_more);
      if (is_more && team_.wants_work()) is_more = share(search);
    }
    if (is_more) rest = search.rest(true);
    left = team_.wait(result_, [&] {
      look_for_interrupt();
      tell_progress(&search);
    });
  } while (left);
  if (team_.is_paused()) note_rest(rest, search);
}

/// What was to be done later stands first, as in Search::rest.
void Survey::note_rest(std::vector<Search::Part>& rest, Search& search) {
  std::vector<Search::Part> parts = team_.take_undone();
  std::move(rest.begin(), rest.end(), std::back_inserter(parts));
  saved_.emplace();
  saved_->thread_numbers = search.thread_numbers().owners();
  if (!parts.empty()) saved_->rests.push_back(packed_rest(parts, execution_.locations()));
  for (std::string& others : team_.take_rests()) saved_->rests.push_back(std::move(others));
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
  if (!result_.bound.empty()) team_.pause();
  look_for_interrupt();
}

void Survey::look_for_interrupt() {
  if (!InterruptHandler::is_interrupted() || !result_.bound.empty()) return;
  result_.bound = "interrupted";
  team_.pause();
}

/// `search`: null if there are walks. `is_to_run`: this process is about to go on with it.
void Survey::tell_progress(Search* search, bool is_to_run) {
  if (!options_.on_progress || team_.is_worker()) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_told_ < options_.progress_interval) return;
  last_told_ = now;
  const double all =
      search == nullptr ? static_cast<double>(options_.random_walks) : estimate(*search, is_to_run);
  options_.on_progress({runs_before_ + team_.runs(), elapsed<std::chrono::microseconds>(), all});
  execution_.renew_globals();
}

double Survey::estimate(Search& search, bool is_to_run) {
  const std::vector<const Search::Part*> parts = team_.parts();
  const std::size_t all = parts.size() + (is_to_run ? 1 : 0);
  if (all == 0) return estimator_.estimate();
  const auto pick = [&](std::mt19937_64& random, double& branches) {
    branches *= static_cast<double>(all);
    const std::size_t picked = random() % all;
    if (picked == parts.size()) return search.pick(random, branches);
    return Search::pick_of(*parts[picked], random, branches);
  };
  estimator_.probe(std::chrono::steady_clock::now() - began_, runs_before_ + team_.own_runs(),
                   search.thread_numbers(), pick);
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
