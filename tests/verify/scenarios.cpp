// Every scenario explored as far as bounds.hpp says.
//
//   verify_scenarios [--jobs N] [--only TEXT]
//
// The table goes to standard output, in Markdown; progress, and reports of what is wrong, to standard error. --only:
// scenarios whose name has TEXT in it. Exit status 1: one of them is wrong, or was not explored as far as it says.

#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "bounds.hpp"
#include "lockstep/check.hpp"
#include "pool.hpp"
#include "programs.hpp"
#include "progress.hpp"

namespace {

using lockstep::check::Result;
using model::Program;

struct Request {
  unsigned jobs = 2;
  std::string only;
};

std::string in_seconds(std::chrono::microseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", std::chrono::duration<double>(time).count());
  return text;
}

/// "as expected" or "not", then the row; the report if there is one.
std::string explored(const Program& program, const model::Exploration& exploration) {
  const Result result = lockstep::check::explore(program.run, exploration.options);
  const bool at_random = exploration.options.random_walks > 0;
  const bool good = at_random ? result.found_nothing() : result.passed();
  std::ostringstream text;
  text << (good ? "" : "!") << "| " << program.primitive << " | " << program.scenario << " | "
       << exploration.bounds << " | " << result.limits << " | " << result.executions << " | "
       << result.blocked << " | " << in_seconds(result.time) << " | "
       << (result.passed()          ? "nothing wrong"
           : result.found_nothing() ? "nothing wrong found"
                                    : result.report.substr(0, result.report.find('\n')))
       << " |\n";
  if (!good) text << result;
  return text.str();
}

struct Task {
  Program program;
  model::Exploration exploration;
};

std::vector<Task> tasks_of(const Request& request) {
  std::vector<Task> tasks;
  for (const Program& program : model::all_programs()) {
    if (program.name().find(request.only) == std::string::npos) continue;
    for (const model::Exploration& exploration : model::in_verify(program)) {
      tasks.push_back({program, exploration});
    }
  }
  return tasks;
}

/// The rows, in order. Empty ones are of tasks that came to no good end.
std::vector<std::string> rows_of(const std::vector<Task>& tasks, unsigned jobs) {
  std::vector<std::string> rows(tasks.size());
  verify::Progress progress("explorations", tasks.size());
  verify::run_in_processes(
      tasks.size(), jobs, std::chrono::hours(6),
      [&](std::size_t i) { return explored(tasks[i].program, tasks[i].exploration); },
      [&](std::size_t i, const verify::Outcome& outcome) {
        progress.step();
        if (outcome.hung || outcome.crashed || outcome.text.starts_with('!')) {
          std::cerr << tasks[i].program.name() << '\n' << outcome.text << '\n';
        } else {
          rows[i] = outcome.text;
        }
      },
      [&] { progress.show(); });
  return rows;
}

Request read_request(verify::Arguments arguments) {
  Request request;
  request.jobs = static_cast<unsigned>(arguments.take_number("--jobs").value_or(request.jobs));
  request.only = arguments.take_value("--only").value_or("");
  arguments.refuse_others();
  return request;
}

int verify_scenarios(const Request& request) {
  const std::vector<std::string> rows = rows_of(tasks_of(request), request.jobs);
  std::cout << "| primitive | scenario | explored | each thread at most | executions | blocked | "
               "seconds | verdict |\n"
               "|---|---|---|---|---|---|---|---|\n";
  bool good = true;
  for (const std::string& row : rows) {
    std::cout << row;
    good = good && !row.empty();
  }
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return verify_scenarios(read_request(verify::Arguments(argc, argv)));
  } catch (const std::exception& error) {
    std::cerr << "verify_scenarios: " << error.what()
              << "\nusage: verify_scenarios [--jobs N] [--only TEXT]\n";
    return 2;
  }
}
