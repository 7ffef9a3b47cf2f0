// terminated_process: a process can be ended from outside, wherever it is; a thread can only be asked to end.
//
// Prints, the numbers of the processes different,
//   I'm the main program, in process 100
//   I'm loopy, in process 101
// and for half a second, five times each, mixed by chance,
//   hi
//   <tab>Number 0 of 1000000. Honk!
// and then, with no further Honk,
//   loopy was ended by signal 15
// What the process has shared with others stays as it is at that moment: a file half written, a lock held. That is why
// there is no such call for a thread, which shares all it has (stopped_worker.cpp shows how to ask one).
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <iostream>
#include <string>
#include <thread>

using namespace std::chrono_literals;

/// Prints a line, all at once.
void say(const std::string& line) { std::cout << line + '\n' << std::flush; }

/// A pipe: main does not go on before loopy has said something.
int from_loopy[2];

[[noreturn]] void loopy() {
  say("I'm loopy, in process " + std::to_string(getpid()));
  if (write(from_loopy[1], "!", 1) != 1) _exit(1);
  for (int i = 0; i < 1'000'000; ++i) {
    say("\tNumber " + std::to_string(i) + " of 1000000. Honk!");
    std::this_thread::sleep_for(100ms);
  }
  _exit(0);
}

int main() {
  say("I'm the main program, in process " + std::to_string(getpid()));
  if (pipe(from_loopy) != 0) return 1;
  const pid_t child = fork();
  if (child < 0) return 1;
  if (child == 0) loopy();
  char something = 0;
  if (read(from_loopy[0], &something, 1) != 1) return 1;

  for (int i = 0; i < 5; ++i) {
    say("hi");
    std::this_thread::sleep_for(100ms);
  }
  kill(child, SIGTERM);
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFSIGNALED(status)) return 1;
  say("loopy was ended by signal " + std::to_string(WTERMSIG(status)));
}
