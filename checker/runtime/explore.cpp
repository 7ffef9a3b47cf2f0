// checker/runtime/explore.cpp: runs a program again and again, and says what came of it.
#include <cstdio>
#include <cstdlib>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>

#include "checker/explore/random_walk.hpp"
#include "checker/explore/replay.hpp"
#include "checker/explore/token.hpp"
#include "checker/runtime/describe.hpp"
#include "checker/runtime/entry.hpp"
#include "checker/runtime/execution.hpp"
#include "checker/runtime/obstacle.hpp"
#include "checker/runtime/survey.hpp"
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

/// What `explore` was asked to do.
class Exploration {
 public:
  Exploration(const std::function<void()>& program, const Options& options)
      : options_(options),
        model_(model_of(options.model)),
        program_(program),
        execution_(options_, program_),
        survey_(options_, model_, execution_, result_) {
    result_.model = options.model;
  }

  Result run() {
    if (!options_.replay.empty()) {
      replay(options_.replay);
      if (result_.wrong == Wrong::nothing) result_.bound = "only the execution of the token";
    } else {
      survey_.run();
      if (result_.wrong != Wrong::nothing) explain();
    }
    result_.verdict = verdict();
    result_.limits = limits();
    result_.is_up_to_permutation = execution_.limited().permutations;
    result_.time = survey_.time();
    result_.elapsed = survey_.elapsed<std::chrono::microseconds>();
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
    // Of threads that are not identical after all: a replay compares none.
    if (result_.wrong == Wrong::unsupported && execution_.limited().permutations) return;
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
    if (ending == Ending::renewed) return replay(token, about);
    if (ending == Ending::wrong && about == 0 && recorder.wanted != 0)
      return replay(token, recorder.wanted);
    if (ending != Ending::wrong) {
      survey_.count(ending, walk.graph());
      result_.report = text_of(recorder.finding.printed);
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

  [[nodiscard]] std::string limits() const {
    std::string text;
    const auto add = [&](bool is_limited, unsigned n, const char* one, const char* more) {
      if (!is_limited) return;
      text += (text.empty() ? "" : ", ") + std::to_string(n) + ' ' + (n == 1 ? one : more);
    };
    const Execution::Limited& limited = execution_.limited();
    add(limited.failures, options_.spurious_failures, "spurious failure", "spurious failures");
    add(limited.wakes, options_.spurious_wakes, "spurious wake", "spurious wakes");
    add(limited.timeouts, options_.timeouts, "timeout", "timeouts");
    if (!text.empty()) text = "at most " + text + " in a thread";
    if (limited.values) {
      text += (text.empty() ? "" : "; ") + std::to_string(options_.nondet_values) +
              " values of __VERIFIER_nondet_int() and its like";
    }
    if (limited.light_fences) {
      text += std::string(text.empty() ? "" : "; ") + "light fences taken for full ones";
    }
    return text;
  }

  [[nodiscard]] Verdict verdict() const {
    if (result_.wrong == Wrong::unsupported) return Verdict::refused;
    if (result_.wrong != Wrong::nothing) return Verdict::failed;
    return result_.bound.empty() ? Verdict::passed : Verdict::bounded;
  }

  const Options options_;
  const Model& model_;
  const std::function<void()> program_;
  Execution execution_;
  Result result_;
  Survey survey_;
};

Result refused(const Options& options, const std::string& why) {
  Result result;
  result.verdict = Verdict::refused;
  result.wrong = Wrong::unsupported;
  result.model = options.model;
  result.report = "not explored: " + why + '\n';
  return result;
}

std::string model_in(const std::string& token) {
  try {
    return decode(token).model;
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(std::string("lockstep::check::explore: nothing can be replayed: ") +
                                error.what() + "; copy all of the token from the end of a report");
  }
}

void check_options(const Options& options) {
  if (options.replay.empty()) return;
  if (options.random_walks != 0) {
    throw std::invalid_argument(
        "lockstep::check::explore: both random_walks and replay are asked for");
  }
  const std::string model = model_in(options.replay);
  if (model != model_of(options.model).name()) {
    throw std::invalid_argument("lockstep::check::explore: the token is of the memory model " +
                                model + ", and Options::model is " +
                                model_of(options.model).name());
  }
}

}  // namespace

Result explore(const std::function<void()>& program, const Options& options, Probe probe) {
  Options effective = options;
  const char* const token = std::getenv("LOCKSTEP_REPLAY");
  if (token != nullptr && options.random_walks == 0) effective.replay = token;
  check_options(effective);
  if (!program) throw std::invalid_argument("lockstep::check::explore: there is no program");
  check_values(effective);
  const Entry entry;
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
  if (result.found_nothing() && !result.limits.empty()) out << " (" << result.limits << ')';
  if (result.is_up_to_permutation) {
    out << "\ncounted as one: executions that differ only in which of identical threads did what";
  }
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
