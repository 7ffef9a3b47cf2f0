// tests/instructions/count.cpp: does a program take as many instructions as it did when that was recorded?
//
//   count [--record] FILE PROGRAM
//
// The program runs step by step (PTRACE_SINGLESTEP) wherever it asks to be counted (measured.hpp): only its first
// thread, only user mode. That is slow, exact, and the same each time: addresses are not randomized, there is no
// environment, and the C library is told to use no instructions that only some processors have, and to ask the kernel for
// the time. (Valgrind cannot run the checker, which sets its thread pointer; virtual machines often have no counters.)
//
// FILE has the compiler in its first line, and then a number and a name in each. A number that is exceeded by more
// than 2 in 100 is an error; one that is missed by more than 10 in 100 too, because a later loss up to there would
// go unnoticed. --record writes the file anew.
//
// Exit status 0: as recorded; 1: not; 2: nothing could be counted; 77: nothing can be said here (another compiler, no
// ptrace).
#include <elf.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr int cannot_say = 77;  // ctest's SKIP_RETURN_CODE
constexpr std::string_view compiler = "x86-64, g++ " __VERSION__;

struct Count {
  std::string name;
  std::uint64_t instructions = 0;
};
using Counts = std::vector<Count>;

// ---- Counting ---------------------------------------------------------------------------------

constexpr int not_traced = 126;  // the exit status of a child that may not be traced

struct NotAllowed : std::runtime_error {
  using runtime_error::runtime_error;
};

[[noreturn]] void become(const char* program, int out) {
  ::dup2(out, STDOUT_FILENO);
  if (::personality(ADDR_NO_RANDOMIZE) == -1 ||
      ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) {
    ::_exit(not_traced);
  }
  char name[] = "counted";
  char tunables[] =
      "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-ERMS,-FSRM,-RTM";
  char* arguments[] = {name, nullptr};
  char* environment[] = {tunables, nullptr};
  ::execve(program, arguments, environment);
  ::_exit(127);
}

/// A name from the pipe, which the program has just written there.
std::string read_line(int in) {
  std::string line;
  for (char letter = 0; ::read(in, &letter, 1) == 1 && letter != '\n';) line += letter;
  return line;
}

/// Runs the stopped `child` to its next stop by a signal. Returns that, or 0 if it has ended well.
int go_on(pid_t child, int request) {
  ::ptrace(static_cast<__ptrace_request>(request), child, nullptr, nullptr);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFSTOPPED(status)) return WSTOPSIG(status);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
  throw std::runtime_error("the program failed");
}

std::uint64_t steps_to_next_stop(pid_t child) {
  for (std::uint64_t steps = 0;; ++steps) {
    const int signal = go_on(child, PTRACE_SINGLESTEP);
    if (signal == SIGSTOP) return steps;
    if (signal != SIGTRAP) throw std::runtime_error("it was interrupted by a signal");
  }
}

/// Lets the `child`, which is about to begin, not see the code that the kernel brings for telling the time (the vDSO):
/// that begins again when the kernel has just changed what it reads, which step by step is often, and by chance.
void hide_vdso(pid_t child) {
  user_regs_struct registers{};
  ::ptrace(PTRACE_GETREGS, child, nullptr, &registers);
  auto address =
      registers
          .rsp;  // of the number of arguments, these, 0, the environment, 0, and pairs, till AT_NULL
  const auto next = [&] {
    return ::ptrace(PTRACE_PEEKDATA, child, std::exchange(address, address + 8), nullptr);
  };
  for (int zeros = 0; zeros < 2;) zeros += next() == 0 ? 1 : 0;
  for (long kind = next(); kind != AT_NULL; kind = next()) {
    if (kind == AT_SYSINFO_EHDR) ::ptrace(PTRACE_POKEDATA, child, address - 8, AT_IGNORE);
    next();
  }
}

Counts count(const char* program) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = ::fork();
  if (child == 0) become(program, ends[1]);
  int status = 0;
  ::waitpid(child, &status, 0);  // until it is about to begin
  if (WIFEXITED(status) && WEXITSTATUS(status) == not_traced)
    throw NotAllowed("no program can be traced here");
  if (!WIFSTOPPED(status)) throw std::runtime_error("it cannot be started");
  ::ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_EXITKILL);
  hide_vdso(child);
  Counts counts;
  while (go_on(child, PTRACE_CONT) == SIGSTOP) {
    std::string name = read_line(ends[0]);
    counts.push_back({std::move(name), steps_to_next_stop(child)});
  }
  return counts;
}

// ---- Comparing --------------------------------------------------------------------------------

Counts read(std::istream& file) {
  Counts counts;
  for (Count count; file >> count.instructions && std::getline(file >> std::ws, count.name);) {
    counts.push_back(count);
  }
  return counts;
}

void write(const char* path, const Counts& counts) {
  std::ofstream file(path);
  file << compiler << '\n';
  for (const Count& each : counts) file << each.instructions << ' ' << each.name << '\n';
  if (!file.flush()) throw std::runtime_error(std::string("cannot write ") + path);
}

/// Says what differs by too much. False: something does.
bool compare(const Counts& recorded, const Counts& counted) {
  bool is_same = recorded.size() == counted.size();
  if (!is_same)
    std::cout << "recorded are " << recorded.size() << ", counted " << counted.size() << '\n';
  for (std::size_t i = 0; i < counted.size(); ++i) {
    const std::uint64_t now = counted[i].instructions;
    const std::uint64_t then =
        i < recorded.size() && recorded[i].name == counted[i].name ? recorded[i].instructions : 0;
    const char* const wrong = then == 0                ? "not recorded"
                              : now * 100 > then * 102 ? "MORE than recorded"
                              : now * 100 < then * 90  ? "fewer than recorded"
                                                       : "";
    is_same = is_same && *wrong == 0;
    std::cout << counted[i].name << ": " << now << ", recorded " << then << "   " << wrong << '\n';
  }
  return is_same;
}

int run(bool to_record, const char* path, const char* program) {
  std::ifstream file(path);
  std::string recorded_with;
  std::getline(file, recorded_with);
  if (!to_record && recorded_with != compiler) {
    std::cout << path << " was recorded with " << recorded_with << ", and this is " << compiler
              << '\n';
    return cannot_say;
  }
  const Counts counted = count(program);
  if (counted.empty()) throw std::runtime_error("nothing was to be counted");
  if (to_record) {
    write(path, counted);
    return 0;
  }
  if (compare(read(file), counted)) return 0;
  std::cout << "If that is as it should be, record it: cmake --build --preset dev --target "
               "record_instructions\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const bool to_record = argc == 4 && std::strcmp(argv[1], "--record") == 0;
  if (argc != 3 && !to_record) {
    std::cerr << "usage: count [--record] FILE PROGRAM\n";
    return 2;
  }
  try {
    return run(to_record, argv[argc - 2], argv[argc - 1]);
  } catch (const NotAllowed& error) {
    std::cout << "count: " << error.what() << '\n';
    return cannot_say;
  } catch (const std::exception& error) {
    std::cerr << "count: " << argv[argc - 1] << ": " << error.what() << '\n';
    return 2;
  }
}
