// Every mutant of the library's headers against the scenarios that come to it, until one refuses it.
//
//   verify_mutants [--jobs N] [--executions N] [--only TEXT] [--write] <verdicts.txt>
//
// The table goes to standard output, in Markdown; progress, and what is wrong, to standard error. --write puts what
// was found into verdicts.txt. --only: mutants whose key has TEXT in it. Exit status 1: a mutant that nothing refuses
// has no argument in verdicts.txt, or one that has is refused.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

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
};

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

  /// Those that nothing refuses although nobody says why, or that are refused although somebody does.
  [[nodiscard]] int report() const {
    int wrong = 0;
    for (std::size_t i = 0; i < mutants_.size(); ++i) {
      const Fate& fate = fates_[i];
      const auto known = verdicts_.find(mutants_[i]->key());
      const bool argued = known != verdicts_.end() && known->second.is_equivalent();
      if (argued != fate.scenario.empty()) {
        ++wrong;
        std::cerr << mutants_[i]->key() << '\n'
                  << (argued
                          ? "  is said to be equivalent, but: " + fate.scenario + ": " + fate.wrong
                          : "  is refused by none of " + std::to_string(fate.scenarios) +
                                " scenarios, " + std::to_string(fate.executions) + " executions")
                  << '\n';
      }
    }
    return wrong;
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

  void look_where_scenarios_come() {
    verify::Progress progress("scenarios looked at", programs_.size());
    verify::run_in_processes(
        programs_.size(), request_.jobs, Milliseconds(60'000),
        [&](std::size_t i) { return reach_of(programs_[i]); },
        [&](std::size_t i, const verify::Outcome& outcome) {
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
        if (&effort == &efforts[0] && program != programs.front()) break;  // the one that is known
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
    if (outcome.hung || outcome.crashed) {
      return {"?", outcome.hung ? "it hangs" : "the checker crashed", 0, 0};
    }
    std::istringstream words(outcome.text);
    Fate fate;
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
  const auto known = verdicts_.find(mutant.key());
  const bool argued = known != verdicts_.end() && known->second.is_equivalent();
  const bool refused = !fate.scenario.empty();
  const std::string why = refused  ? fate.wrong
                          : argued ? "nothing: " + known->second.argument
                                   : "**nothing**";
  out << "| " << operation << " | "
      << (mutant.kind == "planted" ? words_of(mutant.operation) : mutant.change) << " | " << why
      << " | " << (refused ? fate.scenario : "none of " + std::to_string(fate.scenarios)) << " | "
      << (refused ? "" : "none of ") << fate.executions << " |\n";
}

[[noreturn]] void refuse(const std::string& why) {
  std::cerr << "verify_mutants: " << why
            << "\nusage: verify_mutants [--jobs N] [--executions N] [--only TEXT] [--write] "
               "<verdicts.txt>\n";
  std::exit(2);
}

Request read_request(int argc, char** argv) {
  Request request;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const bool has_value = word == "--jobs" || word == "--executions" || word == "--only";
    if (has_value && i + 1 == argc) refuse(std::string(word) + " needs a value");
    if (word == "--jobs") {
      request.jobs = static_cast<unsigned>(std::strtoul(argv[++i], nullptr, 10));
    } else if (word == "--executions") {
      request.executions = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--only") {
      request.only = argv[++i];
    } else if (word == "--write") {
      request.writes = true;
    } else if (word.starts_with("--") || !request.verdicts_file.empty()) {
      refuse("what is '" + std::string(word) + "'?");
    } else {
      request.verdicts_file = word;
    }
  }
  if (request.verdicts_file.empty()) refuse("which verdicts.txt?");
  return request;
}

}  // namespace

int main(int argc, char** argv) {
  const Request request = read_request(argc, argv);
  std::ifstream in(request.verdicts_file);
  Campaign campaign(request, mutants::read_verdicts(in));
  campaign.run();
  campaign.write_table(std::cout);
  if (request.writes) campaign.write_verdicts();
  return campaign.report() == 0 ? 0 : 1;
}
