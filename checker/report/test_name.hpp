// checker/report/test_name.hpp: which of GoogleTest's tests is it?
//
// The checker does not depend on GoogleTest, so what asks is the call stack: a test's body is Suite_Name_Test::TestBody().
// The symbol table knows it in full, debug information may not if it is in an unnamed namespace.
// Checked by: tests/report/test_name_test.cpp, tests/checker/drawings_test.cpp
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "checker/report/finding.hpp"

namespace lockstep::check {

/// "Suite_Name", of the innermost test among the calls of this process; nothing if there is none.
[[nodiscard]] std::string test_among(const Backtrace& calls);

/// The same of a file's symbols, as `nm -S -C` prints them, and of calls in its own addresses.
[[nodiscard]] std::string test_among(const std::string& symbols, const Backtrace& calls);

/// What one word of the command line asks GoogleTest to run, if that is one test: "Of/Suite.Name/3", else nothing.
[[nodiscard]] std::string test_asked_for(std::string_view word);

/// A shell command that runs a program again, with a word that makes GoogleTest run only that test if nothing did.
[[nodiscard]] std::string command_of(const std::vector<std::string>& words,
                                     const std::string& test);

}  // namespace lockstep::check
