// checker/cli/build.hpp: from source files to a program that explores their main().
//
// Each file is compiled with the instrumentation that CMake gives whoever links with lockstep::checker.
// Its main is renamed in the object file, so that its source is compiled as it is, and the runner's takes its
// place. The probe, which explore() looks for, is compiled with the same flags: if these switch the
// instrumentation off, the program is refused instead of passed.
#pragma once

#include <filesystem>
#include <string>

#include "checker/cli/request.hpp"

namespace lockstep::cli {

class Build {
 public:
  /// What is made goes into `folder`.
  Build(const Request& request, std::filesystem::path folder);

  /// False: the compiler, or whatever failed, has said why. Throws std::runtime_error if what was made does something
  /// that nobody would see.
  [[nodiscard]] bool make();
  [[nodiscard]] std::string program() const { return in_folder("program"); }

 private:
  [[nodiscard]] bool compile(const std::string& file, const std::string& object) const;
  [[nodiscard]] bool link() const;
  [[nodiscard]] std::string in_folder(const std::string& name) const { return folder_ / name; }

  const Request& request_;
  const std::filesystem::path folder_;
  std::vector<std::string> objects_;
};

}  // namespace lockstep::cli
