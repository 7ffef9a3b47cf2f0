// checker/cli/progress.hpp: a line on stderr that says how far an exploration is.
//
// On a terminal one line, written over again and again, and gone in the end. Elsewhere, such as in a log, a line
// every few seconds.
#pragma once

#include <chrono>
#include <string>

#include "lockstep/check.hpp"

namespace lockstep::cli {

/// "lockstep: 12000 executions, 4000/s, about 24000 in all, 3 s left".
[[nodiscard]] std::string text_of(const check::Progress& progress);

class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// Between two lines, if nobody asks for another: what is good for what stderr is.
  [[nodiscard]] std::chrono::milliseconds interval() const noexcept;
  void show(const check::Progress& progress);

 private:
  const bool is_terminal_;
  bool is_shown_ = false;
};

}  // namespace lockstep::cli
