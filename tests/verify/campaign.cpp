// Every mutant of the library's headers against the scenarios that come to it, until one refuses it.
//
//   verify_mutants [--jobs N] [--executions N] [--only TEXT] [--write] <verdicts.txt>
//
// The table goes to standard output, in Markdown; progress, and what is wrong, to standard error. --write puts what
// was found into verdicts.txt. --only: mutants whose key has TEXT in it. Exit status 1: a mutant that nothing refuses
// has no argument in verdicts.txt, or one that has is refused.

#include <algorithm>
#include <chrono>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "list.hpp"
#include "lockstep/check.hpp"
#include "pool.hpp"
#include "progress.hpp"
#include "switch.hpp"
#include "trial.hpp"
#include "verdicts.hpp"

namespace {

using lockstep::check::Result;
using model::Program;
using mutants::Effort;
using mutants::Mutant;
using mutants::Verdict;
using mutants::Verdicts;

struct Request {
  unsigned jobs = 2;
  std::uint64_t executions = 30'000;
  std::string only;
  bool writes = false;
  std::string verdicts_file;
};

/// A scenario without any mutant: which ones it comes to, and how many executions it took to see that.
struct Reach {
  std::set<std::size_t> met;
  std::uint64_t executions = 0;
};

/// What came of a mutant.
struct Fate {
  std::string scenario;  // that refuses it; empty: none
  std::string wrong;
  std::uint64_t executions = 0;  // until then, in that scenario, with the wrong one; or in all
  std::size_t scenarios = 0;     // tried
  std::string failure;           // of the checker, which then says nothing of the mutant
};

/// What went wrong with the checker itself in a task; or nothing.
std::string failure_in(const verify::Outcome& outcome) {
  return outcome.hung ? "the checker hangs" : outcome.crashed ? "the checker crashes" : "";
}

std::string reach_of(const Program& program) {
  static_cast<void>(mutants::take_met());
  const Result result = mutants::tried(0, program, {.walks = 200, .executions = 2'000});
  std::ostringstream text;
  text << result.executions;
  for (const unsigned number : mutants::take_met()) text << ' ' << number;
  return text.str();
}

Reach read_reach(const std::string& text) {
  std::istringstream words(text);
  Reach reach;
  words >> reach.executions;
  for (std::size_t number; words >> number;) reach.met.insert(number);
  return reach;
}

/// Code within a row of a Markdown table.
std::string in_a_row(std::string code) {
  for (std::size_t at = 0; (at = code.find('|', at)) != code.npos; at += 2)
    code.insert(at, 1, '\\');
  return '`' + code + '`';
}

/// "last_look_omitted" as people write it.
std::string words_of(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

class Campaign {
 public:
  Campaign(Request request, Verdicts verdicts)
      : request_(std::move(request)),
        verdicts_(std::move(verdicts)),
        programs_(model::all_programs()),
        reaches_(programs_.size()) {
    for (const Mutant& mutant : mutants::all_mutants()) {
      if (mutant.key().find(request_.only) != std::string::npos) mutants_.push_back(&mutant);
    }
    fates_.resize(mutants_.size());
  }

  void run() {
    look_where_scenarios_come();
    try_mutants();
  }

  /// How many mutants are not refused although nobody says why, or are although somebody does; and how often the
  /// checker itself failed. Says which.
  [[nodiscard]] std::size_t report() const {
    std::vector<std::string> wrong = failures_;
    for (std::size_t i = 0; i < mutants_.size(); ++i) {
      const std::string why = objection_to(*mutants_[i], fates_[i]);
      if (!why.empty()) wrong.push_back(mutants_[i]->key() + "\n  " + why);
    }
    for (const std::string& each : wrong) std::cerr << each << '\n';
    return wrong.size();
  }

  void write_verdicts() {
    for (std::size_t i = 0; i < mutants_.size(); ++i) {
      if (fates_[i].scenario.empty()) continue;
      verdicts_[mutants_[i]->key()] = {fates_[i].scenario, fates_[i].wrong, {}};
    }
    std::set<std::string> keys;
    for (const Mutant& mutant : mutants::all_mutants()) keys.insert(mutant.key());
    std::erase_if(verdicts_, [&](const auto& each) { return !keys.contains(each.first); });
    std::ofstream out(request_.verdicts_file);
    mutants::write_verdicts(out, verdicts_);
  }

  void write_table(std::ostream& out) const;

 private:
  void write_planted(std::ostream& out, const std::string& file) const;
  void write_row(std::ostream& out, const std::string& operation, const Mutant& mutant) const;

  using Milliseconds = std::chrono::milliseconds;

  /// What is wrong with a mutant that came to that; or nothing.
  [[nodiscard]] std::string objection_to(const Mutant& mutant, const Fate& fate) const {
    if (!fate.failure.empty()) return fate.failure;
    const bool is_refused = !fate.scenario.empty();
    if (is_refused != is_argued(mutant)) return {};
    if (is_refused) return "is said to be equivalent, but: " + fate.scenario + ": " + fate.wrong;
    return "is refused by none of " + std::to_string(fate.scenarios) + " scenarios, " +
           std::to_string(fate.executions) + " executions";
  }

  [[nodiscard]] bool is_argued(const Mutant& mutant) const {
    const auto known = verdicts_.find(mutant.key());
    return known != verdicts_.end() && known->second.is_equivalent();
  }

  void look_where_scenarios_come() {
    verify::Progress progress("scenarios looked at", programs_.size());
    verify::run_in_processes(
        programs_.size(), request_.jobs, Milliseconds(60'000),
        [&](std::size_t i) { return reach_of(programs_[i]); },
        [&](std::size_t i, const verify::Outcome& outcome) {
          const std::string failure = failure_in(outcome);
          if (!failure.empty()) failures_.push_back(programs_[i].name() + ": " + failure);
          reaches_[i] = read_reach(outcome.text);
          progress.step();
        },
        [&] { progress.show(); });
  }

  void try_mutants() {
    verify::Progress progress("mutants tried", mutants_.size());
    verify::run_in_processes(
        mutants_.size(), request_.jobs, Milliseconds(1'800'000),
        [&](std::size_t i) { return fate_of(*mutants_[i]); },
        [&](std::size_t i, const verify::Outcome& outcome) {
          fates_[i] = read_fate(outcome);
          progress.step();
        },
        [&] { progress.show(); });
  }

  /// Those of a primitive with threads are easier to understand, and most of them Relacy can run too.
  static bool is_of_threads(const Program& program) {
    constexpr std::string_view with_others[] = {"Coroutine", "Async", "Asio", "Timer", "Queue"};
    return std::find(std::begin(with_others), std::end(with_others), program.primitive) ==
           std::end(with_others);
  }

  /// The scenarios that come to the mutant: first the one that is known to refuse it, then those with few
  /// executions, and of these the ones with threads.
  [[nodiscard]] std::vector<const Program*> candidates(const Mutant& mutant) const {
    std::vector<std::pair<std::uint64_t, const Program*>> found;
    const auto known = verdicts_.find(mutant.key());
    for (std::size_t i = 0; i < programs_.size(); ++i) {
      if (!reaches_[i].met.contains(mutant.number)) continue;
      const bool is_known =
          known != verdicts_.end() && known->second.scenario == programs_[i].name();
      const std::uint64_t cost = reaches_[i].executions;
      const std::uint64_t rank = 1 + (is_of_threads(programs_[i]) ? cost / 100 : cost);
      found.emplace_back(is_known ? 0 : rank, &programs_[i]);
    }
    std::sort(found.begin(), found.end());
    std::vector<const Program*> programs;
    for (const auto& [cost, program] : found) programs.push_back(program);
    return programs;
  }

  [[nodiscard]] std::string fate_of(const Mutant& mutant) const {
    const auto programs = candidates(mutant);
    const Effort efforts[] = {{5'000, 20'000}, {200, 2'000}, {5'000, 0}, {0, request_.executions}};
    std::uint64_t executions = 0;
    for (const Effort& effort : efforts) {
      for (const Program* program : programs) {
        if (&effort == &efforts[0] && program != programs.front()) break;  // the likeliest
        const Result result = mutants::tried(mutant.number, *program, effort);
        executions += result.executions + result.blocked;
        if (!mutants::refuses(result, *program)) continue;
        return program->name() + '\t' + mutants::what_is_wrong(result) + '\t' +
               std::to_string(result.executions + result.blocked + 1) + '\t' +
               std::to_string(programs.size());
      }
    }
    return "\t\t" + std::to_string(executions) + '\t' + std::to_string(programs.size());
  }

  static Fate read_fate(const verify::Outcome& outcome) {
    std::istringstream words(outcome.text);
    Fate fate;
    fate.failure = failure_in(outcome);
    std::getline(words, fate.scenario, '\t');
    std::getline(words, fate.wrong, '\t');
    words >> fate.executions >> fate.scenarios;
    return fate;
  }

  Request request_;
  Verdicts verdicts_;
  std::vector<Program> programs_;
  std::vector<Reach> reaches_;
  std::vector<const Mutant*> mutants_;
  std::vector<Fate> fates_;
  std::vector<std::string> failures_;  // of the checker, without any mutant
};

/// A row for each mutant of an operation, which stands in the first; then those written by hand.
void Campaign::write_table(std::ostream& out) const {
  std::string file;
  for (const mutants::Operation& operation : mutants::all_operations()) {
    if (operation.file != file) {
      if (!file.empty()) write_planted(out, file);
      file = operation.file;
      out << "\n### " << file
          << "\n\n| operation | mutant | what goes wrong | in the scenario | in its execution |\n"
             "|---|---|---|---|---|\n";
    }
    std::string is = operation.function + ", line " + std::to_string(operation.line) + ": " +
                     in_a_row(operation.operation);
    if (operation.mutants.empty()) out << "| " << is << " | | nothing to weaken | | |\n";
    for (const std::size_t number : operation.mutants) {
      write_row(out, is, mutants::all_mutants().at(number - 1));
      is.clear();
    }
  }
  write_planted(out, file);
}

void Campaign::write_planted(std::ostream& out, const std::string& file) const {
  for (const Mutant& mutant : mutants::all_mutants()) {
    if (mutant.file == file && mutant.kind == "planted") {
      write_row(out, mutant.function + ", line " + std::to_string(mutant.line), mutant);
    }
  }
}

void Campaign::write_row(std::ostream& out, const std::string& operation,
                         const Mutant& mutant) const {
  const auto at = std::find(mutants_.begin(), mutants_.end(), &mutant);
  if (at == mutants_.end()) return;  // not asked for
  const Fate& fate = fates_[static_cast<std::size_t>(at - mutants_.begin())];
  const bool refused = !fate.scenario.empty();
  const std::string why = refused             ? fate.wrong
                          : is_argued(mutant) ? "nothing: " + verdicts_.at(mutant.key()).argument
                                              : "**nothing** " + fate.failure;
  out << "| " << operation << " | "
      << (mutant.kind == "planted" ? words_of(mutant.operation) : mutant.change) << " | " << why
      << " | " << (refused ? fate.scenario : "none of " + std::to_string(fate.scenarios)) << " | "
      << (refused ? "" : "none of ") << fate.executions << " |\n";
}

Request read_request(verify::Arguments arguments) {
  Request request;
  request.jobs = static_cast<unsigned>(arguments.take_number("--jobs").value_or(request.jobs));
  request.executions = arguments.take_number("--executions").value_or(request.executions);
  request.only = arguments.take_value("--only").value_or("");
  request.writes = arguments.take_flag("--write");
  request.verdicts_file = arguments.take_last();
  return request;
}

int verify_mutants(const Request& request) {
  std::ifstream in(request.verdicts_file);
  if (!in) throw std::invalid_argument("cannot read " + request.verdicts_file);
  Campaign campaign(request, mutants::read_verdicts(in));
  campaign.run();
  campaign.write_table(std::cout);
  if (request.writes) campaign.write_verdicts();
  return campaign.report() == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return verify_mutants(read_request(verify::Arguments(argc, argv)));
  } catch (const std::exception& error) {
    std::cerr << "verify_mutants: " << error.what()
              << "\nusage: verify_mutants [--jobs N] [--executions N] [--only TEXT] [--write] "
                 "<verdicts.txt>\n";
    return 2;
  }
}
