// benchmarks/report.cpp: what Google Benchmark wrote as JSON, as tables of ratios. Markdown, and
// readable as it is.
//
// A result is called family[/case]/peer. Each family becomes a table: of its peers if it has one
// case, else of its cases by its peers. Times are medians over the repetitions, and compared with
// those of the family's base in the same case:
//   the peer `floor`, or `thread`, if there is one: how often its time a peer takes; less is better
//   else the first `std::…`: how many times as fast as that a peer is; more is better
// Exit status 1 if a benchmark failed.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Result {
  double time = 0;                         // nanoseconds
  std::map<std::string, double> counters;  // those named below
};

constexpr const char* fairness = "fairness";
constexpr const char* latency = "p99.9_ns";
constexpr const char* processor_time = "cpu_ns";
constexpr const char* switches = "switches";
constexpr const char* bytes = "bytes";
constexpr const char* frame_bytes = "frame_bytes";

struct Family {
  std::string name;
  std::vector<std::string> cases;  // in the order in which they were registered, as are the peers
  std::vector<std::string> peers;
  std::map<std::pair<std::string, std::string>, Result> results;

  [[nodiscard]] const Result* find(const std::string& of_case, const std::string& peer) const {
    const auto found = results.find({of_case, peer});
    return found == results.end() ? nullptr : &found->second;
  }
};

struct Program {
  std::vector<Family> families;
  std::vector<std::string> failures;
};

// ---- Reading ----------------------------------------------------------------------------------

/// What Google Benchmark appends to a name: "/iterations:1", "/manual_time", …
bool is_setting(std::string_view part) {
  return part.ends_with("_time") || part.starts_with("iterations:") || part.starts_with("repeats:");
}

template <class T>
void add_once(std::vector<T>& list, const T& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

Family& family_named(Program& program, const std::string& name) {
  for (Family& family : program.families) {
    if (family.name == name) return family;
  }
  return program.families.emplace_back(Family{name, {}, {}, {}});
}

void add(Program& program, const nlohmann::json& entry) {
  std::string name = entry.at("run_name");
  bool by_wall = false;
  for (auto slash = name.rfind('/'); is_setting(name.substr(slash + 1)); slash = name.rfind('/')) {
    by_wall = by_wall || name.ends_with("_time");
    name.erase(slash);
  }
  if (entry.value("error_occurred", false)) {
    add_once(program.failures, name + ": " + entry.value("error_message", "failed"));
    return;
  }
  if (entry.value("aggregate_name", "median") != "median") return;

  const auto first = name.find('/');
  const auto last = name.rfind('/');
  if (last == std::string::npos) throw std::runtime_error("not family[/case]/peer: " + name);
  const std::string of_case = first == last ? "" : name.substr(first + 1, last - first - 1);
  const std::string peer = name.substr(last + 1);

  Family& family = family_named(program, name.substr(0, first));
  add_once(family.cases, of_case);
  add_once(family.peers, peer);
  Result result{entry.at(by_wall ? "real_time" : "cpu_time"), {}};
  for (const char* counter : {fairness, latency, processor_time, switches, bytes, frame_bytes}) {
    if (entry.contains(counter)) result.counters[counter] = entry[counter];
  }
  family.results[{of_case, peer}] = result;
}

Program read(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot be opened");
  std::string text(std::istreambuf_iterator<char>(file), {});
  // Google Benchmark writes the variation of what was always 0 as NaN, which JSON does not know.
  constexpr std::string_view nan = ": NaN";
  for (std::size_t at = 0; (at = text.find(nan, at)) != std::string::npos;) {
    text.replace(at, nan.size(), ": null");
  }
  auto entries = nlohmann::json::parse(text).at("benchmarks");
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return a.at("family_index") < b.at("family_index");  // they ran in random order
  });
  Program program;
  for (const auto& entry : entries) add(program, entry);
  return program;
}

// ---- Printing ---------------------------------------------------------------------------------

using Row = std::vector<std::string>;

std::string fixed(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string number(double value) { return fixed(value, value < 0.095 ? 3 : value < 99.5 ? 2 : 0); }

std::string in_units(double nanoseconds) {
  if (nanoseconds < 1e3) return fixed(nanoseconds, nanoseconds < 100 ? 1 : 0) + " ns";
  if (nanoseconds < 1e6) return fixed(nanoseconds / 1e3, nanoseconds < 1e5 ? 1 : 0) + " us";
  return fixed(nanoseconds / 1e6, nanoseconds < 1e8 ? 1 : 0) + " ms";
}

void print(const std::vector<Row>& table) {
  std::vector<std::size_t> widths(table.front().size());
  for (const Row& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  const auto print_row = [&](const Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - row[i].size(), ' ');
      std::cout << "| " << (i == 0 ? row[i] + space : space + row[i]) << ' ';
    }
    std::cout << "|\n";
  };
  print_row(table.front());
  for (std::size_t i = 0; i < widths.size(); ++i) {
    std::cout << '|' << std::string(widths[i] + 1, '-') << (i == 0 ? '-' : ':');
  }
  std::cout << "|\n";
  for (std::size_t i = 1; i < table.size(); ++i) print_row(table[i]);
  std::cout << '\n';
}

std::string base_of(const Family& family) {
  const auto& peers = family.peers;
  for (const char* least : {"floor", "thread"}) {
    if (std::find(peers.begin(), peers.end(), least) != peers.end()) return least;
  }
  const auto found = std::find_if(peers.begin(), peers.end(), [](const std::string& peer) {
    return peer.starts_with("std::");
  });
  return found == peers.end() ? peers.front() : *found;
}

double ratio(const Result& result, const Result& base, bool less_is_better) {
  return less_is_better ? result.time / base.time : base.time / result.time;
}

std::optional<double> counter(const Result* result, const char* name) {
  if (result == nullptr) return {};
  const auto found = result->counters.find(name);
  return found == result->counters.end() ? std::nullopt : std::optional(found->second);
}

/// One case: a line for each peer, the best first.
void print_list(const Family& family, const std::string& base_name, bool less_is_better) {
  const Result* const base = family.find(family.cases.front(), base_name);
  std::vector<std::pair<double, Row>> rows;
  std::vector<std::pair<const char*, const char*>> columns;  // counters that there are, as titled
  for (const auto& column :
       {std::pair{switches, "sleeps per waiter"}, std::pair{bytes, "bytes besides the frame"},
        std::pair{frame_bytes, "bytes of the frame"}}) {
    const Result* const any = family.find(family.cases.front(), family.peers.front());
    if (counter(any, column.first)) columns.push_back(column);
  }
  for (const std::string& peer : family.peers) {
    const Result* const result = family.find(family.cases.front(), peer);
    Row row{peer, base == nullptr ? "" : number(ratio(*result, *base, less_is_better)),
            in_units(result->time)};
    for (const auto& [name, title] : columns) {
      row.push_back(number(counter(result, name).value_or(0)));
    }
    rows.emplace_back(result->time, row);
  }
  std::sort(rows.begin(), rows.end());
  std::vector<Row> table{{"", "ratio", "time"}};
  for (const auto& [name, title] : columns) table.front().push_back(title);
  for (const auto& [time, row] : rows) table.push_back(row);
  print(table);
}

/// For each peer, what `value(result, base)` is over all the cases, as `combine` puts it together.
template <class Value, class Combine>
Row summary(const Family& family, const std::string& base_name, const std::string& title,
            Value value, Combine combine) {
  Row row{title};
  for (const std::string& peer : family.peers) {
    std::vector<double> values;
    for (const std::string& of_case : family.cases) {
      const Result* const result = family.find(of_case, peer);
      const Result* const base = family.find(of_case, base_name);
      if (result != nullptr && base != nullptr) values.push_back(value(*result, *base));
    }
    row.push_back(values.empty() ? "" : number(combine(values)));
  }
  return row;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double geometric_mean(std::vector<double> values) {
  for (double& value : values) value = std::log(value);
  return std::exp(mean(values));
}

/// Many cases: a line for each, a column for each peer, and below what they come to.
void print_matrix(const Family& family, const std::string& base_name, bool less_is_better) {
  std::vector<Row> table{{""}};
  for (const std::string& peer : family.peers) table.front().push_back(peer);

  bool with_fairness = false;
  for (const std::string& of_case : family.cases) {
    Row row{of_case};
    const Result* const base = family.find(of_case, base_name);
    for (const std::string& peer : family.peers) {
      const Result* const result = family.find(of_case, peer);
      std::string cell;
      if (result != nullptr) {
        cell = base == nullptr || result == base ? in_units(result->time)
                                                 : number(ratio(*result, *base, less_is_better));
      }
      if (const auto evenness = counter(result, fairness)) {
        with_fairness = true;
        cell += " (" + fixed(*evenness, 2) + ")";
      }
      row.push_back(cell);
    }
    table.push_back(row);
  }

  const auto of_time = [&](const Result& result, const Result& base) {
    return ratio(result, base, less_is_better);
  };
  table.push_back(summary(family, base_name, "geometric mean", of_time, geometric_mean));
  table.push_back(
      summary(family, base_name, "worst", of_time, [&](const std::vector<double>& values) {
        return less_is_better ? *std::max_element(values.begin(), values.end())
                              : *std::min_element(values.begin(), values.end());
      }));
  if (with_fairness) {
    const auto of = [](const char* name) {
      return [name](const Result& result, const Result& base) {
        return counter(&result, name).value_or(NAN) / counter(&base, name).value_or(NAN);
      };
    };
    table.push_back(summary(
        family, base_name, "fairness, mean",
        [](const Result& result, const Result&) {
          return counter(&result, fairness).value_or(NAN);
        },
        mean));
    table.push_back(
        summary(family, base_name, "p99.9 acquire, less is better", of(latency), geometric_mean));
    table.push_back(summary(family, base_name, "CPU per op, less is better", of(processor_time),
                            geometric_mean));
  }
  print(table);
}

void print(const std::string& title, const Program& program) {
  std::cout << "## " << title << "\n\n";
  for (const Family& family : program.families) {
    const std::string base = base_of(family);
    const bool less_is_better = base == "floor" || base == "thread";
    std::cout << "**" << family.name << "**: "
              << (less_is_better ? "times what the " + base + " takes; less is better"
                                 : "times as fast as " + base + "; more is better");
    const bool is_list = family.cases.size() == 1;
    if (counter(&family.results.begin()->second, fairness)) {
      std::cout << " (in brackets fewest/most acquisitions of a thread; 1 is fair)";
    }
    std::cout << "\n\n";
    is_list ? print_list(family, base, less_is_better) : print_matrix(family, base, less_is_better);
  }
  for (const std::string& failure : program.failures) std::cout << "FAILED " << failure << "\n\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: report file.json...\n";
    return 2;
  }
  bool failed = false;
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path path = argv[i];
    try {
      const Program program = read(path);
      print(path.stem().string(), program);
      failed = failed || !program.failures.empty();
    } catch (const std::exception& error) {
      std::cerr << "report: " << path.string() << ": " << error.what() << '\n';
      return 1;
    }
  }
  return failed ? 1 : 0;
}
