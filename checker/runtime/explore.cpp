// checker/runtime/explore.cpp: runs a program again and again, and says what came of it.
#include <algorithm>
#include <cerrno>  // program_invocation_short_name
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "checker/explore/random_walk.hpp"
#include "checker/explore/replay.hpp"
#include "checker/explore/token.hpp"
#include "checker/report/text.hpp"
#include "checker/runtime/describe.hpp"
#include "checker/runtime/drawings.hpp"
#include "checker/runtime/entry.hpp"
#include "checker/runtime/execution.hpp"
#include "checker/runtime/interrupt.hpp"
#include "checker/runtime/obstacle.hpp"
#include "checker/runtime/saved.hpp"
#include "checker/runtime/shrinking.hpp"
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
  /// `on_stack`: an address in the frame of explore().
  Exploration(const std::function<void()>& program, const Options& options, std::uintptr_t on_stack)
      : options_(options),
        on_stack_(on_stack),
        model_(model_of(options.model)),
        program_(program),
        execution_(options_, program_),
        survey_(options_, model_, execution_, result_),
        drawings_(options_) {
    result_.model = options.model;
  }

  Result run() {
    execution_.find_globals(on_stack_);
    if (!options_.replay.empty()) {
      replay(options_.replay);
      if (result_.wrong == Wrong::nothing) result_.bound = "only the execution of the token";
    } else {
      std::optional<Resumed> resumed;
      if (!options_.resume.empty()) resumed.emplace(options_.resume, explored());
      if (resumed) survey_.resume(*resumed);
      survey_.run();
      if (result_.wrong != Wrong::nothing) explain();
      if (survey_.saved()) save(*survey_.saved());
    }
    result_.drawings = drawings_.write();
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
  /// Writes down how far it is, if there is a file for that.
  void save(Saved saved) {
    std::string file = options_.save.empty() ? options_.resume : options_.save;
    if (file.empty() && result_.bound == "interrupted") {
      file = std::string(program_invocation_short_name) + ".lockstep";
    }
    result_.estimated = survey_.estimated();
    if (file.empty()) return;
    saved.found = result_;
    saved.found.time = survey_.time();
    saved.elapsed = survey_.elapsed<std::chrono::microseconds>();
    try {
      check::save(file, saved, explored());
      result_.saved = file;
    } catch (const std::runtime_error& error) {
      result_.report += std::string("how far it came is not saved: ") + error.what() + '\n';
    }
  }

  [[nodiscard]] Explored explored() const noexcept {
    return {program_.target_type(), options_, on_stack_};
  }

  /// Runs the wrong execution again, or rather a shorter one, and writes down how it went.
  void explain() {
    Result found = std::exchange(result_, Result{});
    if (const std::string shorter = shortened(found.token); shorter != found.token) {
      replay(shorter);
      if (result_.wrong == found.wrong) found.token = shorter;
    }
    if (result_.token != found.token) replay(found.token);
    const bool is_same = result_.wrong == found.wrong;
    const std::string report = std::exchange(result_.report, {});
    result_ = found;
    result_.bound.clear();
    if (is_same) {
      result_.report = report;
      return;
    }
    drawings_.discard();
    // Of threads that are not identical after all: a replay compares none.
    if (result_.wrong == Wrong::unsupported && execution_.limited().permutations) return;
    result_.report +=
        "\n(It could not be repeated for a full report: the program does not do the "
        "same in each run. Last time: " +
        execution_.what() + ")\n";
  }

  /// What came of a token.
  struct Repeated {
    Ending ending;
    Graph graph;
    Recorder recorder;
  };

  /// Runs what it names; again if it has to begin anew, or if only now it is known which accesses the report will be about.
  [[nodiscard]] Repeated repeat(const std::string& token) {
    for (std::uintptr_t about = 0;;) {
      Replay walk(model_, decode(token));
      Recorder recorder;
      recorder.about = about;
      const Ending ending = execution_.run(walk, &recorder);
      const bool is_about_more = ending == Ending::wrong && about == 0 && recorder.wanted != 0;
      if (is_about_more) about = recorder.wanted;
      if (is_about_more || ending == Ending::renewed) continue;
      return {ending, walk.graph(), std::move(recorder)};
    }
  }

  /// The token of an execution that is wrong in the same way, or the same.
  [[nodiscard]] std::string shortened(const std::string& token) {
    if (options_.shrinking == 0) return token;
    const Repeated found = repeat(token);
    if (found.ending != Ending::wrong || execution_.wrong() == Wrong::unsupported) return token;
    std::set<std::uintptr_t> calls;
    if (execution_.failed_call() != 0) calls.insert(execution_.failed_call());
    for (const PlainAccess& access : found.recorder.finding.accesses) {
      if (!access.where.empty()) calls.insert(access.where.front());
    }
    return Shrinking(options_, model_, execution_, calls).shortest(token, found.graph);
  }

  /// Runs the execution that a token names, and says how it went.
  void replay(const std::string& token) {
    auto [ending, graph, recorder] = repeat(token);
    if (ending != Ending::wrong) {
      survey_.count(ending, graph);
      result_.report = text_of(recorder.finding.printed);
      if (ending != Ending::cut && has_left_over(token, graph)) {
        result_.wrong = Wrong::unsupported;
        result_.report =
            "the program is not the one that the token is of: it ended before the token did\n";
      } else if (options_.explain) {
        write_report(graph, recorder.finding, ending);
      }
      return;
    }
    result_.wrong = execution_.wrong();
    result_.token = token;
    recorder.finding.token = token;
    write_report(graph, recorder.finding, ending);
  }

  void write_report(const Graph& graph, Finding& finding, Ending ending) {
    describe(execution_, graph, finding);
    finding.model = model_.name();
    finding.is_full = options_.full_report || std::getenv("LOCKSTEP_FULL_REPORT") != nullptr;
    if (ending == Ending::complete) finding.what = "nothing is wrong with this execution";
    if (ending == Ending::blocked) finding.what = "a thread waits for what others bring";
    if (ending == Ending::cut) finding.what = "a thread had as many events as it may (max_events)";
    if (ending == Ending::discarded) finding.what = "an assumption does not hold";
    const Symbols symbols = symbols_of(finding);
    result_.report = text_of(finding, symbols);
    drawings_.draw(finding, symbols, result_.report);
  }

  /// Has a token steps that the run which followed it did not come to?
  [[nodiscard]] static bool has_left_over(const std::string& token, const Graph& graph) {
    return steps_of(graph).size() < decode(token).steps.size();
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
  const std::uintptr_t on_stack_;
  const Model& model_;
  const std::function<void()> program_;
  Execution execution_;
  Result result_;
  Survey survey_;
  Drawings drawings_;
};

Result refused(const Options& options, const std::string& why) {
  Result result;
  result.verdict = Verdict::refused;
  result.wrong = Wrong::unsupported;
  result.model = options.model;
  result.report = "not explored: " + why + '\n';
  return result;
}

/// Throws std::invalid_argument if there is a token, and none of that model.
void check_token(const Options& options) {
  if (options.replay.empty()) return;
  std::string model;
  try {
    model = decode(options.replay).model;
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(std::string("lockstep::check::explore: nothing can be replayed: ") +
                                error.what() + "; copy all of the token from the end of a report");
  }
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
  const char* const file = std::getenv("LOCKSTEP_RESUME");
  if (file != nullptr && effective.replay.empty() && options.random_walks == 0) {
    effective.resume = file;
  }
  check_values(effective);
  check_token(effective);
  if (!program) throw std::invalid_argument("lockstep::check::explore: there is no program");
  if (!effective.save.empty()) check_can_save(effective.save);
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
  const InterruptHandler interrupts;
  return Exploration(program, effective, reinterpret_cast<std::uintptr_t>(__builtin_dwarf_cfa()))
      .run();
}

namespace {

/// Of digits that mean something: an estimate has two.
std::string text_of(double number) {
  char text[32];
  std::snprintf(text, sizeof text, number < 1e6 ? "%.0f" : "%.1e", number);
  return text;
}

/// How the executions came out so far, the most frequent first.
void add_outcomes(std::ostream& out, const Result& result) {
  constexpr std::size_t most = 10;
  std::vector<std::pair<std::uint64_t, std::string>> all;
  for (const auto& [outcome, count] : result.outcomes) all.emplace_back(count, outcome);
  std::sort(all.rbegin(), all.rend());
  for (std::size_t i = 0; i < std::min(most, all.size()); ++i) {
    out << "  " << all[i].first << " times: " << all[i].second << '\n';
  }
  if (all.size() > most) out << "  and " << all.size() - most << " other outcomes\n";
}

}  // namespace

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
  if (result.workers != 0 || result.bound == "interrupted") {
    std::snprintf(time, sizeof time, "%.3f s", static_cast<double>(result.elapsed.count()) / 1e6);
    out << "  elapsed: " << time;
  }
  if (result.estimated > 0) out << "\nabout " << text_of(result.estimated) << " executions in all";
  out << '\n';
  if (!result.bound.empty() && result.wrong == Wrong::nothing) add_outcomes(out, result);
  if (!result.saved.empty()) {
    out << "how far it came is in " << result.saved
        << "; to go on from there: Options::resume, LOCKSTEP_RESUME, or lockstep check --resume\n";
  }
  out << result.report;
  if (!result.drawings.empty()) out << '\n' << result.drawings;
  return out;
}

}  // namespace lockstep::check
