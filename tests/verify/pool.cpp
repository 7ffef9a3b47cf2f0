#include "pool.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <system_error>
#include <vector>

namespace verify {

namespace {

using Clock = std::chrono::steady_clock;

struct Running {
  std::size_t task;
  pid_t process;
  int output;  // what the task returns comes from here
  Clock::time_point since;
  std::string text;
  bool hung = false;
};

[[noreturn]] void refuse(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

void write_all(int to, const std::string& text) {
  for (std::size_t written = 0; written < text.size();) {
    const ssize_t n = ::write(to, text.data() + written, text.size() - written);
    if (n < 0) ::_exit(1);
    written += static_cast<std::size_t>(n);
  }
}

[[noreturn]] void be_the_task(std::size_t task, int output,
                              const std::function<std::string(std::size_t)>& work) {
  try {
    write_all(output, work(task));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    ::_exit(1);
  }
  ::_exit(0);
}

Running begin(std::size_t task, const std::function<std::string(std::size_t)>& work) {
  int ends[2];
  if (::pipe(ends) != 0) refuse("pipe");
  const pid_t process = ::fork();
  if (process < 0) refuse("fork");
  if (process == 0) {
    ::close(ends[0]);
    be_the_task(task, ends[1], work);
  }
  ::close(ends[1]);
  return {task, process, ends[0], Clock::now(), {}};
}

/// Reads what is there. False: that was all.
bool read_from(Running& running) {
  char text[4096];
  const ssize_t n = ::read(running.output, text, sizeof text);
  if (n > 0) running.text.append(text, static_cast<std::size_t>(n));
  return n > 0 || (n < 0 && errno == EINTR);
}

Outcome end(const Running& running) {
  ::close(running.output);
  int status = 0;
  ::waitpid(running.process, &status, 0);
  const bool failed = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
  return {running.text, running.hung, failed && !running.hung,
          std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - running.since)};
}

/// Waits a moment. Of each: is there something to read, or nothing any more?
std::vector<pollfd> wait_for_any(const std::vector<Running>& all) {
  std::vector<pollfd> outputs;
  for (const Running& each : all) outputs.push_back({each.output, POLLIN, 0});
  if (::poll(outputs.data(), outputs.size(), 200) < 0) outputs.clear();  // interrupted
  return outputs;
}

void kill_if_late(Running& running, std::chrono::milliseconds patience) {
  if (running.hung || Clock::now() - running.since <= patience) return;
  running.hung = true;
  ::kill(running.process, SIGKILL);
}

}  // namespace

void run_in_processes(std::size_t tasks, unsigned jobs, std::chrono::milliseconds patience,
                      const std::function<std::string(std::size_t)>& work,
                      const std::function<void(std::size_t, const Outcome&)>& done,
                      const std::function<void()>& idle) {
  std::vector<Running> all;
  std::size_t next = 0;
  while (next < tasks || !all.empty()) {
    while (next < tasks && all.size() < std::max(jobs, 1U)) all.push_back(begin(next++, work));
    for (Running& each : all) kill_if_late(each, patience);
    for (const pollfd& output : wait_for_any(all)) {
      if (output.revents == 0) continue;
      const auto running = std::find_if(
          all.begin(), all.end(), [&](const Running& each) { return each.output == output.fd; });
      if (read_from(*running)) continue;
      done(running->task, end(*running));
      all.erase(running);
    }
    idle();
  }
}

}  // namespace verify
