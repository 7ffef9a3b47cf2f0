// processes: functions that run in processes of their own, and so with memory of their own.
//
// Prints, the numbers of the processes all different, the four lines from "function 0" on in any order,
//   hello bob
//   Process 100 says: I'm the main program
//   Process 102 says: I'm function 0
//   ...
//   Process 105 says: I'm function 3
//   Calls that the main program has seen: 0
// In Python that is how to calculate on several cores. In C++ threads do; processes are for what may crash, or has
// to be killed. Lockstep's primitives do not work between them.
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

/// Prints a line, all at once.
void say(const std::string& line) { std::cout << line + '\n' << std::flush; }

/// Starts a process that calls `function`, and gives its number. The caller must have no other threads.
pid_t start(const std::function<void()>& function) {
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child > 0) return child;
  function();
  _exit(0);  // without what the main program has left to do
}

void join(pid_t child) {
  if (waitpid(child, nullptr, 0) != child) throw std::runtime_error("waitpid failed");
}

int calls = 0;

void who_am_i(const std::string& name) {
  say("Process " + std::to_string(getpid()) + " says: I'm " + name);
}

int main() {
  join(start([] { say("hello bob"); }));

  who_am_i("the main program");
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    children.push_back(start([i] {
      ++calls;  // of the child's own copy
      who_am_i("function " + std::to_string(i));
    }));
  }
  for (const pid_t child : children) join(child);
  say("Calls that the main program has seen: " + std::to_string(calls));
}
