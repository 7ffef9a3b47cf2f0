#include "trial.hpp"

#include <algorithm>
#include <stdexcept>

#include "bounds.hpp"
#include "switch.hpp"

namespace mutants {

namespace check = lockstep::check;

check::Result tried(std::size_t mutant, const model::Program& program, const Effort& effort) {
  check::Options options = model::whatever_may_happen(program);
  switch_on(static_cast<unsigned>(mutant));
  check::Result result;
  if (effort.walks > 0) {
    options.random_walks = effort.walks;
    result = check::explore(program.run, options);
  }
  if (result.found_nothing() && effort.executions > 0) {
    options.random_walks = 0;
    options.max_executions = effort.executions;
    const std::uint64_t cut = result.cut;
    result = check::explore(program.run, options);
    result.cut += cut;
  }
  switch_on(0);
  return result;
}

namespace {

/// An endless loop in which nothing atomic happens: among what the checker says that it cannot check.
bool loops_alone(const check::Result& result) {
  return result.wrong == check::Wrong::unsupported &&
         result.report.find("without an atomic operation between them") != std::string::npos;
}

}  // namespace

bool refuses(const check::Result& result, const model::Program& program) {
  const bool goes_on = result.cut > 0 && model::is_explored_in_whole(program);
  return result.verdict == check::Verdict::failed || goes_on || loops_alone(result);
}

std::string what_is_wrong(const check::Result& result) {
  if (result.found_nothing()) return "it goes on and on";
  std::string line = result.report.substr(0, result.report.find('\n'));
  const std::size_t path = line.find('/');
  const std::size_t within_project = line.find("tests/");
  if (path < within_project && within_project != line.npos) line.erase(path, within_project - path);
  return line;
}

model::Program program_named(const std::string& name) {
  const auto programs = model::all_programs();
  const auto program = std::find_if(programs.begin(), programs.end(),
                                    [&](const auto& one) { return one.name() == name; });
  if (program == programs.end()) throw std::invalid_argument("no such scenario: " + name);
  return *program;
}

}  // namespace mutants
