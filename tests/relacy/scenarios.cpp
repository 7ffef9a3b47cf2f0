// The scenarios under Relacy.
//
// usage: relacy_scenarios <primitive> random|bound
//   exits with 0 if no execution of the primitive's scenarios fails, else tells what happened in
//   it.

#include "lists.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>
#include <vector>

namespace {

using under_relacy::Finding;
using under_relacy::Scenario;
using under_relacy::Search;

/// Runs the scenario and prints what came of it.
bool succeeds(const Scenario& scenario, const Search& search) {
  const Finding finding = under_relacy::find_error(scenario, search);
  std::printf("%-22s %6lu executions%s  %s\n", rl::test_result_str(finding.result),
              finding.executions, finding.is_complete ? " (all)" : "      ", scenario.name.c_str());
  std::fflush(stdout);
  return finding.result == rl::test_result_success;
}

bool all_succeed(const std::vector<Scenario>& scenarios, Search search) {
  search.tells = true;
  return std::count_if(scenarios.begin(), scenarios.end(), [&](const Scenario& scenario) {
           return succeeds(scenario, search);
         }) == std::ssize(scenarios);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv, argv + argc);
  const auto scenarios = under_relacy::scenarios_of.find(argc > 1 ? arguments[1] : "");
  const auto search = under_relacy::searches.find(argc > 2 ? arguments[2] : "");
  if (scenarios == under_relacy::scenarios_of.end() || search == under_relacy::searches.end() ||
      argc != 3) {
    std::fprintf(stderr, "usage: %s Barrier|Condition|Event|Lock|RLock|Semaphore random|bound\n",
                 argv[0]);
    return 2;
  }
  return all_succeed(scenarios->second, search->second) ? 0 : 1;
}
