#include "checker/cli/unseen.hpp"

#include <sstream>
#include <string_view>
#include <vector>

#include "checker/machine/atomic_instruction.hpp"
#include "checker/report/subprocess.hpp"
#include "lockstep_installation.hpp"

namespace lockstep::cli {
namespace {

/// The instruction on a line of a disassembly, which follows its address and a tab; or nothing.
std::string_view instruction_on(std::string_view line) {
  const std::size_t tab = line.find('\t');
  return tab == std::string_view::npos ? std::string_view() : line.substr(tab + 1);
}

/// A line such as "/usr/include/urcu/uatomic/x86.h:269" stands before the code that comes from there.
bool is_place(std::string_view line) { return line.starts_with('/'); }

std::string disassembly_of(const std::string& object, bool with_places) {
  std::vector<std::string> words{options::objdump, "--disassemble", "--no-show-raw-insn"};
  if (with_places) words.push_back("--line-numbers");
  words.push_back(object);
  return check::output_of(words);
}

/// Up to the first atomic instruction.
struct Found {
  std::string place;
  std::string instruction;
};
Found first_atomic_in(const std::string& disassembly, bool is_of_clang) {
  Found found;
  std::istringstream lines(disassembly);
  for (std::string line; std::getline(lines, line);) {
    if (is_place(line)) found.place = line;
    const std::string_view instruction = instruction_on(line);
    if (!check::is_atomic_instruction(instruction)) continue;
    if (is_of_clang && instruction.starts_with("lock cmpxchg16b")) continue;
    found.instruction = instruction;
    break;
  }
  return found;
}

}  // namespace

bool is_instrumented(const std::string& object) {
  const std::string symbols = check::output_of({options::objdump, "--syms", object});
  return symbols.empty() ||
         symbols.find("__tsan_init") != std::string::npos;  // from each file that is
}

std::string unseen_atomic_in(const std::string& object, bool is_of_clang) {
  if (first_atomic_in(disassembly_of(object, false), is_of_clang).instruction.empty()) return {};
  const Found found = first_atomic_in(disassembly_of(object, true), is_of_clang);  // much slower
  return (found.place.empty() ? object : found.place) + ": " + found.instruction;
}

}  // namespace lockstep::cli
