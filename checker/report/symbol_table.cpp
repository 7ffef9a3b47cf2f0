#include "checker/report/symbol_table.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <sstream>
#include <string_view>

#include "checker/report/subprocess.hpp"

namespace lockstep::check {

std::string symbol_table_of(const std::string& path) {
  return output_of({"nm", "--defined-only", "-S", "-C", path});
}

std::optional<SymbolEntry> entry_of(const std::string& line) {
  std::istringstream words(line);
  SymbolEntry entry;
  if (!(words >> std::hex >> entry.begin >> entry.size >> entry.type)) return {};
  std::getline(words >> std::ws, entry.name);
  return entry;
}

std::string demangled(const std::string& name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 ? text.get() : name;
}

std::string without_nameless(std::string name) {
  constexpr std::string_view nameless = "(anonymous namespace)::";
  for (std::size_t at = 0; (at = name.find(nameless)) != std::string::npos;) {
    name.erase(at, nameless.size());
  }
  return name;
}

}  // namespace lockstep::check
