// checker/runtime/drawings.hpp: the files that a finding is drawn in, as the options and the environment ask.
//
// A drawing is made where what it shows is known, and written when it is certain that the exploration's result is that.
// Checked by: tests/checker/drawings_test.cpp
#pragma once

#include <string>
#include <vector>

#include "checker/report/finding.hpp"
#include "checker/report/symbols.hpp"

namespace lockstep::check {

class Drawings {
 public:
  explicit Drawings(const Options& options) : options_(options) {}

  /// `report` is of the finding, too. In place of what was drawn before. Called by the thread that called explore(), in that call.
  void draw(const Finding& finding, const Symbols& symbols, const std::string& report);

  void discard() noexcept { files_.clear(); }

  /// Writes the files, and says so in lines for Result::drawings.
  [[nodiscard]] std::string write();

 private:
  struct File {
    std::string path, what, text;
    std::string name{};  // in the folder `path`; nothing: it is no folder
  };

  void draw_pages(const Finding& finding, const Symbols& symbols, const std::string& report);

  const Options& options_;
  std::vector<File> files_;
};

}  // namespace lockstep::check
