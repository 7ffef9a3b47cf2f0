// checker/report/symbol_table.hpp: the symbol table of a file, as nm prints it, and the names in it.
// Checked by: tests/report/symbols_test.cpp, tests/report/test_name_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace lockstep::check {

/// A function or a variable, at an address of the file's own.
struct SymbolEntry {
  std::uintptr_t begin = 0, size = 0;
  char type = 0;  // nm's letter
  std::string name;
};

/// What `nm -S -C` prints of a file: a line for each entry.
[[nodiscard]] std::string symbol_table_of(const std::string& path);

/// What a line of that says; nothing if it is of something without a size.
[[nodiscard]] std::optional<SymbolEntry> entry_of(const std::string& line);

/// As the source has it; the name itself if it is not mangled.
[[nodiscard]] std::string demangled(const std::string& name);

/// "a::b" of "a::(anonymous namespace)::b".
[[nodiscard]] std::string without_nameless(std::string name);

}  // namespace lockstep::check
