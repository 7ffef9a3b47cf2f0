// checker/cli/main.cpp: the program `lockstep`. Its one command so far is `check`.
//
// Exit status: 0 every execution was explored and none is wrong; 1 one is wrong; 2 it could not be told:
// the program does not compile, does what cannot be checked, or a bound was met.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "checker/cli/build.hpp"
#include "checker/cli/process.hpp"
#include "checker/cli/request.hpp"

namespace lockstep::cli {
namespace {

constexpr int could_not_tell = 2;

/// A folder that goes when this goes.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = std::filesystem::temp_directory_path() / "lockstep-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
      throw std::runtime_error("no folder can be made in " + name.substr(0, name.rfind('/')));
    }
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

int check(const std::vector<std::string>& words) {
  const Request request = request_of(words);
  const PassingOn passing_on;
  const TemporaryFolder folder;
  Build build(request, folder.path());
  if (!build.make()) {
    std::fprintf(stderr, "lockstep: not checked, because it was not built\n");
    return could_not_tell;
  }
  std::vector<std::string> command{build.program()};
  command.insert(command.end(), request.flags.begin(), request.flags.end());
  command.push_back("--repeat=" + repeating(request));
  command.push_back("--args");
  command.push_back(request.files.front());  // argv[0]
  command.insert(command.end(), request.arguments.begin(), request.arguments.end());
  const int status = run(command);
  return status < 0 ? could_not_tell : status;
}

void print_usage(std::FILE* out) {
  std::fprintf(
      out,
      "usage: lockstep check [options] FILE... [--args ARGUMENT...] [-- COMPILER FLAG...]\n"
      "Explores every execution of a C or C++ program that the memory model allows.\n\n%s\n"
      "Exit status: 0 none is wrong, 1 one is, 2 it could not be told.\n",
      help_of_flags().c_str());
}

int lockstep(std::vector<std::string> words) {
  if (words.size() == 1 && words.front() == "--help") {
    print_usage(stdout);
    return 0;
  }
  if (words.empty()) throw UsageError("the command is missing: check");
  if (words.front() != "check")
    throw UsageError("there is no command " + words.front() + ": it is check");
  words.erase(words.begin());
  if (words.size() == 1 && words.front() == "--help") {
    print_usage(stdout);
    return 0;
  }
  return check(words);
}

}  // namespace
}  // namespace lockstep::cli

int main(int argc, char** argv) {
  std::signal(SIGCHLD, SIG_DFL);  // if whoever started us ignores it, nobody's exit status is kept
  try {
    return lockstep::cli::lockstep({argv + 1, argv + argc});
  } catch (const lockstep::cli::UsageError& error) {
    std::fprintf(stderr, "lockstep: %s\n       lockstep --help shows how it is used\n",
                 error.what());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lockstep: %s\n", error.what());
  }
  return lockstep::cli::could_not_tell;
}
