#include "checker/report/test_name.hpp"

#include <algorithm>
#include <sstream>

#include "checker/report/modules.hpp"
#include "checker/report/shell.hpp"
#include "checker/report/symbol_table.hpp"

namespace lockstep::check {
namespace {

constexpr std::string_view filter = "--gtest_filter=";

/// "Suite_Name" of "lockstep::(anonymous namespace)::Suite_Name_Test<int>::TestBody()".
std::string test_of(std::string_view function) {
  constexpr std::string_view body = "::TestBody()", end = "_Test";
  if (!function.ends_with(body)) return {};
  function.remove_suffix(body.size());
  const std::size_t parameters = function.find("_Test<");
  if (parameters != std::string_view::npos) function = function.substr(0, parameters + end.size());
  if (!function.ends_with(end)) return {};
  function.remove_suffix(end.size());
  const std::size_t scope = function.rfind("::");
  return std::string(scope == std::string_view::npos ? function : function.substr(scope + 2));
}

}  // namespace

std::string test_among(const std::string& symbols, const Backtrace& calls) {
  std::istringstream lines(symbols);
  std::string found;
  std::size_t nth = calls.size();  // of the call that it is
  for (std::string line; std::getline(lines, line);) {
    const auto entry = entry_of(line);
    const std::string test = entry ? test_of(entry->name) : "";
    if (test.empty()) continue;
    const auto call = std::find_if(calls.begin(), calls.end(), [&](std::uintptr_t address) {
      return address - 1 - entry->begin < entry->size;
    });
    if (static_cast<std::size_t>(call - calls.begin()) >= nth) continue;
    nth = static_cast<std::size_t>(call - calls.begin());
    found = test;
  }
  return found;
}

std::string test_among(const Backtrace& calls) {
  for (const Module& module : loaded_modules()) {
    Backtrace own;
    for (const std::uintptr_t call : calls) {
      if (module.contains(call)) own.push_back(call - module.bias);
    }
    if (own.empty()) continue;
    if (std::string test = test_among(symbol_table_of(module.path), own); !test.empty())
      return test;
  }
  return {};
}

std::string test_asked_for(std::string_view word) {
  if (!word.starts_with(filter)) return {};
  word.remove_prefix(filter.size());
  return word.find_first_of("*?:-") == std::string_view::npos ? std::string(word) : std::string();
}

std::string command_of(const std::vector<std::string>& words, const std::string& test) {
  std::string command;
  for (const std::string& word : words) command += (command.empty() ? "" : " ") + for_shell(word);
  const bool is_chosen = std::any_of(
      words.begin(), words.end(), [](const std::string& word) { return word.starts_with(filter); });
  if (is_chosen || test.empty()) return command;
  std::string pattern = test;  // between suite and name is one of the underscores
  std::replace(pattern.begin(), pattern.end(), '_', '?');
  return command + ' ' + for_shell(std::string(filter) + '*' + pattern + '*');
}

}  // namespace lockstep::check
