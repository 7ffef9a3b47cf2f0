// checker/report/spots.hpp: places in the source, as a report shows them.
//
// Of a backtrace the innermost call is shown that is in the program's own source: not in a header of
// the system or the compiler, where most atomics are, nor in the checker's runtime. Files are called
// by their last component, or by as many as tell them apart.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "checker/report/finding.hpp"
#include "checker/report/symbols.hpp"

namespace lockstep::check {

struct Spot {
  std::string function;
  std::string place;  // "mp_test.cpp:14"; the function if no line is known
  std::string file;   // its path; nothing if it is not known
  int line = 0;
};

class Spots {
 public:
  explicit Spots(const Symbols& symbols);

  [[nodiscard]] Spot of(const Backtrace& backtrace) const;
  /// "mp_test.cpp:14".
  [[nodiscard]] std::string place(const Backtrace& backtrace) const;
  /// The calls in the program's own source that led to the one shown, at most `limit`.
  [[nodiscard]] std::vector<Spot> callers(const Backtrace& backtrace, std::size_t limit) const;
  /// The outermost call in the program's own source that is of a function with a name, and not of a lambda.
  [[nodiscard]] std::string outermost_named(const Backtrace& backtrace) const;
  /// What the program's own files are called, by their paths.
  [[nodiscard]] const std::map<std::string, std::string>& names() const noexcept { return names_; }

 private:
  void name_files();
  [[nodiscard]] std::vector<Frame> own_frames(const Backtrace& backtrace) const;
  [[nodiscard]] Frame frame_of(const Backtrace& backtrace) const;
  [[nodiscard]] std::string place_of(const Frame& frame) const;
  [[nodiscard]] Spot spot_of(const Frame& frame) const;

  const Symbols& symbols_;
  std::map<std::string, std::string> names_;  // by path
};

/// Is a file the program's own, rather than the system's, the compiler's or the checker's?
[[nodiscard]] bool is_own(std::string_view file) noexcept;

/// A line of a file, without the blanks around it. Nothing if it cannot be read.
[[nodiscard]] std::string source_line(const std::string& file, int line);

}  // namespace lockstep::check
