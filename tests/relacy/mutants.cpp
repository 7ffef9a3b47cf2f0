// The mutants of the library's headers under Relacy: in the scenario that refuses one under our checker
// (tests/mutants/verdicts.txt), does Relacy find something wrong too?
//
// usage: relacy_mutants <missed.txt> <part> <parts>
//   Of every `parts`-th mutant, from the `part`-th on: prints what Relacy makes of it. Exits with 0 if it finds
//   all but those of which missed.txt has the key, and none of these.
//
// Left out are mutants whose scenario Relacy cannot run, or whose header it never comes to.

#include "lists.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "list.hpp"
#include "switch.hpp"
#include "verdicts.hpp"

namespace {

using mutants::Mutant;
using under_relacy::Finding;
using under_relacy::Scenario;
using under_relacy::Search;

/// Null: Relacy does not have it.
const Scenario* scenario_named(const std::string& name) {
  const std::size_t dot = std::min(name.find('.'), name.size());
  const auto primitive = under_relacy::scenarios_of.find(name.substr(0, dot));
  if (primitive == under_relacy::scenarios_of.end()) return nullptr;
  const auto& scenarios = primitive->second;
  const auto scenario = std::find_if(scenarios.begin(), scenarios.end(), [&](const auto& one) {
    return name.compare(dot + 1, name.npos, one.name) == 0;
  });
  return scenario != scenarios.end() ? &*scenario : nullptr;
}

/// With the mutant switched on: how it ends with the first search that finds something.
int exit_status(const Mutant& mutant, const Scenario& scenario) {
  mutants::switch_on(static_cast<unsigned>(mutant.number));
  for (const Search& search : {Search{rl::sched_random, 20'000}, Search{rl::sched_bound, 20'000}}) {
    const Finding finding = under_relacy::find_error(scenario, search);
    if (finding.result != rl::test_result_success) return finding.result;
  }
  return rl::test_result_success;
}

/// How Relacy's searches end; or that the mutant loops where it does no atomic operation, which Relacy, whose turn
/// comes at those, does not notice; or that it crashes.
struct Ending {
  std::string name;
  bool is_found;
};

/// In a process of its own. 40,000 executions ask a hundredth of that.
Ending ending_of(const Mutant& mutant, const Scenario& scenario) {
  constexpr std::uint64_t most_questions = 1'000'000'000;
  constexpr int loops = 255;
  const pid_t child = ::fork();
  if (child == 0) {
    mutants::exit_after(most_questions, loops);
    ::_exit(exit_status(mutant, scenario));
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status)) return {"CRASH", true};
  if (WEXITSTATUS(status) == loops) return {"(LOOPS)", false};
  const auto result = static_cast<rl::test_result_e>(WEXITSTATUS(status));
  if (result == rl::test_result_success) return {"-", false};
  return {rl::test_result_str(result), true};
}

/// The keys in missed.txt, each followed by the reason, indented.
std::set<std::string> missed(const char* file) {
  std::ifstream in(file);
  std::set<std::string> keys;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line[0] != ' ' && line[0] != '#') keys.insert(line);
  }
  return keys;
}

bool is_as_known(const Mutant& mutant, const Scenario& scenario, bool is_missed) {
  const Ending ending = ending_of(mutant, scenario);
  std::printf("%-22s %s  %s\n", ending.name.c_str(), mutant.key().c_str(), scenario.name.c_str());
  if (is_missed == ending.is_found) {
    std::printf("  %s\n", is_missed ? "is in missed.txt, but Relacy finds it"
                                    : "is not found by Relacy, and missed.txt does not say why");
  }
  std::fflush(stdout);
  return is_missed != ending.is_found;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s <missed.txt> <part> <parts>\n", argv[0]);
    return 2;
  }
  std::ifstream in(LOCKSTEP_VERDICTS);
  const mutants::Verdicts verdicts = mutants::read_verdicts(in);
  const std::set<std::string> not_found = missed(argv[1]);
  const std::size_t part = std::strtoul(argv[2], nullptr, 10);
  const std::size_t parts = std::max(std::strtoul(argv[3], nullptr, 10), 1UL);

  bool good = true;
  for (const Mutant& mutant : mutants::all_mutants()) {
    const auto verdict = verdicts.find(mutant.key());
    if (mutant.number % parts != part % parts || verdict == verdicts.end()) continue;
    const Scenario* const scenario = scenario_named(verdict->second.scenario);
    if (scenario == nullptr) continue;
    good = is_as_known(mutant, *scenario, not_found.contains(mutant.key())) && good;
  }
  return good ? 0 : 1;
}
