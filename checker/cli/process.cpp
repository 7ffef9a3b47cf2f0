#include "checker/cli/process.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace lockstep::cli {
namespace {

// For the signal handler, and from it.
volatile pid_t running = -1;
volatile std::sig_atomic_t asked = 0;  // the last signal

/// What the terminal sends, it sends to all.
void pass_on(int signal, siginfo_t* info, void*) {
  asked = signal;
  if (running > 0 && info->si_code <= 0) kill(running, signal);
}

int say_why_not(const char* program, const char* why) {
  std::fprintf(stderr, "lockstep: %s: %s\n", program, why);
  return -1;
}

}  // namespace

PassingOn::PassingOn() {
  struct sigaction action{};
  action.sa_sigaction = &pass_on;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  for (std::size_t i = 0; i < signals.size(); ++i) {
    sigaction(signals[i], nullptr, &old_[i]);
    if (old_[i].sa_handler != SIG_IGN) sigaction(signals[i], &action, nullptr);
  }
}

PassingOn::~PassingOn() {
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &old_[i], nullptr);
}

int run(const std::vector<std::string>& words) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const char* const program = arguments[0];
  if (asked != 0) return say_why_not(program, "not started, for we were asked to end");
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, program, nullptr, nullptr, arguments.data(), environ);
  if (error != 0) return say_why_not(program, std::strerror(error));
  running = pid;
  if (asked != 0) kill(pid, asked);  // perhaps before the program was there; twice is no harm
  int status = 0;
  pid_t ended = -1;
  do {
    ended = waitpid(pid, &status, 0);
  } while (ended < 0 && errno == EINTR);
  running = -1;
  if (ended < 0) return say_why_not(program, std::strerror(errno));
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return say_why_not(program, ("ended by signal " + std::to_string(WTERMSIG(status))).c_str());
}

}  // namespace lockstep::cli
