// checker/report/shell.hpp: a word as a shell reads it.
// Checked by: tests/report/test_name_test.cpp
#pragma once

#include <string>
#include <string_view>

namespace lockstep::check {

[[nodiscard]] inline std::string for_shell(std::string_view word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./,:@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + '\'';
}

}  // namespace lockstep::check
