// checker/runtime/explore.cpp: runs a program again and again, and says what came of it.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "checker/explore/fingerprint.hpp"
#include "checker/explore/replay.hpp"
#include "checker/explore/search.hpp"
#include "checker/explore/token.hpp"
#include "checker/explore/walk.hpp"
#include "checker/runtime/describe.hpp"
#include "checker/runtime/estimator.hpp"
#include "checker/runtime/execution.hpp"
#include "checker/runtime/obstacle.hpp"
#include "checker/runtime/team.hpp"
#include "checker/runtime/trouble.hpp"
#include "lockstep/check.hpp"

namespace lockstep::check {
namespace {

const Model& model_of(MemoryModel model) noexcept {
  switch (model) {
    case MemoryModel::rc11:
      return rc11();
    case MemoryModel::sc:
      return sc();
    case MemoryModel::tso:
      return tso();
  }
  return rc11();
}

std::chrono::microseconds processor_time() noexcept {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::duration_cast<std::chrono::microseconds>(
                                                std::chrono::nanoseconds(now.tv_nsec));
}

/// What `explore` was asked to do.
class Exploration {
 public:
  Exploration(const std::function<void()>& program, const Options& options)
      : options_(options),
        model_(model_of(options.model)),
        program_(program),
        execution_(options_, program_),
        estimator_(execution_, model_, options.spurious_failures),
        team_(options.random_walks == 0 && options.replay.empty() ? options.jobs : 1) {
    result_.model = options.model;
  }

  Result run() {
    if (!options_.replay.empty()) {
      replay(options_.replay);
      if (result_.wrong == Wrong::nothing) result_.bound = "only the execution of the token";
    } else {
      explore();
    }
    result_.verdict = verdict();
    result_.time += processor_time() - begin_;
    result_.elapsed = elapsed<std::chrono::microseconds>();
    return std::move(result_);
  }

  /// Does the program's instrumentation reach the checker?
  static bool reaches_checker(Probe probe) {
    static Probe last = nullptr;  // that did
    if (probe == last) return true;
    Options options;
    Recorder recorder;
    const std::function<void()> program = [probe, &recorder] {
      std::atomic<int> atomic;
      int plain;
      recorder.about = reinterpret_cast<std::uintptr_t>(&plain);
      probe(atomic, plain);
    };
    Execution execution(options, program);
    RandomWalk walk(rc11(), 1, 1);
    execution.run(walk, &recorder);
    if (recorder.finding.order.size() != 3 || recorder.last() == nullptr) return false;
    last = probe;
    return true;
  }

 private:
  void explore() {
    if (options_.random_walks != 0) {
      walk();
    } else {
      search_or_work();
    }
    if (result_.wrong != Wrong::nothing) return explain();
    if (result_.bound.empty() && options_.random_walks != 0) result_.bound = "random walks";
    if (result_.cut != 0 && !team_.is_stopped()) result_.bound = "max_events";
  }

  void walk() {
    RandomWalk walk(model_, options_.random_walks, options_.seed, options_.spurious_failures);
    for (bool is_more = true; is_more && !is_over(); is_more = walk.end_run()) {
      step(walk);
      tell_progress(nullptr);
    }
  }

  /// A worker never returns from here.
  void search_or_work() {
    try {
      search();
    } catch (...) {
      if (team_.is_worker()) _exit(EXIT_FAILURE);  // so that its parent meets the same
      throw;
    }
    if (!team_.is_worker()) return;
    result_.time += processor_time() - begin_;
    team_.report(result_);
  }

  /// What this process searches, in turn: the whole tree or the part that it was given, less what it gives to
  /// workers, and what it has to do for those that died.
  void search() {
    Search search(model_, options_.spurious_failures);
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
  bool share(Search& search) {
    team_.collect(result_);
    const std::optional<Search::Part> part = search.give();
    if (!part || !team_.begin_worker(*part)) return true;
    result_ = Result{};
    result_.model = options_.model;
    begin_ = processor_time();
    return search.take(*part);
  }

  void step(Strategy& strategy) {
    const Ending ending = execution_.run(strategy);
    count(ending, strategy.graph());
    if (ending == Ending::wrong) {
      note_wrong(strategy.graph());
    } else {
      look_at_bounds();
    }
  }

  /// Is an execution wrong, or a bound met, here or in another process?
  [[nodiscard]] bool is_over() const {
    return result_.wrong != Wrong::nothing || !result_.bound.empty() || team_.is_stopped();
  }

  void count(Ending ending, const Graph& graph) {
    result_.longest = std::max(result_.longest, graph.size());
    if (ending == Ending::complete) {
      ++result_.executions;
      if (!execution_.outcome().empty()) ++result_.outcomes[execution_.outcome()];
    } else if (ending == Ending::blocked) {
      ++result_.blocked;
    } else if (ending == Ending::cut) {
      ++result_.cut;
    }
    if (ending == Ending::complete || ending == Ending::blocked || ending == Ending::cut) {
      team_.note_run();
    }
    const bool is_execution = ending != Ending::wrong && ending != Ending::impossible;
    if (options_.refuse_duplicates && options_.random_walks == 0 && is_execution &&
        !fingerprints_.insert(fingerprint_of(graph)).second) {
      std::fprintf(stderr, "checker bug: an execution graph was visited twice (execution %llu)\n",
                   static_cast<unsigned long long>(fingerprints_.size()));
      std::abort();
    }
  }

  void look_at_bounds() {
    if (options_.max_executions != 0 && team_.runs() >= options_.max_executions) {
      result_.bound = "max_executions";
    }
    constexpr std::uint64_t seldom = 64;  // asking for the time costs as much as a short execution
    if (options_.time_limit.count() != 0 && ++since_asked_ >= seldom) {
      since_asked_ = 0;
      team_.note_time(processor_time() - begin_);
      if (team_.time() >= options_.time_limit) result_.bound = "time_limit";
    }
    if (result_.bound.empty()) return;
    team_.stop();
  }

  /// `search`: what this process is about to go on with, or null.
  void tell_progress(const Search* search) {
    if (!options_.on_progress || team_.is_worker()) return;
    constexpr std::chrono::milliseconds often{250};
    const auto now = std::chrono::steady_clock::now();
    if (now - last_told_ < often) return;
    last_told_ = now;
    options_.on_progress({team_.runs(), elapsed<std::chrono::microseconds>(), estimate(search)});
  }

  [[nodiscard]] double estimate(const Search* search) {
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
    return estimator_.estimate();
  }

  void note_wrong(const Graph& graph) {
    result_.wrong = execution_.wrong();
    result_.report = execution_.what();
    result_.token = encode(graph, model_.name());
    team_.stop();
  }

  /// Runs the wrong execution again, and writes down how it went.
  void explain() {
    const Result found = std::exchange(result_, Result{});
    replay(found.token);
    const bool is_same = result_.wrong == found.wrong;
    const std::string report = std::exchange(result_.report, {});
    result_ = found;
    result_.bound.clear();
    if (is_same) {
      result_.report = report;
      return;
    }
    result_.report +=
        "\n(It could not be repeated for a full report: the program does not do the "
        "same in each run. Last time: " +
        execution_.what() + ")\n";
  }

  /// Once to see which accesses the report is about, and if it is about any, again to write them down.
  void replay(const std::string& token, std::uintptr_t about = 0) {
    Replay walk(model_, decode(token));
    Recorder recorder;
    recorder.about = about;
    const Ending ending = execution_.run(walk, &recorder);
    if (ending == Ending::wrong && about == 0 && recorder.wanted != 0)
      return replay(token, recorder.wanted);
    if (ending != Ending::wrong) {
      count(ending, walk.graph());
      if (ending != Ending::cut && has_left_over(token, walk.graph())) {
        result_.wrong = Wrong::unsupported;
        result_.report =
            "the program is not the one that the token is of: it ended before the token did\n";
      } else if (options_.explain) {
        write_report(walk.graph(), recorder.finding, ending);
      }
      return;
    }
    result_.wrong = execution_.wrong();
    result_.token = token;
    recorder.finding.token = token;
    write_report(walk.graph(), recorder.finding, ending);
  }

  void write_report(const Graph& graph, Finding& finding, Ending ending) {
    describe(execution_, graph, finding);
    finding.model = model_.name();
    if (ending == Ending::complete) finding.what = "nothing is wrong with this execution";
    if (ending == Ending::blocked) finding.what = "a thread waits for what others bring";
    if (ending == Ending::cut) finding.what = "a thread had as many events as it may (max_events)";
    if (ending == Ending::discarded) finding.what = "an assumption does not hold";
    result_.report = text_of(finding);
  }

  /// Has a token steps that the run which followed it did not come to?
  [[nodiscard]] bool has_left_over(const std::string& token, const Graph& graph) const {
    const std::string followed = encode(graph, model_.name());
    return decode(followed).steps.size() < decode(token).steps.size();
  }

  [[nodiscard]] Verdict verdict() const {
    if (result_.wrong == Wrong::unsupported) return Verdict::refused;
    if (result_.wrong != Wrong::nothing) return Verdict::failed;
    return result_.bound.empty() ? Verdict::passed : Verdict::bounded;
  }

  template <class Duration>
  [[nodiscard]] Duration elapsed() const {
    return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began_);
  }

  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_told_ = began_;
  std::chrono::microseconds begin_ = processor_time();  // of this process
  const Options options_;
  const Model& model_;
  const std::function<void()> program_;
  Execution execution_;
  Estimator estimator_;
  Team team_;
  Result result_;
  std::uint64_t since_asked_ = 0;
  std::set<Fingerprint> fingerprints_;
};

Result refused(const Options& options, const std::string& why) {
  Result result;
  result.verdict = Verdict::refused;
  result.wrong = Wrong::unsupported;
  result.model = options.model;
  result.report = "not explored: " + why + '\n';
  return result;
}

void check_options(const Options& options) {
  if (options.replay.empty()) return;
  if (options.random_walks != 0) {
    throw std::invalid_argument(
        "lockstep::check::explore: both random_walks and replay are asked for");
  }
  if (decode(options.replay).model != model_of(options.model).name()) {
    throw std::invalid_argument("lockstep::check::explore: the token is of another memory model");
  }
}

}  // namespace

Result explore(const std::function<void()>& program, const Options& options, Probe probe) {
  Options effective = options;
  const char* const token = std::getenv("LOCKSTEP_REPLAY");
  if (token != nullptr && options.random_walks == 0) effective.replay = token;
  check_options(effective);
  if (!program) throw std::invalid_argument("lockstep::check::explore: there is no program");
  if (is_exploring() || Execution::is_running()) {
    throw std::logic_error("lockstep::check::explore: called while an exploration is under way");
  }
  if (const std::string why = obstacle(); !why.empty()) return refused(options, why);
  const TroubleHandlers handlers;
  if (!Exploration::reaches_checker(probe)) {
    return refused(
        options,
        "the code that calls explore() is not instrumented, or the linker took functions of "
        "std::atomic from an object that is not: compile all objects that share headers with "
        "the code under test by way of lockstep::checker");
  }
  return Exploration(program, effective).run();
}

std::ostream& operator<<(std::ostream& out, const Result& result) {
  constexpr const char* verdicts[] = {"no error in any execution", "no error within these bounds",
                                      "an execution is wrong", "cannot be checked"};
  out << verdicts[static_cast<std::size_t>(result.verdict)];
  if (result.verdict == Verdict::bounded) out << " (" << result.bound << ')';
  out << "\nexecutions: " << result.executions << "  blocked: " << result.blocked;
  if (result.cut != 0) out << "  cut short: " << result.cut;
  char time[32];  // whatever precision the stream has
  std::snprintf(time, sizeof time, "%.3f s", static_cast<double>(result.time.count()) / 1e6);
  out << "  model: " << model_of(result.model).name() << "  time: " << time;
  if (result.workers != 0) {
    std::snprintf(time, sizeof time, "%.3f s", static_cast<double>(result.elapsed.count()) / 1e6);
    out << "  elapsed: " << time;
  }
  out << '\n';
  return out << result.report;
}

}  // namespace lockstep::check
