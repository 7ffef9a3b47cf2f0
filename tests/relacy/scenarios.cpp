// The scenarios under Relacy.
//
// usage: relacy_scenarios <primitive> random|bound
//   exits with 0 if no execution of the primitive's scenarios fails, else tells what happened in
//   it.
// usage: relacy_mutants <primitive> random|bound <bug> <result>
//   with that bug switched on (tests/scenarios/mutants.cmake),
//   exits with 0 if some scenario ends with that result.

#include "begin.hpp"

#include "../scenarios/barrier.hpp"
#include "../scenarios/condition.hpp"
#include "../scenarios/event.hpp"
#include "../scenarios/lock.hpp"
#include "../scenarios/rlock.hpp"
#include "../scenarios/semaphore.hpp"

#include "end.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "search.hpp"

namespace {

// Relacy's, which are inline, have to be in the program, whether anything here calls them or not:
// the C++ runtime calls them too, and must not take memory by one that is and give it back by one
// that is not.
[[gnu::used]] void* (*const take_memory)(std::size_t) = &::operator new;
[[gnu::used]] void (*const give_memory_back)(void*) = &::operator delete;

using under_relacy::Finding;
using under_relacy::Scenario;
using under_relacy::Search;

template <class... S>
std::vector<Scenario> all_of(scenarios::List<S...>) {
  return {under_relacy::scenario<S>()...};
}

const std::map<std::string, std::vector<Scenario>> scenarios_of{
    {"barrier", all_of(scenarios::BarrierScenarios{})},
    {"condition", all_of(scenarios::ConditionScenarios{})},
    {"event", all_of(scenarios::EventScenarios{})},
    {"lock", all_of(scenarios::LockScenarios{})},
    {"rlock", all_of(scenarios::RLockScenarios{})},
    {"semaphore", all_of(scenarios::SemaphoreScenarios{})},
};

const std::map<std::string, Search> searches{
    {"bound", {rl::sched_bound, 200'000}},
    {"random", {rl::sched_random, 100'000}},
};

/// Runs the scenario, prints what came of it, and returns that, as Relacy spells it.
std::string result_of(const Scenario& scenario, const Search& search) {
  const Finding finding = under_relacy::find_error(scenario, search);
  const std::string result = rl::test_result_str(finding.result);
  std::printf("%-22s %6lu executions%s  %s\n", result.c_str(), finding.executions,
              finding.is_complete ? " (all)" : "      ", scenario.name.c_str());
  std::fflush(stdout);
  return result;
}

bool all_succeed(const std::vector<Scenario>& scenarios, Search search) {
  search.tells = true;
  return std::count_if(scenarios.begin(), scenarios.end(), [&](const Scenario& scenario) {
           return result_of(scenario, search) == "SUCCESS";
         }) == std::ssize(scenarios);
}

bool one_ends_with(const std::string& result, const std::vector<Scenario>& scenarios,
                   const Search& search) {
  return std::any_of(scenarios.begin(), scenarios.end(), [&](const Scenario& scenario) {
    return result_of(scenario, search) == result;
  });
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv, argv + argc);
  const auto scenarios = scenarios_of.find(argc > 1 ? arguments[1] : "");
  const auto search = searches.find(argc > 2 ? arguments[2] : "");
  if (scenarios == scenarios_of.end() || search == searches.end() || (argc != 3 && argc != 5)) {
    std::fprintf(stderr, "usage: %s <primitive> random|bound [<bug> <result>]\n", argv[0]);
    return 2;
  }
  if (argc == 3) return all_succeed(scenarios->second, search->second) ? 0 : 1;
  scenarios::planted = arguments[3];
  return one_ends_with(arguments[4], scenarios->second, search->second) ? 0 : 1;
}
