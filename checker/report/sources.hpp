// checker/report/sources.hpp: the program's source, as much of it as a page needs.
// Checked by: tests/report/page_test.cpp
#pragma once

#include <string>
#include <vector>

#include "checker/report/finding.hpp"
#include "checker/report/spots.hpp"

namespace lockstep::check {

class Sources {
 public:
  explicit Sources(const Spots& spots) : spots_(spots) {}

  /// The calls that led to a place, as JSON: [[file, line, function, place], ...], the innermost first. A file is its
  /// number in json(), or -1 if it is not the program's.
  [[nodiscard]] std::string calls(const Backtrace& where);

  /// The files of all calls so far, with their lines from somewhat before the first of them to somewhat after the last.
  [[nodiscard]] std::string json() const;

 private:
  struct File {
    std::string name, path;
    int first, last;  // lines, from 1
  };

  [[nodiscard]] std::string call(const Spot& spot);
  [[nodiscard]] long number_of(const Spot& spot);

  const Spots& spots_;
  std::vector<File> files_;
};

}  // namespace lockstep::check
