#include "checker/cli/installation.hpp"

#include <filesystem>
#include <system_error>

#include "lockstep_installation.hpp"

namespace lockstep::cli {
namespace {

namespace fs = std::filesystem;

Installation below(const fs::path& prefix) {
  const fs::path libraries = prefix / installed::library_folder;
  const fs::path parts = libraries / "lockstep";
  return {prefix / installed::include_folder, parts / "include", parts / "probe.c",
          parts / "lockstep_runner.o", libraries / fs::path(built::checker).filename()};
}

/// In the build tree, which may be below a prefix that another one is installed in; or installed in bin/, or wherever a package
/// manager keeps the programs of its packages.
Installation found() {
  const Installation in_build_tree{built::include_folder, built::library_headers,
                                   built::probe_source, built::runner, built::checker};
  std::error_code unknown;
  const fs::path executable = fs::read_symlink("/proc/self/exe", unknown);
  if (fs::equivalent(executable, built::executable, unknown)) return in_build_tree;
  for (fs::path folder = executable.parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    Installation candidate = below(folder);
    if (fs::exists(candidate.runner)) return candidate;
  }
  return in_build_tree;
}

}  // namespace

const Installation& installation() {
  static const Installation where = found();
  return where;
}

}  // namespace lockstep::cli
