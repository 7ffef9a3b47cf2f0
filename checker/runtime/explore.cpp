// checker/runtime/explore.cpp: runs a program again and again, and says what came of it.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string>

#include "checker/explore/fingerprint.hpp"
#include "checker/explore/replay.hpp"
#include "checker/explore/search.hpp"
#include "checker/explore/token.hpp"
#include "checker/explore/walk.hpp"
#include "checker/runtime/describe.hpp"
#include "checker/runtime/execution.hpp"
#include "checker/runtime/obstacle.hpp"
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
      : options_(options), program_(program), execution_(options_, program_) {
    result_.model = options.model;
  }

  Result run() {
    const auto began = std::chrono::steady_clock::now();
    const auto begin = processor_time();
    if (options_.replay.empty()) {
      explore(begin);
    } else {
      replay(options_.replay);
      if (result_.wrong == Wrong::nothing) result_.bound = "only the execution of the token";
    }
    if (result_.wrong == Wrong::unsupported) {
      result_.verdict = Verdict::refused;
    } else if (result_.wrong != Wrong::nothing) {
      result_.verdict = Verdict::failed;
    } else if (!result_.bound.empty()) {
      result_.verdict = Verdict::bounded;
    }
    result_.time = processor_time() - begin;
    result_.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - began);
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
  void explore(std::chrono::microseconds begin) {
    const std::unique_ptr<Strategy> strategy = make_strategy();
    for (bool is_more = true; is_more;) {
      const Ending ending = execution_.run(*strategy);
      count(ending, strategy->graph());
      if (ending == Ending::wrong) return explain(strategy->graph());
      if (met_bound(begin)) return;
      is_more = strategy->end_run();
    }
    if (options_.random_walks != 0) result_.bound = "random walks";
    if (result_.cut != 0) result_.bound = "max_events";
  }

  [[nodiscard]] std::unique_ptr<Strategy> make_strategy() const {
    const Model& model = model_of(options_.model);
    if (options_.random_walks != 0) {
      return std::make_unique<RandomWalk>(model, options_.random_walks, options_.seed,
                                          options_.spurious_failures);
    }
    return std::make_unique<Search>(model, options_.spurious_failures);
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
    if (options_.refuse_duplicates && options_.random_walks == 0 && ending != Ending::wrong &&
        !fingerprints_.insert(fingerprint_of(graph)).second) {
      std::fprintf(stderr, "checker bug: an execution graph was visited twice (execution %llu)\n",
                   static_cast<unsigned long long>(fingerprints_.size()));
      std::abort();
    }
  }

  [[nodiscard]] bool met_bound(std::chrono::microseconds begin) {
    const std::uint64_t runs = result_.executions + result_.blocked + result_.cut;
    if (options_.max_executions != 0 && runs >= options_.max_executions) {
      result_.bound = "max_executions";
      return true;
    }
    constexpr std::uint64_t seldom = 64;  // asking for the time costs as much as a short execution
    if (options_.time_limit.count() != 0 && ++since_asked_ >= seldom) {
      since_asked_ = 0;
      if (processor_time() - begin >= options_.time_limit) {
        result_.bound = "time_limit";
        return true;
      }
    }
    return false;
  }

  /// Runs a wrong execution again, and writes down how it went.
  void explain(const Graph& graph) {
    const Wrong wrong = execution_.wrong();
    const std::string what = execution_.what();
    const std::string token = encode(graph, model_of(options_.model).name());
    replay(token);
    if (result_.wrong == wrong) return;
    result_.wrong = wrong;
    result_.token = token;
    result_.report = what +
                     "\n(It could not be repeated for a full report: the program does not do the "
                     "same in each run. Last time: " +
                     execution_.what() + ")\n";
  }

  /// Once to see which accesses the report is about, and if it is about any, again to write them down.
  void replay(const std::string& token, std::uintptr_t about = 0) {
    Replay walk(model_of(options_.model), decode(token));
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
    finding.model = model_of(options_.model).name();
    if (ending == Ending::complete) finding.what = "nothing is wrong with this execution";
    if (ending == Ending::blocked) finding.what = "a thread waits for what others bring";
    if (ending == Ending::cut) finding.what = "a thread had as many events as it may (max_events)";
    if (ending == Ending::discarded) finding.what = "an assumption does not hold";
    result_.report = text_of(finding);
  }

  /// Has a token steps that the run which followed it did not come to?
  [[nodiscard]] bool has_left_over(const std::string& token, const Graph& graph) const {
    const std::string followed = encode(graph, model_of(options_.model).name());
    return decode(followed).steps.size() < decode(token).steps.size();
  }

  const Options options_;
  const std::function<void()> program_;
  Execution execution_;
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
  out << "  model: " << model_of(result.model).name() << "  time: " << time << '\n';
  return out << result.report;
}

}  // namespace lockstep::check
