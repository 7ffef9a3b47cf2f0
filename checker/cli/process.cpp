#include "checker/cli/process.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace lockstep::cli {
namespace {

volatile pid_t running = -1;  // for the signal handler

/// What the terminal sends, it sends to all; a second one would not be taken for the same.
void pass_on(int signal, siginfo_t* info, void*) {
  if (running > 0 && info->si_code <= 0) kill(running, signal);
}

/// While one exists, those signals are passed on.
class PassingOn {
 public:
  PassingOn() {
    struct sigaction action{};
    action.sa_sigaction = &pass_on;
    action.sa_flags = SA_SIGINFO;
    for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &action, &old_[i]);
  }
  ~PassingOn() {
    for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &old_[i], nullptr);
  }
  PassingOn(const PassingOn&) = delete;
  PassingOn& operator=(const PassingOn&) = delete;

 private:
  static constexpr std::array<int, 3> signals{SIGINT, SIGTERM, SIGHUP};
  std::array<struct sigaction, 3> old_{};
};

}  // namespace

int run(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const PassingOn passing_on;
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, arguments[0], nullptr, nullptr, arguments.data(), environ);
  if (error != 0) {
    std::fprintf(stderr, "lockstep: %s: %s\n", arguments[0], std::strerror(error));
    return -1;
  }
  running = pid;
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  running = -1;
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  std::fprintf(stderr, "lockstep: %s: ended by signal %d\n", arguments[0], WTERMSIG(status));
  return -1;
}

}  // namespace lockstep::cli
