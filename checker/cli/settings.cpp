#include "checker/cli/settings.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>

namespace lockstep::cli {
namespace {

using Text = const std::string&;

template <class Number>
Number number(Text text, Number least = 0) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= least)) {
    throw UsageError("'" + text + "' is no number from " +
                     std::to_string(static_cast<long>(least)) + " up");
  }
  return value;
}

/// Not less than asked for: of a limit 0 is none.
std::chrono::milliseconds seconds(Text text) {
  constexpr double longest = 1e9;
  const double value = number<double>(text);
  if (value > longest) throw UsageError("'" + text + "' seconds are too many");
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(value * 1000)));
}

check::MemoryModel model(Text text) {
  if (text == "rc11") return check::MemoryModel::rc11;
  if (text == "sc") return check::MemoryModel::sc;
  if (text == "tso") return check::MemoryModel::tso;
  throw UsageError("there is no model '" + text + "': rc11, sc or tso");
}

enum class About : std::uint8_t {
  program,  // goes for each execution, so also for one that is repeated
  search,   // which of them to explore, how fast, and what to make of them
};

struct Flag {
  std::string_view name;
  About about;
  std::string_view value;  // what it is called in the help; nothing: the flag has none
  std::string_view help;   // nothing: it is the command's, for the runner, and in no help
  void (*set)(Settings& settings, Text value);
};

constexpr Flag flags[] = {
    {"model", About::program, "NAME", "memory model: rc11 (C++20, the default), sc, tso",
     [](Settings& s, Text v) { s.options.model = model(v); }},
    {"jobs", About::search, "N", "processes that explore at the same time",
     [](Settings& s, Text v) { s.options.jobs = number<unsigned>(v, 1); }},
    {"random", About::search, "N", "N executions chosen at random, instead of all",
     [](Settings& s, Text v) { s.options.random_walks = number<std::uint64_t>(v, 1); }},
    {"seed", About::search, "N", "what the random executions begin with",
     [](Settings& s, Text v) { s.options.seed = number<std::uint64_t>(v); }},
    {"max-executions", About::search, "N", "stop after N executions",
     [](Settings& s, Text v) { s.options.max_executions = number<std::uint64_t>(v, 1); }},
    {"max-events", About::program, "N",
     "stop each thread after N events in one execution (default 1000)",
     [](Settings& s, Text v) { s.options.max_events = number<std::size_t>(v, 1); }},
    {"time-limit", About::search, "SECONDS", "stop after so much processor time",
     [](Settings& s, Text v) { s.options.time_limit = seconds(v); }},
    {"spurious", About::program, "N",
     "how often weak compare-exchanges of a thread fail for no reason (default 1)",
     [](Settings& s, Text v) { s.options.spurious_failures = number<unsigned>(v); }},
    {"timeouts", About::program, "N", "how often timed waits of a thread time out (default 2)",
     [](Settings& s, Text v) { s.options.timeouts = number<unsigned>(v); }},
    {"spurious-wakes", About::program, "N",
     "how often waits of a thread end though nobody woke it (default 1)",
     [](Settings& s, Text v) { s.options.spurious_wakes = number<unsigned>(v); }},
    {"nondet", About::program, "N", "__VERIFIER_nondet_int() and its like are 0 to N-1 (default 2)",
     [](Settings& s, Text v) { s.options.nondet_values = number<int>(v, 1); }},
    {"reuse", About::program, "", "freed memory may be allocated again, which finds ABA bugs",
     [](Settings& s, Text) { s.options.reuse_memory = true; }},
    {"leaks", About::program, "", "memory that is never freed is an error",
     [](Settings& s, Text) { s.options.find_leaks = true; }},
    {"replay", About::search, "TOKEN", "only the execution that the token of a report names",
     [](Settings& s, Text v) { s.options.replay = v; }},
    {"explain", About::search, "TOKEN", "the same, and prints it even if nothing is wrong with it",
     [](Settings& s, Text v) {
       s.options.replay = v;
       s.options.explain = true;
     }},
    {"html", About::search, "FILE", "a wrong execution as a page for a browser",
     [](Settings& s, Text v) { s.options.html = v; }},
    {"dot", About::search, "FILE", "a wrong execution as a graph for Graphviz: dot -Tsvg FILE",
     [](Settings& s, Text v) { s.options.dot = v; }},
    {"repeat", About::search, "COMMAND", "", [](Settings& s, Text v) { s.options.repeat = v; }},
    {"full", About::program, "", "of a long execution the report leaves out nothing",
     [](Settings& s, Text) { s.options.full_report = true; }},
    {"save", About::search, "FILE", "where to write how far it came, if it ends before it is done",
     [](Settings& s, Text v) { s.options.save = v; }},
    {"resume", About::search, "FILE", "go on from where the exploration was that wrote this file",
     [](Settings& s, Text v) { s.options.resume = v; }},
    {"compiler", About::program, "NAME", "gcc, clang++-19, ... (default gcc and g++)",
     [](Settings& s, Text v) { s.compiler = v; }},
    {"json", About::search, "", "the result as one JSON object",
     [](Settings& s, Text) { s.is_json = true; }},
    {"quiet", About::search, "",
     "no progress, and of an error no more than what it is and its token",
     [](Settings& s, Text) { s.is_quiet = true; }},
    {"progress", About::search, "SECONDS",
     "between two lines that say how far it is (default 5; on a terminal 0.25)",
     [](Settings& s, Text v) { s.progress_interval = seconds(v); }},
};

const Flag& find(std::string_view name) {
  const auto* const found = std::find_if(std::begin(flags), std::end(flags),
                                         [&](const Flag& flag) { return flag.name == name; });
  if (found == std::end(flags)) throw UsageError("there is no option --" + std::string(name));
  return *found;
}

}  // namespace

std::string take_flag(std::vector<std::string>& words, Settings& settings) {
  const std::string word = words.front();
  words.erase(words.begin());
  const std::size_t equals = word.find('=');
  const Flag& flag = find(std::string_view(word).substr(0, equals).substr(2));
  std::string value;
  if (flag.value.empty()) {
    if (equals != std::string::npos) throw UsageError(word + ": this option has no value");
  } else if (equals != std::string::npos) {
    value = word.substr(equals + 1);
  } else if (words.empty()) {
    throw UsageError(word + " needs a value: " + std::string(flag.value));
  } else {
    value = words.front();
    words.erase(words.begin());
  }
  try {
    flag.set(settings, value);
  } catch (const UsageError& error) {
    throw UsageError("--" + std::string(flag.name) + ": " + error.what());
  }
  const std::string name = "--" + std::string(flag.name);
  return flag.value.empty() ? name : name + '=' + value;
}

bool is_of_search(std::string_view word) {
  return find(word.substr(0, word.find('=')).substr(2)).about == About::search;
}

std::string help_of_flags() {
  constexpr std::size_t column = 22;
  std::string text;
  for (const Flag& flag : flags) {
    if (flag.help.empty()) continue;
    std::string line = "  --" + std::string(flag.name);
    if (!flag.value.empty()) line += ' ' + std::string(flag.value);
    line.resize(std::max(line.size() + 2, column + 2), ' ');
    text += line + std::string(flag.help) + '\n';
  }
  return text;
}

}  // namespace lockstep::cli
