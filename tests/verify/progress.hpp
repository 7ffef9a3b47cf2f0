// tests/verify/progress.hpp: a line that says how far a long job has come, on standard error.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace verify {

/// "scenarios explored: 34 of 120, 3 min 10 s". On a terminal the line is written over, twice a second; else
/// a line comes every half minute.
class Progress {
 public:
  Progress(std::string what, std::size_t all);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  void step();  // one more is done
  void show();  // if it is time

 private:
  using Clock = std::chrono::steady_clock;
  void print();

  std::string what_;
  std::size_t all_;
  std::size_t done_ = 0;
  bool is_terminal_;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point shown_ = begun_;
};

}  // namespace verify
