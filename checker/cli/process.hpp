// checker/cli/process.hpp: runs other programs.
#pragma once

#include <array>
#include <csignal>
#include <string>
#include <vector>

namespace lockstep::cli {

/// While one exists, whoever asks us to end (SIGINT, SIGTERM, SIGHUP) asks the program instead that run() runs, which then
/// starts no other. What was ignored before stays ignored, by those programs too. One at a time.
class PassingOn {
 public:
  PassingOn();
  ~PassingOn();
  PassingOn(const PassingOn&) = delete;
  PassingOn& operator=(const PassingOn&) = delete;

 private:
  static constexpr std::array<int, 3> signals{SIGINT, SIGTERM, SIGHUP};
  std::array<struct sigaction, 3> old_{};
};

/// Runs `words[0]`, looked for in PATH, with the other words as its arguments and with our input and
/// output, to its end. Returns its exit status, or says on stderr what became of it and returns -1. SIGCHLD must not be
/// ignored.
int run(const std::vector<std::string>& words);

}  // namespace lockstep::cli
